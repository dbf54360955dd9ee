import { compareSets } from '../../replay/statistics/compare.js';
import { drawnGrid, type DrawnGrid } from './drawn-grid.js';

/** What comparing many drawn grids came to. */
export interface Calibration {
  readonly blocks: number;
  readonly kind: 'sessions' | 'time';
  /** The share of 95 % intervals that hold the truth. */
  readonly coverage: number;
  /** The greatest distance of the p-values' distribution from the uniform one (Kolmogorov-Smirnov). */
  readonly distance: number;
  /** The share of p-values below 0.05. */
  readonly found: number;
  /** The share of grids of which the set that is truly cheapest came out best. */
  readonly named: number;
}

/** Draws `grids` grids of seeds 1, 2, … and compares each. */
export function calibrate(shape: Omit<DrawnGrid, 'seed'>, grids: number): Calibration {
  const truth = shape.truth ?? (() => 0);
  const cheapest = Array.from({ length: shape.sets }, (_, set) => set).sort((a, b) => truth(a) - truth(b))[0]!;
  const ps: number[] = [];
  let held = 0;
  let named = 0;
  let blocks: { readonly count: number; readonly kind: 'sessions' | 'time' } = { count: 0, kind: 'time' };
  for (let seed = 1; seed <= grids; seed++) {
    const comparison = compareSets(drawnGrid({ ...shape, seed }), {
      objective: 'costAllIn',
      assume: 'expected',
      baseline: 0,
      seed,
      resamples: 500,
    });
    ({ blocks } = comparison);
    ps.push(comparison.spa!.p);
    if (comparison.best === cheapest) named++;
    for (const { set, low, high } of comparison.sets.slice(1)) if (low! <= truth(set) && truth(set) <= high!) held++;
  }
  return {
    blocks: blocks.count,
    kind: blocks.kind,
    coverage: held / (grids * (shape.sets - 1)),
    distance: distanceFromUniform(ps),
    found: ps.filter((p) => p < 0.05).length / grids,
    named: named / grids,
  };
}

/** What chance alone exceeds in one of a hundred trials. */
export const distanceBound = (count: number): number => 1.63 / Math.sqrt(count);

function distanceFromUniform(values: readonly number[]): number {
  return [...values]
    .sort((a, b) => a - b)
    .reduce((far, value, index, { length }) => Math.max(far, (index + 1) / length - value, value - index / length), 0);
}
