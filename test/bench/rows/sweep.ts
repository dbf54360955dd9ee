import { parseGrid, type Grid } from '../../../adapters/requests/grid-file.js';
import { DEFAULT_VENUE } from '../../../core/desk/settings.js';
import type { RunSettings } from '../../../core/engine/inputs.js';
import { sweep } from '../../../replay/sweep/sweep.js';
import { bareLoop } from '../bare-loop.js';
import { inChild } from '../child.js';
import { hourSession } from '../hour-session.js';
import { collectorFile, sessionOf } from '../inputs.js';
import { openSession } from '../../../adapters/recordings/session/session.js';
import { profiled, profileText } from '../profile.js';
import { inTurns, ratioOf, type Pair } from '../rounds.js';
import type { DeskKind } from '../sweep-desks.js';
import { sweepOnce, sweptSession, type SweepSum } from '../sweep-once.js';
import { millions, ratioRow } from '../table.js';
import type { MeasureRow, RowOptions } from './row.js';

interface Market {
  readonly path: string;
  readonly name: string;
}

/** An hour of the sample market with ten million level changes. */
async function hour({ folder, quick }: RowOptions): Promise<Market> {
  const { path, messages, levelChanges } = await hourSession(folder, quick ? 1e6 : 10e6);
  return {
    path,
    name: `an hour of the sample market: ${millions(levelChanges)} level changes in ${millions(messages)} messages`,
  };
}

/** The recording that the other rows stand on. */
async function recording({ folder }: RowOptions): Promise<Market> {
  const file = await collectorFile(folder);
  return { path: await sessionOf(file, folder), name: file.name };
}

export const sweepTakers = desksRow(hour, 'taker', 1_000, 1, 4);
export const sweepMakers = desksRow(hour, 'maker', 1_000, 1, 100);
export const sweepRealTakers = desksRow(recording, 'taker', 1_000, 1, 4);
export const sweepRealMakers = desksRow(recording, 'maker', 1_000, 1, 100);
export const sweepMany = memoryRow(hour);
export const sweepRealMany = memoryRow(recording);
export const sweepOne = oneRow(hour);
export const sweepRealOne = oneRow(recording);

type MarketOf = (options: RowOptions) => Promise<Market>;

/** So many desks against fewer, in turns in one process. */
function desksRow(marketOf: MarketOf, kind: DeskKind, count: number, against: number, limit: number): MeasureRow {
  return async (options) => {
    const { path, name } = await marketOf(options);
    const session = await sweptSession(path);
    let sum: SweepSum | undefined;
    const ours = async (): Promise<void> => {
      sum = await sweepOnce(session, kind, count);
      if (sum.results !== count || sum.fills < count) throw new Error(`the bench's desks idle: ${JSON.stringify(sum)}`);
    };
    const rounds = kind === 'maker' || options.quick ? 1 : 5;
    const ratio = await inTurns(ours, () => sweepOnce(session, kind, against), rounds, kind === 'maker' ? 0 : 1);
    if (options.profile) console.error(profileText(await profiled(ours)));
    const { outcomes, fills, measured } = sum!;
    return ratioRow(
      {
        what: `sweep: ${count} ${kind} desks of 60 slices`,
        against: `${against} such desk${against === 1 ? '' : 's'}`,
        notes: [`${name}; ${outcomes} outcomes, ${fills} fills, the costs of ${measured} desks`],
      },
      ratio,
      limit,
    );
  };
}

const MOST_MEMORY_KIB = 1e9 / 1024;

/** Ten thousand desks against a thousand, each in a process of its own, whose peak memory counts too. */
function memoryRow(marketOf: MarketOf): MeasureRow {
  return async (options) => {
    const { path, name } = await marketOf(options);
    const pairs: Pair[] = [];
    let peakKiB = 0;
    for (let round = 0; round < (options.quick ? 1 : 3); round++) {
      const few = await inChild<Once>('children/sweep-once', [path, 'taker', '1000']);
      const many = await inChild<Once>('children/sweep-once', [path, 'taker', '10000']);
      pairs.push([many.ms, few.ms]);
      if (many.peakKiB > peakKiB) peakKiB = many.peakKiB;
    }
    const row = ratioRow(
      {
        what: 'sweep: 10000 taker desks of 60 slices, under 1 GB',
        against: '1000 such desks',
        notes: [`${name}; processes of their own, peak resident memory ${Math.round((peakKiB * 1024) / 1e6)} MB`],
      },
      ratioOf(pairs),
      10,
    );
    return { ...row, holds: row.holds && peakKiB < MOST_MEMORY_KIB };
  };
}

interface Once {
  readonly ms: number;
  readonly peakKiB: number;
}

/** Two sessions, a thread each, against one thread for both. */
export const sweepWorkers: MeasureRow = async (options) => {
  const sessions: string[] = [];
  let changes = 0;
  for (const seed of [1, 2]) {
    const { path, levelChanges } = await hourSession(options.folder, options.quick ? 1e6 : 10e6, seed);
    sessions.push(path);
    changes += levelChanges;
  }
  const grid: Grid = parseGrid(
    JSON.stringify({
      order: { instrument: 'BTC-USD@sample', side: 'buy', quantity: '1', duration: '5m' },
      vary: { slices: [30, 60], aggressionFloor: ['0', '20'] },
      starts: { every: options.quick ? '5m' : '30s' },
      venue: { assume: ['expected'] },
    }),
    'the grid of the bench',
  );
  const settings = (): RunSettings => ({ venue: DEFAULT_VENUE, seed: 1 });
  const swept = async (workers: number): Promise<void> => {
    await sweep({ sessions, grid, settings, workers });
  };
  const ratio = await inTurns(
    () => swept(2),
    () => swept(1),
    options.quick ? 1 : 3,
    0,
  );
  return ratioRow(
    {
      what: 'sweep: two workers, on two sessions',
      against: 'one worker',
      notes: [`two hours of the sample market, ${millions(changes)} level changes; threads are started each time`],
    },
    ratio,
    0.6,
  );
};

/** One desk against reading the same columns into the same book. */
function oneRow(marketOf: MarketOf): MeasureRow {
  return async (options) => {
    const { path, name } = await marketOf(options);
    const session = await sweptSession(path);
    const bare = await openSession(path, { verify: false });
    const ours = (): Promise<unknown> => sweepOnce(session, 'taker', 1);
    const ratio = await inTurns(ours, () => bareLoop(bare), options.quick ? 3 : 11);
    if (options.profile) console.error(profileText(await profiled(ours)));
    return ratioRow(
      { what: 'sweep: one taker desk of 60 slices', against: 'the bare loop over the same columns', notes: [name] },
      ratio,
      1.5,
    );
  };
}
