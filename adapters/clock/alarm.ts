import type { StopSignal } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';
import type { Clock } from './clock.js';

/** Waits for an instant, and lets others end the wait early. A ring while nobody waits ends the next wait. */
export class Alarm {
  #rung = false;
  #wake: (() => void) | undefined;

  constructor(readonly clock: Clock) {}

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves at `at`, when the alarm rings, or when the signal aborts. */
  async wait(at: EpochMicros, signal: StopSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      const waking = new AbortController();
      const wake = (): void => {
        waking.abort();
      };
      this.#wake = wake;
      signal.addEventListener('abort', wake);
      await this.clock.until(at, waking.signal);
      signal.removeEventListener('abort', wake);
      this.#wake = undefined;
    }
    this.#rung = false;
  }
}
