import type { MarketEvent } from '../../../core/market/events.js';
import type { StopSignal } from '../../../core/ports.js';

/** What may wait for a reader, at the most. */
const MOST_EVENTS = 20_000;
const MOST_LEVELS = 400_000;
const MOST_PER_BATCH = 4_096;

/** Events that nobody has read yet, in their order. It has a bound: whoever puts looks whether it is full. */
export class EventQueue {
  #events: MarketEvent[] = [];
  #levels = 0;
  #wake: (() => void) | undefined;
  #error: { readonly cause: unknown } | undefined;

  /** @param onTaken  called whenever events were read */
  constructor(readonly onTaken: () => void) {}

  get length(): number {
    return this.#events.length;
  }

  get isFull(): boolean {
    return this.#events.length >= MOST_EVENTS || this.#levels >= MOST_LEVELS;
  }

  /** No more than half of it is taken. */
  get hasRoom(): boolean {
    return this.#events.length <= MOST_EVENTS / 2 && this.#levels <= MOST_LEVELS / 2;
  }

  put(event: MarketEvent): void {
    this.#events.push(event);
    this.#levels += levelsOf(event);
    this.#wake?.();
  }

  /** Whoever fills it cannot go on: the reader is told once it has read what there is. */
  fail(cause: unknown): void {
    this.#error ??= { cause };
    this.#wake?.();
  }

  /** Events as they come, in batches, until the signal aborts. */
  async *batches(signal: StopSignal): AsyncGenerator<readonly MarketEvent[]> {
    const wake = (): void => this.#wake?.();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        if (this.#events.length > 0) yield this.#take();
        else if (this.#error !== undefined) throw this.#error.cause;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  #take(): readonly MarketEvent[] {
    const taken = this.#events.splice(0, MOST_PER_BATCH);
    for (const event of taken) this.#levels -= levelsOf(event);
    this.onTaken();
    return taken;
  }
}

function levelsOf({ type, data }: MarketEvent): number {
  switch (type) {
    case 'BookSnapshot':
    case 'BookDelta':
      return data.bids.length + data.asks.length;
    case 'Traded':
      return data.trades.length;
    default:
      return 0;
  }
}
