import type { EpochMicros, Micros } from '../../../core/time.js';

/** Messages that are looked at. */
const WINDOW = 512;

/** Receive time minus the venue's time, in milliseconds. */
export interface SkewMs {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/**
 * How far our clock is ahead of the venue's, with the way of the messages in it. It is measured and shown; no time is ever
 * corrected by it.
 */
export class Skew {
  readonly #latest: Micros[] = [];
  #next = 0;

  add(receivedAt: EpochMicros, venueAt: EpochMicros): void {
    this.#latest[this.#next] = receivedAt - venueAt;
    this.#next = (this.#next + 1) % WINDOW;
  }

  /** Over the newest messages that had a time of the venue; undefined before the first. */
  measured(): SkewMs | undefined {
    const sorted = [...this.#latest].sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1];
    return median === undefined ? undefined : { min: ms(sorted[0]!), median: ms(median), max: ms(sorted.at(-1)!) };
  }
}

const ms = (span: Micros): number => Math.round(span / 100) / 10;
