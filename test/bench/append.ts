import { open, type Database } from 'lmdb';
import { openEmbeddedLog } from '../../adapters/log/embedded/open.js';
import type { LogEvent } from '../../core/ports.js';
import { logFolder } from '../support/log-folder.js';

const EVENTS = 200;
const BYTES = 256;
const ROUNDS = 500;
const WARM_UP = 50;

export interface AppendFigures {
  readonly name: string;
  readonly against: string;
  /** Time of ours over time of theirs, all rounds of one run. */
  readonly ratio: number;
  readonly limit: number;
  /** Milliseconds a batch until it is acknowledged. */
  readonly ours: Spread;
  readonly theirs: Spread;
}

export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

/**
 * Appends events of 256 bytes in batches of 200, each acknowledged before the next, and in turns with it puts the same
 * bytes in the same batches into a bare LMDB that waits for the disk as ours does.
 */
export async function benchAppend(): Promise<AppendFigures> {
  const folders = [logFolder(), logFolder()] as const;
  const log = await openEmbeddedLog(folders[0].path);
  const bare = open<Buffer, number>(folders[1].path, { encoding: 'binary', overlappingSync: false, noSubdir: false });
  const ours: number[] = [];
  const theirs: number[] = [];
  try {
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      const events = eventsOf(EVENTS * (round + WARM_UP));
      const texts = events.map((event) => Buffer.from(JSON.stringify(event)));
      const put = (): Promise<unknown> => putAll(bare, events[0]!.seq!, texts);
      const append = (): Promise<unknown> => log.append([{ stream: STREAM, expected: 'any', events }]);
      // in turns, and each first as often as the other
      const order = round % 2 === 0 ? ([append, put] as const) : ([put, append] as const);
      const took = [await timed(order[0]), await timed(order[1])] as const;
      if (round < 0) continue;
      ours.push(took[round % 2]!);
      theirs.push(took[1 - (round % 2)]!);
    }
  } finally {
    await log.close();
    await bare.close();
    for (const folder of folders) folder.remove();
  }
  return {
    name: `append of ${BYTES}-byte events in batches of ${EVENTS}, acknowledged`,
    against: 'bare lmdb puts of the same bytes in the same batches',
    ratio: sum(ours) / sum(theirs),
    limit: 2,
    ours: spreadOf(ours),
    theirs: spreadOf(theirs),
  };
}

const STREAM = 'reprise.market-BTC-USDT@sample-2024080823';

function eventsOf(first: number): readonly LogEvent[] {
  return Array.from({ length: EVENTS }, (_, i) => {
    const seq = first + i + 1;
    const at = 1_723_161_313_000_000 + seq;
    const bids = [['61234.50', '0.123']] as const;
    const data = { instrument: 'BTC-USDT@sample', venueAt: at, venueSeq: seq, bids, asks: bids, pad: '' };
    const event = { type: 'BookDelta', version: 1, at, seq, data };
    return { ...event, data: { ...data, pad: 'x'.repeat(BYTES - JSON.stringify(event).length) } };
  });
}

async function putAll(bare: Database<Buffer, number>, first: number, texts: readonly Buffer[]): Promise<void> {
  let last: Promise<boolean> | undefined;
  for (const [i, text] of texts.entries()) last = bare.put(first + i, text);
  await last;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function spreadOf(numbers: readonly number[]): Spread {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { p50: at(0.5), p99: at(0.99), worst: at(1) };
}
