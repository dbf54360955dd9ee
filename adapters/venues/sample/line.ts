import type { Draws } from '../../../core/draws.js';
import type { BookData, MarketEvent, Trade } from '../../../core/market/events.js';
import { MICROS, type EpochMicros, type Micros } from '../../../core/time.js';

/** What the venue sends after one step. */
export interface Sent {
  readonly step: number;
  readonly venueAt: EpochMicros;
  /** Time since the step before. */
  readonly span: Micros;
  readonly changes: BookData;
  readonly trades: readonly Trade[];
  /** The whole book, for the snapshot that ends a gap. */
  readonly whole: () => BookData;
}

const MOST_LOST = 8;

/**
 * The line between the venue and us. Messages take their time, book and trades by different ways, so that a trade may
 * come after the book that contains it; now and then some are lost, which shows in the sequence of the next one, and a
 * snapshot follows. Draws are made for every step alike, so that a gap changes nothing but what is seen.
 */
export class Line {
  #receivedAt: EpochMicros = 0;
  /** The last step that arrived before some were lost, and how many are still going to be. */
  #loss: { readonly after: number; left: number } | undefined;
  /** When the snapshot comes that ends a gap; until then changes are of no use and are not passed on. */
  #snapshotAt: EpochMicros | undefined;

  constructor(readonly gapsPerHour: number) {}

  /** The gap is over, because a whole book has been handed out. */
  mend(): void {
    this.#loss = undefined;
    this.#snapshotAt = undefined;
  }

  /** @returns what arrives, in the order of receipt and stamped with it */
  carry(sent: Sent, draws: Draws): MarketEvent[] {
    const { step, venueAt, span } = sent;
    const tradesAt = venueAt + 2_000 + Math.floor(draws.exponential() / 1000);
    const bookAt = venueAt + 2_800 + Math.floor(draws.exponential() / 1000);
    const breaks = draws.chance((this.gapsPerHour * span) / MICROS.h);
    const toLose = 1 + draws.below(MOST_LOST);
    const resync = 100 * MICROS.ms + draws.below(500) * MICROS.ms;

    if (breaks && this.#loss === undefined && this.#snapshotAt === undefined)
      this.#loss = { after: step - 1, left: toLose };
    if (this.#loss !== undefined && this.#loss.left-- > 0) return [];

    const arrived: MarketEvent[] = [];
    const trades = (): void => {
      if (sent.trades.length === 0) return;
      const data = { instrument: sent.changes.instrument, venueAt, trades: sent.trades };
      arrived.push({ type: 'Traded', version: 1, at: this.#receive(tradesAt), data });
    };
    if (tradesAt <= bookAt) trades();
    const book = this.#book(sent, resync);
    if (book !== undefined) arrived.push({ ...book, at: this.#receive(bookAt) });
    if (tradesAt > bookAt) trades();
    return arrived;
  }

  #book(sent: Sent, resync: Micros): MarketEvent | undefined {
    const { step, venueAt, changes } = sent;
    if (this.#loss !== undefined) {
      const { after } = this.#loss;
      this.#loss = undefined;
      this.#snapshotAt = venueAt + resync;
      const detail = `the book went from ${after} to ${step}: ${step - after - 1} messages were lost; a snapshot is on its way`;
      const data = { instrument: changes.instrument, venueAt, reason: 'gap', detail };
      return { type: 'FeedInterrupted', version: 1, at: venueAt, data };
    }
    if (this.#snapshotAt === undefined) return { type: 'BookDelta', version: 1, at: venueAt, data: changes };
    if (venueAt < this.#snapshotAt) return undefined;
    this.#snapshotAt = undefined;
    return { type: 'BookSnapshot', version: 1, at: venueAt, data: sent.whole() };
  }

  /** One line never overtakes itself. */
  #receive(at: EpochMicros): EpochMicros {
    if (at > this.#receivedAt) this.#receivedAt = at;
    return this.#receivedAt;
  }
}
