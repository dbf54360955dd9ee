import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { csvRows } from '../../adapters/results/csv.js';
import { uniform } from '../../core/draws.js';
import { ENGINE_VERSION } from '../../core/version.js';
import { alone } from './alone.js';
import { backtestOver, type BacktestOptions } from './backtest.js';
import { COLUMNS } from './columns.js';
import type { DeskPlan, DeskResult } from './desks.js';
import { FILES } from './folder.js';
import { passOver } from './pass.js';
import { desksOf } from './plan.js';
import { planSweep, type SweepPlan } from './planning.js';
import { SweepRefused } from './refused.js';
import { orderOfResults } from './results.js';
import { rowOf } from './row.js';
import { readRun, type StoredRun, type SweepTerms } from './run-file.js';
import { openEntrants, swept, type Entrant } from './sessions.js';
import { originOf } from './work.js';

/** What a second look at results found. */
export interface VerifiedResults {
  readonly same: boolean;
  /** Desks that were run again, out of all. */
  readonly desks: number;
  readonly of: number;
  readonly outcomes: number;
  /** The first one, by its row from 0; -1 for a file as a whole. */
  readonly difference: {
    readonly index: number;
    readonly stream: string;
    readonly stored: string | null;
    readonly fresh: string | null;
  } | null;
  readonly notes: readonly string[];
}

export interface VerifyOptions {
  /** How many desks of a sweep are run again; all orders of a backtest are. */
  readonly sample?: number;
  /** Draws them. */
  readonly seed?: number;
}

/**
 * Runs a random sample of a sweep's desks again, over one pass and each by a replay of its own, and compares rows, outcomes
 * and the hashes of the files.
 *
 * @throws {SweepRefused} when the folder is no whole run, or its sessions are not where they were
 */
export async function verifyResults(folder: string, options: VerifyOptions = {}): Promise<VerifiedResults> {
  const run = await readRun(folder);
  const of = run.counts['desks'] ?? 0;
  if (run.engineVersion !== ENGINE_VERSION)
    return {
      same: true,
      desks: 0,
      of,
      outcomes: 0,
      difference: null,
      notes: [`made by ${run.engineVersion}, run by ${ENGINE_VERSION}: not compared`],
    };
  const changed = await changedFile(folder, run);
  const again = run.kind === 'sweep' ? await sweptAgain(folder, run, options) : await testedAgain(folder, run);
  const difference = again.difference ?? changed ?? null;
  return { same: difference === null, of, notes: [], ...again, difference };
}

type Difference = VerifiedResults['difference'];
type Again = Pick<VerifiedResults, 'desks' | 'outcomes' | 'difference'>;

async function changedFile(folder: string, run: StoredRun): Promise<Difference> {
  for (const [name, stored] of Object.entries(run.files)) {
    const fresh = await hashOf(join(folder, name));
    if (fresh !== stored) return { index: -1, stream: name, stored, fresh };
  }
  return null;
}

async function hashOf(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return hash.digest('hex');
}

async function sweptAgain(folder: string, run: StoredRun, options: VerifyOptions): Promise<Again> {
  const entrants = await entrantsOf(folder, run);
  const { grid, venue, seed, seeds, cut } = run as unknown as SweepTerms;
  const plan = await planSweep(entrants, {
    ...{ grid, venue, seed, seeds, cut },
    settings: (entrant) =>
      run.sessions.find(({ contentHash }) => contentHash === entrant.session.meta.contentHash)!.settings,
  });
  if (plan.desks !== run.counts['desks'])
    return {
      ...{ desks: 0, outcomes: 0 },
      difference: {
        index: -1,
        stream: FILES.run,
        stored: `${run.counts['desks']} desks`,
        fresh: `${plan.desks} desks`,
      },
    };
  const rows = sampledRows(plan.desks, options);
  const stored = await csvLines(join(folder, FILES.csv), rows);
  let outcomes = 0;
  for (const { session, desks } of placesOf(plan, rows)) {
    const work = plan.work[session]!;
    const walked = swept(entrants[session]!);
    const inPass = { settings: () => work.settings, hashes: true };
    const plans = new Map(
      [
        ...desksOf(
          work.plan,
          [...desks.values()].sort((a, b) => a - b),
        ),
      ].map((each) => [each.desk, each]),
    );
    const results = new Map<number, DeskResult>();
    for await (const some of passOver(walked, plans.values(), inPass))
      for (const result of some) results.set(result.desk, result);
    for (const [index, desk] of desks) {
      const desksPlan: DeskPlan = plans.get(desk)!;
      const result = results.get(desk)!;
      outcomes += result.outcomes;
      const fresh = csvRows(COLUMNS, [rowOf(desksPlan, result, originOf(work, desk))]).trimEnd();
      const difference = { index, stream: FILES.csv, stored: stored.get(index) ?? null, fresh };
      if (difference.stored !== fresh) return { desks: rows.length, outcomes, difference };
      const single = await alone(walked, desksPlan, inPass);
      if (single.outcomesHash === result.outcomesHash) continue;
      const stream = `outcomes of ${desksPlan.orderId}`;
      return {
        desks: rows.length,
        outcomes,
        difference: { index, stream, stored: result.outcomesHash, fresh: single.outcomesHash },
      };
    }
  }
  return { desks: rows.length, outcomes, difference: null };
}

