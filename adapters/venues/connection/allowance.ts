import type { EpochMicros, Micros } from '../../../core/time.js';

/** So many of something within a span, and never more in any such span: a venue's limit, kept by our own clock. */
export class Allowance {
  /** When the latest ones were taken, in a ring. */
  readonly #taken: EpochMicros[] = [];
  #next = 0;
  #closedUntil: EpochMicros = 0;

  constructor(readonly limit: { readonly count: number; readonly within: Micros }) {}

  /** The first instant at which one more may be taken; `now` when it may at once. */
  freeAt(now: EpochMicros): EpochMicros {
    const oldest = this.#taken[this.#next];
    const free = oldest === undefined ? now : Math.max(now, oldest + this.limit.within);
    return Math.max(free, this.#closedUntil);
  }

  take(now: EpochMicros): void {
    this.#taken[this.#next] = now;
    this.#next = (this.#next + 1) % this.limit.count;
  }

  /** The venue asked for a pause. */
  close(until: EpochMicros): void {
    this.#closedUntil = Math.max(this.#closedUntil, until);
  }
}
