import { systemClock } from '../../../adapters/clock/system-clock.js';
import { record, type RecordedSession, type RecordingEnd } from '../../../adapters/recordings/recorder/record.js';
import { recoverCommand } from '../../../adapters/recordings/session/unfinished.js';
import { ENGINE_VERSION } from '../../../core/version.js';
import { MarketRefused, readMarketSpec, type MarketSpec } from '../../live/market-specs.js';
import { recordedMarkets } from '../../live/recorded.js';
import { WorldFailed, WrongRequest } from '../failures.js';
import { askedSettings, readJsonFile } from '../settings.js';
import { shownSize, size } from '../sizes.js';
import type { Terminal } from '../terminal.js';
import { duration } from '../times.js';

export interface RecordFlags {
  readonly market: readonly string[];
  readonly out: string;
  readonly duration?: string;
  readonly rotate?: string;
  readonly rotateSize?: string;
  readonly maxSilence?: string;
  readonly rules?: string;
  readonly seed: number;
  readonly config?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `reprise record`: live feeds into a captured session, until Ctrl-C or for a time. */
export async function recordMarkets(flags: RecordFlags, terminal: Terminal): Promise<void> {
  if (flags.market.length === 0)
    throw new WrongRequest('--market: no market was named; write --market sample, or a venue and its symbol');
  const specs = flags.market.map(marketSpec);
  const rules = flags.rules === undefined ? undefined : await readJsonFile(flags.rules);
  const { venues: endpoints } = await askedSettings(flags.config === undefined ? {} : { config: flags.config });
  const { signal } = terminal;
  const network = {
    endpoints,
    tell: (line: string) => terminal.say(line),
    signal,
    ...(flags.maxSilence === undefined ? {} : { maxSilence: duration(flags.maxSilence, '--max-silence') }),
  };
  const { clock, open } = await refused(recordedMarkets(specs, flags.seed, network));
  const recording = record({
    out: flags.out,
    engineVersion: ENGINE_VERSION,
    clock,
    hostClock: systemClock(),
    open,
    signal,
    force: flags.force === true,
    ...(flags.duration === undefined ? {} : { duration: duration(flags.duration, '--duration') }),
    ...(flags.rotate === undefined ? {} : { rotateAfter: duration(flags.rotate, '--rotate') }),
    ...(flags.rotateSize === undefined ? {} : { rotateBytes: size(flags.rotateSize, '--rotate-size') }),
    ...(rules === undefined ? {} : { rules }),
    onFlush: ({ messages, bytes, out }) => terminal.progress(`${out}: ${messages} messages, ${shownSize(bytes)}`),
    onLeft: ({ folder, target }) => terminal.say(`reprise: ${recoverCommand(folder, target)}`),
  });
  const { sessions, end } = await refused(recording);
  if (flags.json === true) terminal.out(JSON.stringify({ end, sessions: sessions.map(shown) }));
  else for (const each of sessions) terminal.out(sentence(each));
  if (end === 'disk_full')
    throw new WorldFailed(
      `the disk is full, and the recording ended at ${sessions.at(-1)!.session.to}; what came before is kept: make room, or name an --out on another disk`,
    );
  if (end !== 'duration') terminal.say(ENDS[end]);
}

const ENDS: Readonly<Record<Exclude<RecordingEnd, 'duration' | 'disk_full'>, string>> = {
  stopped: 'stopped; all that was received until then is kept',
  feeds_ended: 'the market has nothing more to say',
};

function shown({ out, session }: RecordedSession): object {
  const { from, to, counts, gaps, contentHash, instruments, raw = [] } = session;
  return { out, from, to, ...counts, gaps, contentHash, instruments: instruments.map((one) => one.instrument), raw };
}

function sentence({ out, session: { counts, instruments, from, to, gaps, raw = [] } }: RecordedSession): string {
  const names = instruments.map(({ instrument }) => instrument).join(', ');
  const frames = raw.map(({ file, lines }) => `, ${lines} lines in ${file}`).join('');
  return `${out}: ${counts.messages} messages of ${names} from ${from} to ${to}, ${gaps} gaps${frames}`;
}

function marketSpec(text: string): MarketSpec {
  try {
    return readMarketSpec(text);
  } catch (error) {
    throw error instanceof MarketRefused ? new WrongRequest(error.message, { cause: error }) : error;
  }
}

async function refused<T>(market: Promise<T>): Promise<T> {
  try {
    return await market;
  } catch (error) {
    throw error instanceof MarketRefused ? new WrongRequest(error.message, { cause: error }) : error;
  }
}
