import type { EpochMicros } from '../time.js';

/** How far samples of the mid are apart, in microseconds. */
export const SAMPLE_INTERVAL = 1_000_000;

/** Samples of a mid up to some instant: their sum in half increments, and how many there were. */
export interface Samples {
  readonly sum: bigint;
  readonly count: number;
}

/** Where a sampler's numbers lie: beside those of others, because thousands of them are gone through each second. */
export interface SampleNumbers {
  readonly values: Float64Array;
  /** Of four numbers. */
  readonly offset: number;
}

const NEXT_AT = 0;
const MORE = 1; // of the sum
const COUNT = 2;
const LAST = 3;
export const NUMBERS_EACH = 4;

/**
 * Samples a mid each second, at one phase of the second, for every order that began at that phase: orders take differences
 * of its running sum. A second without a mid counts not. It is its own mark, set again after each sample.
 */
export class Sampler {
  readonly kind = 'sample';
  /** Orders that use it. */
  users = 0;
  #sum = 0n;
  readonly #values: Float64Array;
  readonly #offset: number;

  /** @param cause  the input that set its mark */
  constructor(
    nextAt: EpochMicros,
    readonly instrument = '',
    public cause = 0,
    { values, offset }: SampleNumbers = { values: new Float64Array(NUMBERS_EACH), offset: 0 },
  ) {
    this.#values = values;
    this.#offset = offset;
    values.fill(0, offset, offset + NUMBERS_EACH);
    values[offset + NEXT_AT] = nextAt;
  }

  get numbers(): SampleNumbers {
    return { values: this.#values, offset: this.#offset };
  }

  /** When it samples next. */
  get nextAt(): EpochMicros {
    return this.#values[this.#offset + NEXT_AT]!;
  }

  /** As a mark. */
  get at(): EpochMicros {
    return this.#values[this.#offset + NEXT_AT]!;
  }

  get count(): number {
    return this.#values[this.#offset + COUNT]!;
  }

  /** What it sampled last; 0 when there was no mid. */
  get last2(): number {
    return this.#values[this.#offset + LAST]!;
  }

  get sum(): bigint {
    return this.#sum + BigInt(this.#values[this.#offset + MORE]!);
  }

  restore(sum: bigint, count: number, last2: number): void {
    this.#sum = sum;
    this.#values[this.#offset + MORE] = 0;
    this.#values[this.#offset + COUNT] = count;
    this.#values[this.#offset + LAST] = last2;
  }

  /** The sample that is due. */
  take(mid2: number): void {
    const values = this.#values;
    const offset = this.#offset;
    if (mid2 !== 0) {
      const more = values[offset + MORE]! + mid2;
      if (more <= Number.MAX_SAFE_INTEGER) values[offset + MORE] = more;
      else this.restore(this.sum + BigInt(mid2), this.count, this.last2);
      values[offset + COUNT]!++;
    }
    values[offset + LAST] = mid2;
    values[offset + NEXT_AT]! += SAMPLE_INTERVAL;
  }

  /** What was sampled before `at`, an instant that is not past by a whole interval. */
  before(at: EpochMicros): Samples {
    const { sum, count, last2 } = this;
    if (this.nextAt - SAMPLE_INTERVAL !== at || last2 === 0) return { sum, count };
    return { sum: sum - BigInt(last2), count: count - 1 };
  }

  rescale(priceFactor: number): void {
    this.restore(this.sum * BigInt(priceFactor), this.count, this.last2 * priceFactor);
  }
}
