import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Grid, VenueLists } from '../../adapters/requests/grid-file.js';
import { nearest } from '../../adapters/requests/nearest.js';
import type { RunSettings } from '../../core/engine/inputs.js';
import { OBJECTIVES } from '../statistics/rows.js';
import { blocksOf } from './blocks.js';
import { FILES, prepareFolder, writeWhole } from './folder.js';
import { Parts } from './parts.js';
import { counted, planSweep, type SweepPlan } from './planning.js';
import type { Cut } from './plan.js';
import { bestSets, Costs, type BestSet, type Ranking } from './ranking.js';
import { SweepInterrupted, SweepRefused } from './refused.js';
import { inOrder, writeResults } from './results.js';
import { identityOf, runSession, writeRun, type SweepTerms } from './run-file.js';
import { openEntrants } from './sessions.js';
import { tracesOf } from './traces.js';
import { estimate } from './trial.js';
import { runBlocks } from './workers.js';

export interface SweepOptions {
  /** Folders of captured sessions. */
  readonly sessions: readonly string[];
  /** Sessions kept for the test. */
  readonly test?: readonly string[];
  readonly grid: Grid;
  /** Folder of results; absent: only what is reported remains. */
  readonly out?: string;
  /** Whether results that are in the folder already may go. */
  readonly force?: boolean;
  /** Settings of the venue that are compared, over those of the grid. */
  readonly venue?: VenueLists;
  /** The settings of a session's desks, from those that it recorded. */
  readonly settings: (recorded: RunSettings | undefined) => RunSettings;
  readonly seed?: number;
  /** The cost that ranks. */
  readonly objective?: string;
  /** What becomes of starts whose window runs past the session's end. */
  readonly cut?: Cut;
  /** Worker threads; absent: one for each core. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** Told what is about to be done, before it is. */
  readonly onPlan?: (plan: SweepPlan) => void;
  /** Told how long that will take, in seconds, after a trial; without it there is no trial. */
  readonly onEstimate?: (seconds: number) => void;
  readonly onProgress?: (finished: number, desks: number) => void;
}

/** What a sweep came to. */
export interface SweepReport {
  /** Sets that were run. */
  readonly sets: number;
  /** Over all sessions. */
  readonly starts: number;
  readonly desks: number;
  /** Sets that no rule lets in and desks that were not run, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** The best set under each assumption. */
  readonly best: readonly BestSet[];
  readonly rankings: readonly Ranking[];
  /** The Arrow file of all rows; null where no folder was named. */
  readonly results: string | null;
}

/** Sets are compared under what can be hoped for and under what is safe, where nobody says otherwise. */
const COMPARED: VenueLists = { assume: ['expected', 'pessimistic'] };

/**
 * Runs every parameter set of a grid at every start over sessions, each as an order alone in its market.
 *
 * @throws {SweepRefused} when that cannot be @throws {SweepInterrupted} when `signal` aborts it
 */
