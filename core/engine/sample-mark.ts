import type { Market } from '../market/market.js';
import type { Sampler } from '../measures/sampler.js';
import type { EpochMicros } from '../time.js';
import type { Timer } from './timers.js';

/** The next sample of a sampler. It goes off each second and is set again: nothing is looked up or made anew for that. */
export class SampleMark implements Timer {
  at: EpochMicros;
  readonly kind = 'sample';
  readonly instrument: string;
  readonly #market: Market;
  readonly #sampler: Sampler;

  constructor(
    readonly cause: number,
    market: Market,
    sampler: Sampler,
  ) {
    this.at = sampler.nextAt;
    this.instrument = market.units.instrument;
    this.#market = market;
    this.#sampler = sampler;
  }

  /** A mark may outlive its sampler. */
  get isDue(): boolean {
    return this.#sampler.users > 0 && this.#sampler.nextAt === this.at;
  }

  /** Samples, and is the mark of the next sample. */
  take(): this {
    this.#sampler.take(this.#market.mids.mid2);
    this.at = this.#sampler.nextAt;
    return this;
  }
}
