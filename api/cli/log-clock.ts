import type { EventLog } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';

/** The greatest instant that a log has ticked to, 0 for a new one: the engine's clock stands there or a little later. */
export async function lastInstant(log: EventLog, name: string): Promise<EpochMicros> {
  let last = 0;
  let ticks: string | undefined;
  for await (const { stream } of log.rolls(`${name}clock-`)) ticks = stream;
  for (const stream of [`${name}runs`, ...(ticks === undefined ? [] : [ticks])]) {
    const revision = await log.lastRevision(stream);
    if (revision === undefined) continue;
    for await (const page of log.readStream(stream, { from: revision }))
      for (const { event } of page) if (event.at > last) last = event.at;
  }
  return last;
}
