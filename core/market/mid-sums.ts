import type { EpochMicros, Micros } from '../time.js';

/** A sum of mids in half price increments: `price2` = best bid + best ask counts twice the mid, so it is whole. */
export interface MidSumsContent {
  readonly mid2: number;
  readonly last2: number;
  readonly since: EpochMicros;
  readonly integral: bigint;
  readonly heldMicros: Micros;
  readonly untrusted: boolean;
  readonly untrustedSince: EpochMicros;
  readonly untrustedMicros: Micros;
}

/**
 * The running sums of a book's mid: each holds until the next one, by receive time. A mid exists while the book is trusted
 * or partial, has both sides and is neither crossed nor locked. Sums are exact and grow only when the mid changes, because
 * every message passes here.
 */
export class MidSums {
  /** The present mid, as best bid + best ask in price increments; 0 while there is none. */
  mid2 = 0;
  /** The last one that there was; 0 before the first. */
  last2 = 0;
  /** The last one before the message that is being applied: what a fill that it brings about has met. */
  before2 = 0;
  #since: EpochMicros = 0;
  #integral = 0n; // mid2 x microseconds
  // what is not in it yet, a number for as long as that is exact, since bigints are slow
  #more = 0;
  #heldMicros: Micros = 0;
  #untrusted = true;
  #untrustedSince: EpochMicros = 0;
  #untrustedMicros: Micros = 0;

  /** What holds from `at` on. */
  update(mid2: number, untrusted: boolean, at: EpochMicros): void {
    if (mid2 !== this.mid2) {
      this.#close(at);
      this.mid2 = mid2;
      if (mid2 !== 0) this.last2 = mid2;
    }
    if (untrusted === this.#untrusted) return;
    if (!untrusted) this.#untrustedMicros += at - this.#untrustedSince;
    this.#untrusted = untrusted;
    this.#untrustedSince = at;
  }

  /** Mid2 x microseconds from the beginning to `at`, which must not lie before the last change. */
  integral(at: EpochMicros): bigint {
    const closed = this.#integral + BigInt(this.#more);
    return this.mid2 === 0 ? closed : closed + BigInt(this.mid2) * BigInt(at - this.#since);
  }

  /** For how long there was a mid. */
  heldMicros(at: EpochMicros): Micros {
    return this.mid2 === 0 ? this.#heldMicros : this.#heldMicros + at - this.#since;
  }

  /** For how long the book was untrusted. */
  untrustedMicros(at: EpochMicros): Micros {
    return this.#untrusted ? this.#untrustedMicros + at - this.#untrustedSince : this.#untrustedMicros;
  }

  rescale(priceFactor: number): void {
    this.#integral = (this.#integral + BigInt(this.#more)) * BigInt(priceFactor);
    this.#more = 0;
    this.mid2 *= priceFactor;
    this.last2 *= priceFactor;
    this.before2 *= priceFactor;
  }

  content(): MidSumsContent {
    return {
      mid2: this.mid2,
      last2: this.last2,
      since: this.#since,
      integral: this.#integral + BigInt(this.#more),
      heldMicros: this.#heldMicros,
      untrusted: this.#untrusted,
      untrustedSince: this.#untrustedSince,
      untrustedMicros: this.#untrustedMicros,
    };
  }

  restore(content: MidSumsContent): void {
    this.mid2 = content.mid2;
    this.last2 = content.last2;
    this.#since = content.since;
    this.#integral = content.integral;
    this.#heldMicros = content.heldMicros;
    this.#untrusted = content.untrusted;
    this.#untrustedSince = content.untrustedSince;
    this.#untrustedMicros = content.untrustedMicros;
  }

  #close(at: EpochMicros): void {
    if (this.mid2 !== 0) {
      const held = at - this.#since;
      const more = this.#more + this.mid2 * held;
      if (more <= Number.MAX_SAFE_INTEGER) this.#more = more;
      else {
        this.#integral += BigInt(this.#more) + BigInt(this.mid2) * BigInt(held);
        this.#more = 0;
      }
      this.#heldMicros += held;
    }
    this.#since = at;
  }
}
