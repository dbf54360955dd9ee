import { Fraction } from '../../core/measures/fraction.js';
import type { EpochMicros, Micros } from '../../core/time.js';

export const ENGINE_SECOND: Micros = 1_000_000;

/** Every mid of a market with the instant from which it held, and sums over them from the beginning each time. */
export class NaiveMids {
  readonly #from: { readonly at: EpochMicros; readonly mid: Fraction | undefined }[] = [];

  note(at: EpochMicros, mid: Fraction | undefined): void {
    this.#from.push({ at, mid });
  }

  /** What held just before an instant. */
  before(at: EpochMicros): Fraction | undefined {
    return this.#from.filter((each) => each.at < at).at(-1)?.mid;
  }

  /** Mid x microseconds over [from, to), and the microseconds with a mid. */
  over(from: EpochMicros, to: EpochMicros): { readonly integral: Fraction; readonly held: Micros } {
    let integral = Fraction.ZERO;
    let held = 0;
    this.#from.forEach(({ at, mid }, i) => {
      const until = this.#from[i + 1]?.at ?? Infinity;
      const span = Math.min(until, to) - Math.max(at, from);
      if (span <= 0 || mid === undefined) return;
      integral = integral.plus(mid.times(span)).reduced();
      held += span;
    });
    return { integral, held };
  }
}
