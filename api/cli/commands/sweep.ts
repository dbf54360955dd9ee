import { parseGrid, type Grid } from '../../../adapters/requests/grid-file.js';
import { formatDuration, MICROS } from '../../../core/time.js';
import { sweep, type SweepReport } from '../../../replay/sweep/sweep.js';
import { counted, type SweepPlan } from '../../../replay/sweep/planning.js';
import { showBest } from '../best-sets.js';
import { comparedSettings } from '../compared.js';
import { WrongRequest } from '../failures.js';
import { readTextFile, runSettings, type VenueFlags } from '../settings.js';
import type { Terminal } from '../terminal.js';

export interface SweepFlags extends VenueFlags {
  readonly grid: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly test?: readonly string[];
  readonly objective?: string;
  readonly cut?: string;
  readonly workers?: number;
}

/** `reprise sweep`: every set of a grid at every start, over sessions. */
export async function sweepSessions(sessions: readonly string[], flags: SweepFlags, terminal: Terminal): Promise<void> {
  const { lists, asked } = await comparedSettings(flags);
  const grid = parseGrid(await readTextFile(flags.grid), flags.grid);
  const began = performance.now();
  const report = await sweep({
    sessions,
    grid,
    venue: lists,
    settings: (recorded) => runSettings(asked, recorded),
    signal: terminal.signal,
    onPlan: (plan) => announce(plan, terminal),
    onEstimate: (seconds) => terminal.say(`about ${lasting(seconds)}`),
    onProgress: (finished, desks) => terminal.progress(`${counted(finished)} of ${counted(desks)} desks`),
    ...(asked.seed === undefined ? {} : { seed: asked.seed }),
    ...(flags.test === undefined ? {} : { test: flags.test }),
    ...(flags.out === undefined ? {} : { out: flags.out }),
    ...(flags.force === undefined ? {} : { force: flags.force }),
    ...(flags.objective === undefined ? {} : { objective: flags.objective }),
    ...(flags.workers === undefined ? {} : { workers: flags.workers }),
    ...(flags.cut === undefined ? {} : { cut: readCut(flags.cut) }),
  });
  const seconds = Math.round(performance.now() - began) / 1000;
  const { sets, starts, desks, skipped, best, results } = report;
  if (flags.json === true) terminal.out(JSON.stringify({ sets, starts, desks, skipped, seconds, best, results }));
  else show(report, grid, seconds, terminal);
}

/** A stretch of time as people say it. */
function lasting(seconds: number): string {
  if (seconds < 1) return 'a second';
  return formatDuration(Math.round(seconds) * MICROS.s);
}

function readCut(cut: string): 'skip' | 'count' {
  if (cut === 'skip' || cut === 'count') return cut;
  throw new WrongRequest(`--cut: "${cut}" is unknown; use skip or count`);
}

function announce({ work, sets, desks, starts, setsLeftOut, desksLeftOut }: SweepPlan, terminal: Terminal): void {
  const { venues, seeds } = work[0]!.plan;
  const factors = [
    `${counted(sets.length)} sets`,
    `${counted(starts)} starts`,
    `${venues.length} settings of the venue`,
    ...(seeds.length > 1 ? [`${seeds.length} seeds`] : []),
  ];
  terminal.say(`${counted(desks)} desks: ${factors.join(' x ')}`);
  if (work.length > 1)
    for (const { name, part, plan } of work)
      terminal.say(`  ${name} (${part}): ${counted(plan.places.length)} desks, ${counted(plan.starts.length)} starts`);
  for (const [reason, count] of Object.entries(setsLeftOut)) terminal.say(`${counted(count)} sets left out: ${reason}`);
  for (const [reason, count] of Object.entries(desksLeftOut))
    terminal.say(`${counted(count)} desks left out: ${reason}`);
}

function show(
  { best, desks, rankings, results }: SweepReport,
  { vary }: Grid,
  seconds: number,
  terminal: Terminal,
): void {
  terminal.out(`${counted(desks)} desks in ${seconds} s`);
  const assumes = rankings.map(({ assume }) => assume);
  showBest(terminal, best, assumes, (key, set) => key in vary || set.set === set.baseline);
  for (const { assume, train } of rankings) for (const note of train.notes) terminal.say(`${assume}: ${note}`);
  if (results !== null) terminal.out(results);
}
