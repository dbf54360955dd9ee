import { setImmediate } from 'node:timers/promises';
import type { StopSignal } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';
import type { Clock } from './clock.js';

/** A clock that stands until somebody moves it. */
export interface ManualClock extends Clock {
  /**
   * Moves to `to`, stopping on the way at each instant that somebody waits for, in the order (due time, asked first), and
   * goes on when what was woken has run, so that waits which those set are met too.
   */
  advance(to: EpochMicros): Promise<void>;
  /** How many wait: what a test looks at to find a forgotten timer. */
  readonly waiting: number;
}

export function manualClock(startAt: EpochMicros): ManualClock {
  let time = startAt;
  const waiters: { at: EpochMicros; wake: () => void }[] = [];
  return {
    now: () => time,
    get waiting() {
      return waiters.length;
    },
    until: (at: EpochMicros, signal: StopSignal) =>
      new Promise<void>((resolve) => {
        if (signal.aborted) {
          resolve();
          return;
        }
        const wake = (): void => {
          waiters.splice(waiters.indexOf(waiter), 1);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const waiter = { at, wake };
        const later = waiters.findIndex((other) => other.at > at);
        waiters.splice(later < 0 ? waiters.length : later, 0, waiter);
        signal.addEventListener('abort', wake);
        if (at <= time) void setImmediate().then(() => waiters.includes(waiter) && wake());
      }),
    async advance(to) {
      await setImmediate();
      for (let first = waiters[0]; first !== undefined && first.at <= to; first = waiters[0]) {
        if (first.at > time) time = first.at;
        first.wake();
        await setImmediate();
      }
      if (to > time) time = to;
    },
  };
}
