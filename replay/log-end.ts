import { RUNS } from '../adapters/log/streams.js';
import type { EventLog, LogEvent } from '../core/ports.js';
import type { EpochMicros } from '../core/time.js';

/** The last event of a stream; undefined where there is none. */
export async function lastEvent(log: EventLog, stream: string): Promise<LogEvent | undefined> {
  const revision = await log.lastRevision(stream);
  if (revision === undefined) return undefined;
  for await (const page of log.readStream(stream, { from: revision, limit: 1 })) return page[0]?.event;
  return undefined;
}

/** The last of the runs and the last of the ticks, as far as there are any: at most a second of inputs stands behind them. */
async function lastSigns(log: EventLog, name: string): Promise<LogEvent[]> {
  const streams = [name + RUNS];
  let ticks: string | undefined;
  for await (const { stream } of log.rolls(`${name}clock-`)) ticks = stream;
  if (ticks !== undefined) streams.push(ticks);
  const signs: LogEvent[] = [];
  for (const stream of streams) {
    const event = await lastEvent(log, stream);
    if (event !== undefined) signs.push(event);
  }
  return signs;
}

/** The greatest instant that a log has ticked to, 0 for a new one: the engine's clock stands there or a little later. */
export async function lastInstant(log: EventLog, name: string): Promise<EpochMicros> {
  return (await lastSigns(log, name)).reduce((last, { at }) => (at > last ? at : last), 0);
}

/** The greatest seq that these tell, 0 for a new log. */
export async function lastTold(log: EventLog, name: string): Promise<number> {
  const told = ({ seq, data }: LogEvent): number => seq ?? (data as { readonly seq: number }).seq;
  return (await lastSigns(log, name)).reduce((last, event) => Math.max(last, told(event)), 0);
}
