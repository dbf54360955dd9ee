import { SESSIONS_TO_RESAMPLE, FEWEST_BLOCKS } from './blocks.js';
import { blockSums, costAt, matchStarts, type Match, type MatchOptions } from './match.js';
import { reach } from './resamples.js';
import type { CostRow } from './rows.js';
import { SuperiorAbility, type Luck } from './spa.js';

export interface CompareOptions extends MatchOptions {
  /** The name of the cost in the rows, to be said with the result. */
  readonly objective: string;
  /** Of the intervals; 0.95 by default. */
  readonly level?: number;
}

/** What a set cost, start by start against the baseline. JSON as it is. */
export interface SetComparison {
  readonly set: number;
  /** False: it completes too few of the common starts, and its figures are null. */
  readonly compared: boolean;
  /** From 1, by mean cost; sets of equal cost by ordinal. */
  readonly rank: number | null;
  /** Mean cost over the common starts. */
  readonly mean: number | null;
  /** Mean of set - baseline over the common starts, and its interval; below zero it is cheaper. */
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Starts that it completed, that it did not complete, and that the session's end cut. */
  readonly starts: number;
  readonly incomplete: number;
  readonly cut: number;
}

/** Parameter sets compared under one assumption. JSON as it is. */
export interface Comparison {
  readonly objective: string;
  /** Several, when they were averaged. */
  readonly assumption: string;
  readonly baseline: number;
  readonly level: number;
  readonly resamples: number;
  /** Starts that every compared set completes; that the baseline completes; that any set was tried at. */
  readonly starts: { readonly common: number; readonly baseline: number; readonly all: number };
  /** Sessions of the common starts. */
  readonly sessions: number;
  readonly blocks: { readonly kind: 'sessions' | 'time'; readonly count: number; readonly seconds: number | null };
  /** By ordinal. */
  readonly sets: readonly SetComparison[];
  /** The set of the lowest mean, the baseline included; null without a common start. */
  readonly best: number | null;
  /** Null below ten blocks, and where nothing is compared with the baseline. */
  readonly spa: Luck | null;
  readonly notes: readonly string[];
}

/** Compares parameter sets under one assumption (docs/statistics.md). The same rows and seed give the same figures. */
export function compareSets(rows: readonly CostRow[], options: CompareOptions): Comparison {
  return comparisonOf(matchStarts(rows, options), options);
}

/** The same for sets that are matched already. */
export function comparisonOf(
  match: Match,
  { objective, level = 0.95 }: Pick<CompareOptions, 'objective' | 'level'>,
): Comparison {
  const { panel, baseline, compared, starts, blocks, resamples } = match;
  const test = resamples === null ? null : new SuperiorAbility(starts.length, resamples.count);
  const figures = new Map<number, Figures>();
  if (starts.length > 0)
    for (const set of compared) figures.set(set, figuresOf(match, set, level, set === baseline ? null : test));
  const ranked = [...figures].sort(([a, one], [b, other]) => one.mean - other.mean || a - b).map(([set]) => set);
  const rank = new Map(ranked.map((set, index) => [set, index + 1]));
  return {
    objective,
    assumption: match.assumes.join(' + '),
    baseline: panel.sets[baseline]!,
    level,
    resamples: resamples?.count ?? 0,
    starts: { common: starts.length, baseline: panel.tallies[baseline]!.completed, all: panel.starts.length },
    sessions: new Set(starts.map((start) => start.session)).size,
    blocks: {
      kind: blocks.kind,
      count: blocks.count,
      seconds: blocks.lengthMicros === null ? null : blocks.lengthMicros / 1_000_000,
    },
    sets: panel.sets.map((set, place) => ({
      set,
      compared: figures.has(place),
      rank: rank.get(place) ?? null,
      ...(figures.get(place) ?? { mean: null, difference: null, low: null, high: null }),
      starts: panel.tallies[place]!.completed,
      incomplete: panel.tallies[place]!.incomplete,
      cut: panel.tallies[place]!.cut,
    })),
    best: ranked.length === 0 ? null : panel.sets[ranked[0]!]!,
    spa: figures.size < 2 ? null : (test?.luck ?? null),
    notes: notesOf(match),
  };
}

interface Figures {
  readonly mean: number;
  readonly difference: number;
  readonly low: number | null;
  readonly high: number | null;
}

function figuresOf(match: Match, set: number, level: number, test: SuperiorAbility | null): Figures {
  const { baseline, starts, resamples } = match;
  let cost = 0;
  for (let start = 0; start < starts.length; start++) cost += costAt(match, set, start);
  const mean = cost / starts.length;
  const sums = blockSums(match, (start) => costAt(match, set, start) - costAt(match, baseline, start));
  if (resamples === null) {
    const difference = sums.reduce((sum, part) => sum + part, 0) / starts.length;
    return { mean, difference, low: null, high: null };
  }
  const estimate = resamples.estimate(sums);
  test?.add(estimate);
  const width = estimate.error * reach(estimate.strayed, level);
  return { mean, difference: estimate.mean, low: estimate.mean - width, high: estimate.mean + width };
}

function notesOf({ panel, baseline, leftOut, starts, blocks }: Match): string[] {
  const notes: string[] = [];
  const own = panel.tallies[baseline]!.completed;
  if (starts.length === 0) notes.push('no start is completed by every compared set: nothing is compared');
  if (leftOut.length > 0)
    notes.push(
      `${leftOut.length} of ${panel.sets.length} sets are not compared: they complete too few of the common starts`,
    );
  if (starts.length < own)
    notes.push(
      `${own - starts.length} starts that the baseline completes are left out: another compared set does not complete them`,
    );
  if (blocks.count < FEWEST_BLOCKS)
    notes.push(`${blocks.count} blocks: no interval and no test below ${FEWEST_BLOCKS}; add sessions or longer ones`);
  else if (blocks.kind === 'time')
    notes.push(
      `intervals hold for the days of these sessions; ${SESSIONS_TO_RESAMPLE} sessions or more would speak of others`,
    );
  return notes;
}
