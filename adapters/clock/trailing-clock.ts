import type { Micros } from '../../core/time.js';
import type { Clock } from './clock.js';

/**
 * A clock that stays a little behind another one. A market with a time of its own hands its messages over a few
 * milliseconds after their instant; a host that ticked at that very instant would make each of them late.
 */
export function trailingClock(base: Clock, behind: Micros): Clock {
  return {
    now: () => base.now() - behind,
    until: (at, signal) => base.until(at + behind, signal),
  };
}
