import type { BookData, LevelText, MarketEvent } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';

/**
 * What a session has shown of one instrument so far, kept as the text that it came in, so that a snapshot can be made of
 * it at any moment. What it makes is worth as much as the session's own book is: `trusted` a snapshot, `partial` no more
 * than the word that it goes on, `unknown` (before the first snapshot, after a gap) nothing.
 */
export class KnownBook {
  readonly #bids = new Map<string, string>();
  readonly #asks = new Map<string, string>();
  #worth: 'trusted' | 'partial' | 'unknown';
  #venueAt: EpochMicros | undefined;
  #venueSeq: number | undefined;

  constructor(
    readonly instrument: string,
    startsEmpty: boolean,
  ) {
    this.#worth = startsEmpty ? 'partial' : 'unknown';
  }

  /** The venue's number of the last message that is in it, where one had a number. */
  get venueSeq(): number | undefined {
    return this.#venueSeq;
  }

  /** Whether a snapshot can be made of it. */
  get isKnown(): boolean {
    return this.#worth === 'trusted';
  }

  apply(event: MarketEvent): void {
    switch (event.type) {
      case 'BookSnapshot':
        this.#bids.clear();
        this.#asks.clear();
        this.#set(event.data);
        this.#worth = 'trusted';
        break;
      case 'BookDelta':
        if (event.data.dropped !== true) this.#set(event.data);
        break;
      case 'FeedInterrupted':
        this.#worth = 'unknown';
        break;
      case 'FeedResumed':
        this.#worth = event.data.trust;
        break;
      default:
    }
  }

  /** What to tell one who asks for a snapshot at `at`; nothing while the session itself does not know the book. */
  toldAt(at: EpochMicros): MarketEvent | undefined {
    const { instrument } = this;
    const when = this.#venueAt === undefined ? {} : { venueAt: this.#venueAt };
    switch (this.#worth) {
      case 'unknown':
        return undefined;
      case 'partial':
        return { type: 'FeedResumed', version: 1, at, data: { instrument, ...when, trust: 'partial' } };
      case 'trusted': {
        const sequence = this.#venueSeq === undefined ? {} : { venueSeq: this.#venueSeq };
        return { type: 'BookSnapshot', version: 1, at, data: { instrument, ...when, ...sequence, ...this.levels() } };
      }
    }
  }

  /** All levels, best first, whatever they are worth. */
  levels(): { readonly bids: LevelText[]; readonly asks: LevelText[] } {
    return {
      bids: [...this.#bids].sort((a, b) => comparePlain(b[0], a[0])),
      asks: [...this.#asks].sort((a, b) => comparePlain(a[0], b[0])),
    };
  }

  #set({ venueAt, venueSeq, bids, asks }: BookData): void {
    this.#venueAt = venueAt ?? this.#venueAt;
    this.#venueSeq = venueSeq ?? this.#venueSeq;
    put(this.#bids, bids);
    put(this.#asks, asks);
  }
}

function put(side: Map<string, string>, levels: readonly LevelText[]): void {
  for (const [price, quantity] of levels)
    if (quantity === '0') side.delete(price);
    else side.set(price, quantity);
}

/** Orders plain decimals without leading or trailing zeros by value: more whole digits are more, else as the text goes. */
export function comparePlain(a: string, b: string): number {
  const wholeA = a.indexOf('.') < 0 ? a.length : a.indexOf('.');
  const wholeB = b.indexOf('.') < 0 ? b.length : b.indexOf('.');
  return wholeA - wholeB || (a < b ? -1 : a > b ? 1 : 0);
}
