import type { Micros } from '../../../core/time.js';
import type { Jitter } from './ports.js';

/**
 * Waits between attempts, each about twice the one before up to a longest. Chance spreads each over the upper half of its
 * span, so that clients that a venue lost together do not come back together.
 */
export class BackOff {
  #failures = 0;

  constructor(
    readonly first: Micros,
    readonly longest: Micros,
    readonly jitter: Jitter,
  ) {}

  /** How long to wait now that one more attempt has failed. */
  next(): Micros {
    const span = Math.min(this.longest, this.first * 2 ** this.#failures);
    if (span < this.longest) this.#failures++;
    return Math.floor(span * (0.5 + 0.5 * this.jitter()));
  }

  /** All is well again. */
  reset(): void {
    this.#failures = 0;
  }
}
