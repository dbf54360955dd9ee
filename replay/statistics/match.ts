import { blocksOf, FEWEST_BLOCKS, type Blocks } from './blocks.js';
import { panelOf, type Panel, type Start } from './panel.js';
import { Resamples } from './resamples.js';
import type { CostRow } from './rows.js';

export interface MatchOptions {
  /** The assumption to compare under; several are averaged within a start. */
  readonly assume: string | readonly string[];
  /** The set compared against. */
  readonly baseline: number;
  /** Of the resampling. */
  readonly seed: number;
  /** How many resamples; 1,000 by default. */
  readonly resamples?: number;
  /** The share of the baseline's starts below which no set may bring the common ones; 0.8 by default. */
  readonly commonShare?: number;
}

/** Sets made comparable: the starts that all of them complete, in blocks. */
export interface Match {
  readonly panel: Panel;
  readonly baseline: number;
  readonly assumes: readonly string[];
  /** Places in the panel of the sets that are compared, ascending, the baseline's among them; the others. */
  readonly compared: readonly number[];
  readonly leftOut: readonly number[];
  /** Places in the panel of the common starts, and these starts. */
  readonly places: readonly number[];
  readonly starts: readonly Start[];
  readonly blocks: Blocks;
  /** Null below ten blocks. */
  readonly resamples: Resamples | null;
}

/**
 * Finds who is compared, and where. Sets join in the order of how many starts they complete, most first, then by ordinal; one
 * whose joining would leave fewer than `commonShare` of the baseline's starts in common is left out, and said. Cost plays no
 * part in it.
 *
 * @throws {RangeError} when no row is of the baseline under the assumption
 */
export function matchStarts(rows: readonly CostRow[], options: MatchOptions): Match {
  const { baseline, seed, resamples = 1000, commonShare = 0.8 } = options;
  const assumes = typeof options.assume === 'string' ? [options.assume] : options.assume;
  const panel = panelOf(rows, assumes);
  const first = panel.sets.indexOf(baseline);
  if (first === -1)
    throw new RangeError(`baseline: no row of set ${baseline} under ${assumes.join(' + ')}; name a set of the grid`);
  const { joined, common } = join(panel, first, commonShare);
  const places = [...common.keys()].filter((start) => common[start] === 1);
  const members = new Set(joined);
  const starts = places.map((place) => panel.starts[place]!);
  const longest = joined.reduce((window, set) => Math.max(window, panel.tallies[set]!.windowMicros), 0);
  const blocks = blocksOf(starts, longest);
  return {
    panel,
    baseline: first,
    assumes,
    compared: joined,
    leftOut: [...panel.sets.keys()].filter((set) => !members.has(set)),
    places,
    starts,
    blocks,
    resamples: blocks.count < FEWEST_BLOCKS ? null : new Resamples(blocks, seed, resamples),
  };
}

function join({ sets, starts, costs, tallies }: Panel, baseline: number, commonShare: number) {
  const completes = (set: number, start: number): boolean => !Number.isNaN(costs[set * starts.length + start]!);
  const common = Uint8Array.from(starts, (_, start) => (completes(baseline, start) ? 1 : 0));
  let count = tallies[baseline]!.completed;
  const fewest = Math.max(1, commonShare * count);
  const order = [...sets.keys()]
    .filter((set) => set !== baseline)
    .sort((a, b) => tallies[b]!.completed - tallies[a]!.completed || a - b);
  const joined = [baseline];
  for (const set of order) {
    const lost: number[] = [];
    for (let start = 0; start < common.length; start++)
      if (common[start] === 1 && !completes(set, start)) lost.push(start);
    if (count - lost.length < fewest) continue;
    for (const start of lost) common[start] = 0;
    count -= lost.length;
    joined.push(set);
  }
  return { joined: joined.sort((a, b) => a - b), common };
}

/** A series over the common starts, summed by block. */
export function blockSums({ blocks, starts }: Match, valueAt: (start: number) => number): Float64Array {
  const sums = new Float64Array(blocks.count);
  for (let start = 0; start < starts.length; start++) sums[blocks.of[start]!]! += valueAt(start);
  return sums;
}

/** The cost of a set, by its place in the panel, at a common start. */
export function costAt({ panel, places }: Match, set: number, start: number): number {
  return panel.costs[set * panel.starts.length + places[start]!]!;
}