export async function sweep(options: SweepOptions): Promise<SweepReport> {
  const { grid, objective = 'costAllIn', cut = 'skip', seed = 1, out } = options;
  refuseStrangeObjective(objective);
  const seeds = seedsOf(grid, seed);
  const venue = { ...COMPARED, ...grid.venue, ...options.venue };
  const entrants = await openEntrants(options.sessions, options.test);
  const settings = entrants.map(({ recorded }) => options.settings(recorded));
  const plan = await planSweep(entrants, {
    ...{ grid, venue, seeds, seed, cut },
    settings: (entrant) => settings[entrants.indexOf(entrant)]!,
  });
  if (plan.desks === 0) throw nothingLeft(plan);
  const terms: SweepTerms = {
    kind: 'sweep',
    sessions: entrants.map((entrant, i) => runSession(entrant, settings[i]!)),
    ...{ grid, venue, seed, seeds, cut },
  };
  const identity = identityOf(terms);
  const temporary = out === undefined ? await mkdtemp(join(tmpdir(), 'reprise-sweep-')) : undefined;
  const folder = out ?? temporary!;
  try {
    await prepareFolder(folder, identity, options.force === true);
    const parts = await Parts.open(
      join(folder, FILES.parts),
      plan.work.map((work) => work.plan.places.length),
    );
    try {
      await runLeft(plan, parts, options);
      const costs = new Costs(plan.work, objective);
      const hashes = await writeResults(folder, inOrder(plan.work, parts), costs.add);
      const rankings = costs.rankings(plan.baseline, seed, plan.sets);
      const best = bestSets(rankings, plan.sets);
      await writeWhole(join(folder, FILES.comparisons), `${JSON.stringify(rankings, null, 1)}\n`);
      if (out !== undefined) {
        // each is one more fold of its session, and only a folder that stays keeps them
        const traces = await tracesOf(entrants, plan.work, costs, rankings);
        await writeWhole(join(folder, FILES.traces), `${JSON.stringify(traces)}\n`);
      }
      const counts = { sets: plan.sets.length, starts: plan.starts, desks: plan.desks };
      const skipped = { sets: plan.setsLeftOut, desks: plan.desksLeftOut };
      const more = { objective, baseline: plan.baseline, longestWindow: plan.longestWindow, best };
      await writeRun(folder, identity, entrants, { counts, skipped, more }, hashes);
      await parts.remove();
      await rm(join(folder, FILES.plan), { force: true });
      return {
        ...counts,
        skipped: { ...skipped.sets, ...skipped.desks },
        best,
        rankings,
        results: out === undefined ? null : join(folder, FILES.arrow),
      };
    } finally {
      await parts.close();
    }
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}

function refuseStrangeObjective(objective: string): void {
  if (OBJECTIVES.includes(objective)) return;
  throw new SweepRefused(
    `--objective: "${objective}" is no cost that ranks; did you mean "${nearest(objective, OBJECTIVES)}"?`,
  );
}

function seedsOf({ seeds }: Grid, seed: number): readonly number[] {
  if (seeds === undefined) return [seed];
  return typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => seed + i) : seeds;
}

/** Runs what an earlier run has not finished. @throws {SweepInterrupted} */
async function runLeft(plan: SweepPlan, parts: Parts, options: SweepOptions): Promise<void> {
  const { workers = availableParallelism(), signal = new AbortController().signal, onProgress, onEstimate } = options;
  const { work, desks } = plan;
  options.onPlan?.(plan);
  const left = work.map(({ plan: { places } }, session) =>
    Float64Array.from([...places.keys()].filter((desk) => !parts.has(session, desk))),
  );
  const blocks = blocksOf(
    work.map((each) => each.plan),
    left,
    workers,
  );
  if (onEstimate !== undefined) onEstimate(await estimate(work, blocks, workers));
  onProgress?.(parts.finished, desks);
  const take = async (session: number, rows: Parameters<Parts['add']>[1]): Promise<void> => {
    await parts.add(session, rows);
    onProgress?.(parts.finished, desks);
  };
  await runBlocks(work, blocks, workers, take, signal);
  if (parts.finished < desks) throw interrupted(parts.finished, desks, options.out);
}

function nothingLeft(plan: SweepPlan): SweepRefused {
  const reasons = Object.entries(plan.desksLeftOut).map(([reason, count]) => `${counted(count)} ${reason}`);
  if (reasons.length === 0)
    return new SweepRefused(
      'no start is left: no book is ever usable, or the sessions are too short; see `reprise inspect`',
    );
  return new SweepRefused(
    `no desk is left, all are left out: ${reasons.join(', ')}; ` +
      'name other starts, a shorter window or longer sessions, or use --cut count',
  );
}

function interrupted(finished: number, desks: number, out: string | undefined): SweepInterrupted {
  return new SweepInterrupted(
    out === undefined
      ? 'the sweep was interrupted, and nothing was kept; with --out it could go on'
      : `the sweep was interrupted: ${counted(finished)} of ${counted(desks)} desks are kept in ${out}, ` +
          'and the same command goes on from there',
  );
}
