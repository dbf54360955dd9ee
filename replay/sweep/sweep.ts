import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { Grid, VenueLists } from '../../adapters/requests/grid-file.js';
import type { RunSettings } from '../../core/engine/inputs.js';
import { canonical, type Json } from '../../core/json.js';
import { ENGINE_VERSION } from '../../core/version.js';
import { formatInstant } from '../../core/time.js';
import { OBJECTIVES } from '../statistics/rows.js';
import { nearest } from '../../adapters/requests/nearest.js';
import { blocksOf } from './blocks.js';
import { FILES, prepareFolder, writeWhole, type Identity } from './folder.js';
import { Parts } from './parts.js';
import { counted, planSweep, type SweepPlan } from './planning.js';
import type { Cut } from './plan.js';
import { bestSets, Costs, type BestSet, type Ranking } from './ranking.js';
import { SweepInterrupted, SweepRefused } from './refused.js';
import { inOrder, writeResults } from './results.js';
import { openEntrants, type Entrant } from './sessions.js';
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
  readonly onProgress?: (finished: number, desks: number) => void;
}

/** What a sweep came to. */
export interface SweepReport {
  readonly sets: number;
  readonly starts: number;
  readonly desks: number;
  /** Sets that no rule lets in and desks that were not run, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly best: readonly BestSet[];
  readonly rankings: readonly Ranking[];
  /** The Arrow file of all rows; null where no folder was named. */
  readonly results: string | null;
}

/** Runs every parameter set of a grid at every start over sessions, each as an order alone in its market. */
export async function sweep(options: SweepOptions): Promise<SweepReport> {
  const { grid, objective = 'costAllIn', cut = 'skip', workers = availableParallelism() } = options;
  const signal = options.signal ?? new AbortController().signal;
  if (!OBJECTIVES.includes(objective))
    throw new SweepRefused(
      `--objective: "${objective}" is no cost that ranks; did you mean "${nearest(objective, OBJECTIVES)}"?`,
    );
  const seed = options.seed ?? 1;
  const seeds = seedsOf(grid, seed);
  const venue = { assume: ['expected', 'pessimistic'] as const, ...grid.venue, ...options.venue };
  const entrants = await openEntrants(options.sessions, options.test);
  const plan = await planSweep(entrants, { grid, venue, seeds, seed, cut, settings: options.settings });
  if (plan.desks === 0) throw nothingLeft(plan);
  options.onPlan?.(plan);
  const temporary = options.out === undefined ? await mkdtemp(join(tmpdir(), 'reprise-sweep-')) : undefined;
  const folder = options.out ?? temporary!;
  try {
    const identity = identityOf(entrants, plan, { grid, venue, seeds, seed, cut });
    await prepareFolder(folder, identity, options.force === true);
    const parts = await Parts.open(
      join(folder, FILES.parts),
      plan.work.map((work) => work.plan.places.length),
    );
    try {
      await runLeft(plan, parts, workers, signal, options.onProgress);
      if (parts.finished < plan.desks) throw interrupted(parts.finished, plan.desks, options.out);
      const costs = new Costs(plan.work, objective);
      const hashes = await writeResults(folder, inOrder(plan.work, parts), costs.add);
      const rankings = costs.rankings(plan.baseline, seed);
      const best = bestSets(rankings, plan.sets);
      const skipped = { ...plan.setsLeftOut, ...plan.desksLeftOut };
      const { sets, starts, desks } = { sets: plan.sets.length, starts: plan.starts, desks: plan.desks };
      await writeWhole(join(folder, FILES.comparisons), `${JSON.stringify(rankings, null, 1)}\n`);
      const run = {
        ...identity,
        sessions: entrants.map((entrant, i) => ({
          ...(identity['sessions'] as Record<string, Json>[])[i],
          path: relative(resolve(folder), resolve(entrant.path)),
        })),
        objective,
        counts: { sets, starts, desks },
        setsLeftOut: plan.setsLeftOut,
        desksLeftOut: plan.desksLeftOut,
        baseline: plan.baseline,
        best,
        files: { [FILES.arrow]: hashes.arrow, [FILES.csv]: hashes.csv },
      };
      await writeWhole(join(folder, FILES.run), `${JSON.stringify(run, null, 2)}\n`);
      await parts.remove();
      await rm(join(folder, FILES.plan), { force: true });
      const results = options.out === undefined ? null : join(folder, FILES.arrow);
      return { sets, starts, desks, skipped, best, rankings, results };
    } finally {
      await parts.close();
    }
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}

function seedsOf({ seeds }: Grid, seed: number): readonly number[] {
  if (seeds === undefined) return [seed];
  return typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => seed + i) : seeds;
}

/** Runs what an earlier run has not finished. */
async function runLeft(
  { work, desks }: SweepPlan,
  parts: Parts,
  workers: number,
  signal: AbortSignal,
  onProgress: SweepOptions['onProgress'],
): Promise<void> {
  const left = work.map(({ plan }, session) =>
    Float64Array.from([...plan.places.keys()].filter((desk) => !parts.has(session, desk))),
  );
  const blocks = blocksOf(
    work.map(({ plan }) => plan),
    left,
    workers,
  );
  onProgress?.(parts.finished, desks);
  await runBlocks(
    work,
    blocks,
    workers,
    async (session, rows) => {
      await parts.add(session, rows);
      onProgress?.(parts.finished, desks);
    },
    signal,
  );
}

function identityOf(
  entrants: readonly Entrant[],
  { work }: SweepPlan,
  terms: { grid: Grid; venue: VenueLists; seeds: readonly number[]; seed: number; cut: Cut },
): Identity {
  const { grid, venue, seeds, seed, cut } = terms;
  return JSON.parse(
    canonical({
      format: 'reprise-results',
      formatVersion: 1,
      kind: 'sweep',
      engineVersion: ENGINE_VERSION,
      sessions: entrants.map(({ name, part, session }, i) => ({
        name,
        part,
        contentHash: session.meta.contentHash,
        from: formatInstant(session.from),
        to: formatInstant(session.to),
        settings: { venues: work[i]!.plan.venues, ...work[i]!.shared },
      })),
      grid,
      venue,
      seed,
      seeds,
      cut,
    } as unknown as Json),
  ) as Identity;
}

function nothingLeft(plan: SweepPlan): SweepRefused {
  const reasons = Object.entries(plan.desksLeftOut).map(([reason, count]) => `${counted(count)} ${reason}`);
  if (reasons.length === 0)
    return new SweepRefused(
      'no start is left: no book is ever usable, or the sessions are too short; see `reprise inspect`',
    );
  return new SweepRefused(
    `no desk is left, all are left out: ${reasons.join(', ')}; name earlier starts, a shorter window or longer sessions, or use --cut count`,
  );
}

function interrupted(finished: number, desks: number, out: string | undefined): SweepInterrupted {
  return new SweepInterrupted(
    out === undefined
      ? 'the sweep was interrupted, and nothing was kept; with --out it could go on'
      : `the sweep was interrupted: ${counted(finished)} of ${counted(desks)} desks are kept in ${out}, and the same command goes on from there`,
  );
}

/** `run.json` of a folder of results. */
export async function readRun(folder: string): Promise<Readonly<Record<string, Json>>> {
  return JSON.parse(await readFile(join(folder, FILES.run), 'utf8')) as Record<string, Json>;
}
