import { Draws } from '../../core/draws.js';
import type { Blocks } from './blocks.js';

/** The mean of a series over all starts, and how far resampled means stray from it. */
export interface Estimate {
  readonly mean: number;
  /** The standard error of the mean; 0 for a series that never changes. */
  readonly error: number;
  /** By resample: (its mean - the mean) / its own standard error. Good until the next estimate. */
  readonly strayed: Float64Array;
}

/** A resample that happens to draw like blocks must not look exact: its variance counts as at least this share of the whole's. */
const LEAST_VARIANCE = 0.25;
/** Of so many blocks the correlation of neighbours is believed by half. */
const HALF_TRUSTED = 20;
/** Below this share of what was summed, a standard error is rounding. */
const ROUNDING = 1e-12;

/**
 * The studentised block bootstrap. Blocks are drawn with replacement, the same ones for every series, and each resampled
 * mean is measured by the standard error of its own blocks (Hall 1992, chapter 3). The standard error of the series itself
 * also holds what neighbouring blocks share, because windows overlap their edges; resampled blocks are independent and share
 * nothing (Götze & Künsch 1996). Work is by block, never by start.
 *
 * @see Hall, P. (1992), The Bootstrap and Edgeworth Expansion
 * @see Götze, F. & Künsch, H. R. (1996), Second-order correctness of the blockwise bootstrap for stationary observations
 */
export class Resamples {
  readonly #blocks: Blocks;
  readonly #starts: number;
  /** Resamples by blocks: how often each was drawn. */
  readonly #drawn: Float64Array;
  /** By resample: the sum over its blocks of their sizes, and of the squares of these. */
  readonly #sizes: Float64Array;
  readonly #squares: Float64Array;
  readonly #strayed: Float64Array;

  /** @param count  how many resamples, at least 1 */
  constructor(blocks: Blocks, seed: number, count: number) {
    this.#blocks = blocks;
    this.#starts = blocks.sizes.reduce((sum, size) => sum + size, 0);
    this.#drawn = new Float64Array(count * blocks.count);
    this.#sizes = new Float64Array(count);
    this.#squares = new Float64Array(count);
    this.#strayed = new Float64Array(count);
    const draws = new Draws(seed, 'statistics/blocks');
    for (let resample = 0; resample < count; resample++) {
      for (let draw = 0; draw < blocks.count; draw++) {
        const block = draws.below(blocks.count);
        this.#drawn[resample * blocks.count + block]!++;
        this.#sizes[resample]! += blocks.sizes[block]!;
        this.#squares[resample]! += blocks.sizes[block]! ** 2;
      }
    }
  }

  get count(): number {
    return this.#strayed.length;
  }

  /** @param sums  by block: the sum of the series over the block's starts */
  estimate(sums: Float64Array): Estimate {
    const { sizes, count } = this.#blocks;
    const mean = sums.reduce((sum, part) => sum + part, 0) / this.#starts;
    const residuals = sums.map((sum, block) => sum - mean * sizes[block]!);
    const unit = count / (count - 1);
    const own = unit * residuals.reduce((sum, residual) => sum + residual ** 2, 0);
    const scale = sums.reduce((sum, part) => sum + Math.abs(part), 0);
    if (!(Math.sqrt(own) > ROUNDING * scale)) return { mean, error: 0, strayed: this.#strayed.fill(0) };
    const squares = residuals.map((residual) => residual ** 2);
    const bySize = residuals.map((residual, block) => residual * sizes[block]!);
    for (let resample = 0; resample < this.count; resample++) {
      let sum = 0;
      let square = 0;
      let cross = 0;
      for (let block = 0, at = resample * count; block < count; block++, at++) {
        const times = this.#drawn[at]!;
        sum += times * residuals[block]!;
        square += times * squares[block]!;
        cross += times * bySize[block]!;
      }
      const off = sum / this.#sizes[resample]!;
      const variance = unit * (square - 2 * off * cross + off * off * this.#squares[resample]!);
      this.#strayed[resample] = sum / Math.sqrt(Math.max(variance, LEAST_VARIANCE * own));
    }
    return { mean, error: Math.sqrt(own * this.#shared(residuals)) / this.#starts, strayed: this.#strayed };
  }

  /**
   * By how much the variance grows by what neighbours share: 1 + 2 r. A correlation measured on few blocks is mostly noise, so
   * r lies between it and what the overlap of windows makes by itself, the nearer to it the more blocks there are. It is
   * raised by the 1/blocks by which it is measured too low.
   */
  #shared(residuals: Float64Array): number {
    const { goesOn, count, overlap } = this.#blocks;
    let pairs = 0;
    let products = 0;
    let squares = 0;
    for (let block = 0; block < count; block++) {
      squares += residuals[block]! ** 2;
      if (goesOn[block] !== 1) continue;
      pairs++;
      products += residuals[block]! * residuals[block + 1]!;
    }
    const measured = products / squares + pairs / count / count;
    return 1 + 2 * Math.max(0, overlap + (measured - overlap) * (count / (count + HALF_TRUSTED)));
  }
}

/** The half-width of an interval in standard errors: the `level` quantile of how far resamples strayed, on either side. */
export function reach(strayed: Float64Array, level: number): number {
  const far = strayed.map(Math.abs).sort();
  return far[Math.min(far.length, Math.ceil(level * (far.length + 1))) - 1]!;
}
