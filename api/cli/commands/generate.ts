import { createSession } from '../../../adapters/recordings/session/writer.js';
import { generateSample } from '../../../adapters/venues/sample/generate.js';
import { SAMPLE_INSTRUMENTS } from '../../../adapters/venues/sample/instruments.js';
import { ColumnEncoder } from '../../../core/market/column-codec.js';
import { ENGINE_VERSION } from '../../../core/version.js';
import { CheckFailed, WrongRequest } from '../failures.js';
import type { Terminal } from '../terminal.js';
import { duration, moment } from '../times.js';

export interface GenerateFlags {
  readonly seed: number;
  readonly duration: string;
  readonly start: string;
  readonly instrument: readonly string[];
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Messages that are encoded into one batch. */
const BATCH = 2_000;

/** `reprise generate`: a session of the sample market, the same bytes for the same seed. */
export async function generate(flags: GenerateFlags, terminal: Terminal): Promise<void> {
  const start = moment(flags.start, '--start');
  if (!('at' in start))
    throw new WrongRequest(`--start: ${flags.start} is a seq; write an instant such as 2024-01-01T00:00:00Z`);
  const known = SAMPLE_INSTRUMENTS.map(({ definition }) => definition);
  const wanted = flags.instrument.length === 0 ? known.map(({ instrument }) => instrument) : flags.instrument;
  const strange = wanted.find((name) => !known.some(({ instrument }) => instrument === name));
  if (strange !== undefined)
    throw new WrongRequest(
      `--instrument: ${strange} is unknown; the sample market has ${known.map(({ instrument }) => instrument).join(', ')}`,
    );
  const span = duration(flags.duration, '--duration');
  const writer = await createSession(flags.out, { force: flags.force === true });
  try {
    const encoder = new ColumnEncoder();
    let seq = 0;
    for (const event of generateSample({ seed: flags.seed, from: start.at, duration: span, instruments: wanted })) {
      encoder.add(++seq, event);
      if (encoder.length < BATCH) continue;
      await writer.writeMarket(encoder.take());
      terminal.progress(`${seq} messages`);
      if (terminal.signal.aborted) throw new CheckFailed('generate was interrupted; nothing was kept');
    }
    await writer.writeMarket(encoder.take());
    const { counts, contentHash, from, to } = await writer.close({
      engineVersion: ENGINE_VERSION,
      name: `sample-${flags.seed}`,
      from: start.at,
      to: start.at + span,
      seed: flags.seed,
    });
    if (flags.json === true) terminal.out(JSON.stringify({ out: flags.out, from, to, ...counts, contentHash }));
    else terminal.out(`${flags.out}: ${counts.messages} messages of ${wanted.join(', ')} from ${from} to ${to}`);
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
