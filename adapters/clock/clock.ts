import type { StopSignal } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';

/** An instant to the nanosecond: whole microseconds since 1970 UTC, and 0 to 999 nanoseconds beyond them. */
export interface Instant {
  readonly at: EpochMicros;
  readonly nanos: number;
}

/** Tells the time in whole microseconds since 1970 UTC and lets others wait for it. */
export interface Clock {
  /** Never less than what it said before. */
  now(): EpochMicros;
  /**
   * Resolves once `now()` is at or past `at`, at the next turn of the event loop when it is already, or as soon as the
   * signal aborts: look at the signal afterwards. It does not keep the process alive.
   */
  until(at: EpochMicros, signal: StopSignal): Promise<void>;
  /** What `now` says, with what it has cut off; absent where a clock knows no more. */
  precisely?(): Instant;
}

/** Now, as precisely as a clock can tell. */
export const precisely = (clock: Clock): Instant => clock.precisely?.() ?? { at: clock.now(), nanos: 0 };
