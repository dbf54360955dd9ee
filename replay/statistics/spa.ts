import type { Estimate } from './resamples.js';

/** How likely the best set's advantage is when no set beats the baseline. */
export interface Luck {
  /** Hansen's consistent p-value. */
  readonly p: number;
  /** As if sets that look worse than the baseline were as bad as they look: too small a p-value. */
  readonly lower: number;
  /** As if every set were as good as the baseline: too large a p-value, White's reality check, studentised. */
  readonly upper: number;
}

/**
 * Hansen's test for superior predictive ability. With d_k the mean advantage of set k over the baseline and w_k its standard
 * error, T = max(0, max_k d_k / w_k). It is set against resamples of T under three nulls: d*_k is centred at g(d_k), where
 * g = d_k (upper), max(0, d_k) (lower), and d_k where d_k / w_k >= -sqrt(2 log log n), else 0 (consistent): a set that is
 * clearly worse than the baseline does not make the best one look lucky. Each resample is studentised by its own blocks.
 *
 * @see Hansen, P. R. (2005), A test for superior predictive ability, Journal of Business & Economic Statistics 23(4),
 *      365-380: the statistic T^SPA, the centrings g_l, g_c, g_u of the bootstrap, the threshold sqrt(2 log log n)
 */
export class SuperiorAbility {
  readonly #clearlyWorse: number;
  readonly #highest: { readonly lower: Float64Array; readonly consistent: Float64Array; readonly upper: Float64Array };
  #statistic = 0;

  /** @param starts  how many starts each mean is over */
  constructor(starts: number, resamples: number) {
    this.#clearlyWorse = -Math.sqrt(2 * Math.log(Math.max(1, Math.log(starts))));
    this.#highest = {
      lower: new Float64Array(resamples),
      consistent: new Float64Array(resamples),
      upper: new Float64Array(resamples),
    };
  }

  /** Takes one set in: its difference of cost to the baseline, below zero being an advantage. A set equal to it says nothing. */
  add({ mean, error, strayed }: Estimate): void {
    if (error === 0) {
      if (mean < 0) this.#statistic = Infinity; // cheaper by the same at every start
      return;
    }
    const advantage = -mean / error;
    this.#statistic = Math.max(this.#statistic, advantage);
    const shiftLower = Math.min(0, advantage);
    const shift = advantage >= this.#clearlyWorse ? 0 : advantage;
    const { lower, consistent, upper } = this.#highest;
    for (let resample = 0; resample < upper.length; resample++) {
      const by = -strayed[resample]!;
      if (by > upper[resample]!) upper[resample] = by;
      if (by + shift > consistent[resample]!) consistent[resample] = by + shift;
      if (by + shiftLower > lower[resample]!) lower[resample] = by + shiftLower;
    }
  }

  get luck(): Luck {
    const { lower, consistent, upper } = this.#highest;
    return { p: this.#share(consistent), lower: this.#share(lower), upper: this.#share(upper) };
  }

  /** The share of resamples that reach the statistic, itself counted as one, so that none is 0. */
  #share(highest: Float64Array): number {
    let reached = 0;
    for (const high of highest) if (high >= this.#statistic) reached++;
    return (1 + reached) / (1 + highest.length);
  }
}
