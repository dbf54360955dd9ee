import type { EpochMicros } from '../time.js';

/** How far samples of the mid are apart, in microseconds. */
export const SAMPLE_INTERVAL = 1_000_000;

/** Samples of a mid up to some instant: their sum in half increments, and how many there were. */
export interface Samples {
  readonly sum: bigint;
  readonly count: number;
}

/**
 * Samples a mid each second, at one phase of the second, for every order that began at that phase: orders take differences
 * of its running sum. A second without a mid counts not.
 */
export class Sampler {
  /** Orders that use it. */
  users = 0;
  count = 0;
  #sum = 0n;
  #more = 0; // what is not in it yet, a number for as long as that is exact, since bigints are slow
  /** When it samples next. */
  nextAt: EpochMicros;
  /** What it sampled last; 0 when there was no mid. */
  last2 = 0;

  constructor(nextAt: EpochMicros) {
    this.nextAt = nextAt;
  }

  get sum(): bigint {
    return this.#sum + BigInt(this.#more);
  }

  set sum(sum: bigint) {
    this.#sum = sum;
    this.#more = 0;
  }

  /** The sample that is due. */
  take(mid2: number): void {
    if (mid2 !== 0) {
      const more = this.#more + mid2;
      if (more <= Number.MAX_SAFE_INTEGER) this.#more = more;
      else this.sum += BigInt(mid2);
      this.count++;
    }
    this.last2 = mid2;
    this.nextAt += SAMPLE_INTERVAL;
  }

  /** What was sampled before `at`, an instant that is not past by a whole interval. */
  before(at: EpochMicros): Samples {
    const { sum, count, last2 } = this;
    if (this.nextAt - SAMPLE_INTERVAL !== at || last2 === 0) return { sum, count };
    return { sum: sum - BigInt(last2), count: count - 1 };
  }

  rescale(priceFactor: number): void {
    this.sum *= BigInt(priceFactor);
    this.last2 *= priceFactor;
  }
}
