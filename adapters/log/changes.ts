import type { StopSignal } from '../../core/ports.js';

/** Tells those who follow a log that there may be something new. */
export interface Changes {
  /** Differs from an earlier answer when something was appended in between. */
  count(): number;
  /** Resolves when `count()` differs from `seen`, or when the signal aborts; rejects when the log is gone. */
  after(seen: number, signal: StopSignal): Promise<void>;
}

/** Changes that the process itself makes. Nothing is queued: whoever wakes reads the store again. */
export class OwnChanges implements Changes {
  #count = 0;
  #failure: Error | undefined;
  readonly #waiting = new Set<() => void>();

  count(): number {
    return this.#count;
  }

  announce(): void {
    this.#count += 1;
    this.#wake();
  }

  /** The log is gone: everyone who waits, now or later, is told why. */
  fail(failure: Error): void {
    this.#failure ??= failure;
    this.#wake();
  }

  async after(seen: number, signal: StopSignal): Promise<void> {
    if (this.#count === seen && this.#failure === undefined && !signal.aborted)
      await new Promise<void>((resolve) => {
        const done = (): void => {
          this.#waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        this.#waiting.add(done);
        signal.addEventListener('abort', done);
      });
    if (this.#failure !== undefined) throw this.#failure;
  }

  #wake(): void {
    for (const resolve of [...this.#waiting]) resolve();
  }
}

/** Changes that another process makes: asks again after a while, as long as somebody waits. */
export class PolledChanges implements Changes {
  constructor(
    /** Must throw when the log is closed. */
    private readonly ask: () => number,
    private readonly everyMs: number,
  ) {}

  count(): number {
    return this.ask();
  }

  async after(seen: number, signal: StopSignal): Promise<void> {
    while (this.ask() === seen && !isAborted(signal)) await pause(this.everyMs, signal);
  }
}

/** Asks anew each time; the compiler would take one answer for all. */
export const isAborted = (signal: StopSignal): boolean => signal.aborted;

function pause(ms: number, signal: StopSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
