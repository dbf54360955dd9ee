import type { StopSignal } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';

/** Tells the time in whole microseconds since 1970 UTC and lets others wait for it. */
export interface Clock {
  /** Never less than what it said before. */
  now(): EpochMicros;
  /**
   * Resolves once `now()` is at or past `at`, at the next turn of the event loop when it is already, or as soon as the
   * signal aborts: look at the signal afterwards. It does not keep the process alive.
   */
  until(at: EpochMicros, signal: StopSignal): Promise<void>;
}
