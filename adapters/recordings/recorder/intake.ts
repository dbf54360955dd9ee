import type { MarketEvent } from '../../../core/market/events.js';
import type { StopSignal } from '../../../core/ports.js';
import type { EpochMicros } from '../../../core/time.js';

/** What may wait for the disk, at the most: then nothing more is pulled, and the feeds see to what they lose. */
const MOST_EVENTS = 20_000;
const MOST_LEVELS = 400_000;

/** What feeds have said and the recorder has not written yet: bounded, and taken out as one order. */
export class Intake {
  readonly #lines: MarketEvent[][];
  #events = 0;
  #levels = 0;
  #room: (() => void)[] = [];

  constructor(feeds: number) {
    this.#lines = Array.from({ length: feeds }, () => []);
  }

  get isFull(): boolean {
    return this.#events >= MOST_EVENTS || this.#levels >= MOST_LEVELS;
  }

  /** Takes what a feed said; resolves when there is room for more. */
  async put(feed: number, events: readonly MarketEvent[], signal: StopSignal): Promise<void> {
    const line = this.#lines[feed]!;
    for (const event of events) {
      line.push(event);
      this.#events++;
      this.#levels += levelsOf(event);
    }
    while (this.isFull && !signal.aborted) await this.#untilTaken(signal);
  }

  /**
   * Takes out what was received by an instant: by receive time, then in the order of the feeds. A feed's own order stays, also
   * where its times run backwards.
   */
  take(until: EpochMicros): MarketEvent[] {
    const taken: MarketEvent[] = [];
    const next = this.#lines.map(() => 0);
    for (;;) {
      let first = -1;
      let at = Infinity;
      this.#lines.forEach((line, feed) => {
        const event = line[next[feed]!];
        if (event === undefined || event.at >= at) return;
        first = feed;
        at = event.at;
      });
      if (first < 0 || at > until) break;
      taken.push(this.#lines[first]![next[first]!++]!);
    }
    this.#lines.forEach((line, feed) => line.splice(0, next[feed]));
    this.#events -= taken.length;
    for (const event of taken) this.#levels -= levelsOf(event);
    for (const wake of this.#room.splice(0)) wake();
    return taken;
  }

  async #untilTaken(signal: StopSignal): Promise<void> {
    let wake!: () => void;
    const taken = new Promise<void>((resolve) => (wake = resolve));
    this.#room.push(wake);
    signal.addEventListener('abort', wake);
    await taken;
    signal.removeEventListener('abort', wake);
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
