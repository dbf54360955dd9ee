import { setImmediate } from 'node:timers/promises';
import type { StopSignal } from '../../../core/ports.js';
import { MICROS } from '../../../core/time.js';
import type { Clock } from '../../clock/clock.js';

/** The play waits so long for somebody who asks for a snapshot. */
const PATIENCE = MICROS.s;

/** Requests for the snapshot of one book. */
interface Asked {
  /** Those that wait until the book is known. */
  waiting: (() => void)[];
  /** Asked, and not handed over yet. */
  inFlight: number;
  handedOver: number;
  /** Called when one was handed over. */
  onHandedOver: () => void;
}

/** REST requests for snapshots: they wait while the recording does not know the book, and the play waits for them. */
export class SnapshotRequests {
  readonly #bySymbol = new Map<string, Asked>();

  constructor(readonly clock: Clock) {}

  /** A request was made. Resolves when it can be answered; whoever answers says `handedOver` afterwards. */
  async asked(symbol: string, isKnown: boolean): Promise<void> {
    const asked = this.#of(symbol);
    asked.inFlight++;
    if (!isKnown) await new Promise<void>((resolve) => asked.waiting.push(resolve));
  }

  handedOver(symbol: string): void {
    const asked = this.#of(symbol);
    asked.inFlight--;
    asked.handedOver++;
    asked.onHandedOver();
  }

  isAskedFor(symbol: string): boolean {
    return this.#of(symbol).inFlight > 0;
  }

  /** The book is known now: who waits can be answered. */
  release(symbol: string): void {
    for (const resolve of this.#of(symbol).waiting.splice(0)) resolve();
  }

  releaseAll(): void {
    for (const symbol of this.#bySymbol.keys()) this.release(symbol);
  }

  /** Resolves when all who ask now have the snapshot, when nobody has asked for a while, or when the signal aborts. */
  async untilHandedOver(symbol: string, signal: StopSignal): Promise<void> {
    const asked = this.#of(symbol);
    const before = asked.handedOver;
    const done = new AbortController();
    const stop = (): void => done.abort();
    signal.addEventListener('abort', stop);
    asked.onHandedOver = () => {
      if (asked.inFlight === 0) stop();
    };
    if (signal.aborted) stop();
    await this.clock.until(this.clock.now() + PATIENCE, done.signal);
    // one that is on its way is waited for
    if (asked.handedOver === before && asked.inFlight > 0) await this.clock.until(Infinity, done.signal);
    asked.onHandedOver = () => undefined;
    signal.removeEventListener('abort', stop);
    await setImmediate(); // let the client read it first
  }

  #of(symbol: string): Asked {
    let asked = this.#bySymbol.get(symbol);
    if (asked === undefined) {
      asked = { waiting: [], inFlight: 0, handedOver: 0, onHandedOver: () => undefined };
      this.#bySymbol.set(symbol, asked);
    }
    return asked;
  }
}