async function entrantsOf(folder: string, run: StoredRun): Promise<Entrant[]> {
  const paths = (part: string): string[] =>
    run.sessions.filter((session) => session.part === part).map(({ path }) => resolve(folder, path));
  const entrants = await openEntrants(paths(run.kind === 'sweep' ? 'train' : ''), paths('test'));
  for (const { name, contentHash } of run.sessions)
    if (!entrants.some(({ session }) => session.meta.contentHash === contentHash))
      throw new SweepRefused(
        `session ${name} is another one than at the time of ${folder} (content hash ${contentHash}); put the old one back`,
      );
  return entrants;
}

/** Ordinals of rows, ascending, no two alike. */
function sampledRows(desks: number, { sample = 20, seed = 1 }: VerifyOptions): number[] {
  if (sample >= desks) return Array.from({ length: desks }, (_, i) => i);
  const chosen = new Set<number>();
  for (let draw = 0; chosen.size < sample; draw++) chosen.add(uniform(seed, 'verify', draw, desks));
  return [...chosen].sort((a, b) => a - b);
}

/** By session, which desk each row is of. */
function placesOf(plan: SweepPlan, rows: readonly number[]): { session: number; desks: Map<number, number> }[] {
  let before = 0;
  return plan.work.flatMap((work, session) => {
    const order = orderOfResults(work.plan);
    const own = rows.filter((row) => row >= before && row < before + order.length);
    const desks = new Map(own.map((row) => [row, order[row - before]!]));
    before += order.length;
    return desks.size === 0 ? [] : [{ session, desks }];
  });
}

async function csvLines(path: string, rows: readonly number[]): Promise<Map<number, string>> {
  const wanted = new Set(rows);
  const lines = new Map<number, string>();
  let row = -1; // the head
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (wanted.has(row)) lines.set(row, line);
    row++;
  }
  return lines;
}

/** A backtest is run once more as a whole. */
async function testedAgain(folder: string, run: StoredRun): Promise<Again> {
  const entrants = await entrantsOf(folder, run);
  const { orders, commands, venue } = run as unknown as Required<
    Pick<BacktestOptions, 'orders' | 'commands' | 'venue'>
  >;
  const again = await mkdtemp(join(tmpdir(), 'reprise-verify-'));
  try {
    const bySession = new Map(run.sessions.map((session) => [session.contentHash, session.settings]));
    const settings = entrants.map(({ session }) => bySession.get(session.meta.contentHash)!);
    const { outcomes } = await backtestOver(entrants, settings, { orders, commands, venue, out: again });
    const desks = run.counts['desks'] ?? 0;
    const rows = Array.from({ length: desks }, (_, i) => i);
    const [stored, fresh] = [
      await csvLines(join(folder, FILES.csv), rows),
      await csvLines(join(again, FILES.csv), rows),
    ];
    const index = rows.find((row) => stored.get(row) !== fresh.get(row));
    if (index === undefined) return { desks, outcomes, difference: null };
    const difference = { index, stream: FILES.csv, stored: stored.get(index) ?? null, fresh: fresh.get(index) ?? null };
    return { desks, outcomes, difference };
  } finally {
    await rm(again, { recursive: true, force: true });
  }
}
