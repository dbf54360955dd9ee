import { Draws } from '../../../core/draws.js';
import { MICROS } from '../../../core/time.js';
import type { Fault } from './faults.js';

/** Most book messages from one drawn fault to the next. */
const MOST_APART = 160;
/** And the least: a client is given the time to mend its books. */
const LEAST_APART = 20;

/** Faults without end, as they follow from a seed: kinds in equal shares, and a silence of 1 to 8 s. */
export function* faultScript(
  seed: number,
  kinds: readonly Fault['kind'][],
): Generator<Fault & { readonly at: number }> {
  const draws = new Draws(seed, 'loopback faults').seek(0);
  for (let at = 0; kinds.length > 0;) {
    at += LEAST_APART + draws.below(MOST_APART - LEAST_APART);
    const kind = kinds[draws.below(kinds.length)]!;
    const lasts = MICROS.s + draws.below(7_000) * MICROS.ms;
    yield { kind, at, count: 1 + draws.below(2), lasts };
  }
}
