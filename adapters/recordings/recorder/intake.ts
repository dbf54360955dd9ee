import type { MarketEvent } from '../../../core/market/events.js';
import type { StopSignal } from '../../../core/ports.js';
import type { EpochMicros } from '../../../core/time.js';

/** Messages that wait for the disk, at the most: then nothing more is pulled, and the feeds see to what they lose. */
const MOST_WAITING = 20_000;

/** What feeds have said and the recorder has not written yet: bounded, and taken out as one order. */
export class Intake {
  readonly #lines: MarketEvent[][];
  #waiting = 0;
  #room: (() => void)[] = [];

  constructor(feeds: number) {
    this.#lines = Array.from({ length: feeds }, () => []);
  }

  /** Takes what a feed said; resolves when there is room for more. */
  async put(feed: number, events: readonly MarketEvent[], signal: StopSignal): Promise<void> {
    const line = this.#lines[feed]!;
    for (const event of events) line.push(event);
    this.#waiting += events.length;
    while (this.#waiting > MOST_WAITING && !signal.aborted) await this.#untilTaken(signal);
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
    this.#waiting -= taken.length;
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
