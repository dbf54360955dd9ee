import type { BookDelta, BookSnapshot, InstrumentDefinition, MarketEvent } from '../../../core/market/events.js';
import { KnownBook } from '../session/known-book.js';
import type { ServedInstrument, VenueServer } from './dialect.js';

/** One instrument of the recording, and its book as it was sent so far. */
export class ServedBook implements ServedInstrument {
  book: KnownBook;

  constructor(
    readonly symbol: string,
    public definition: InstrumentDefinition,
  ) {
    this.book = new KnownBook(definition.instrument, false);
  }
}

/** The books of all instruments that are served. */
export class ServedBooks {
  readonly bySymbol = new Map<string, ServedBook>();
  readonly #byName = new Map<string, ServedBook>();

  /**
   * @param instruments  the recording's; where some are of the venue only those are served, else all, under its name
   */
  constructor(venue: string, server: VenueServer, instruments: readonly InstrumentDefinition[]) {
    const own = instruments.filter(({ instrument }) => instrument.endsWith(`@${venue}`));
    for (const definition of own.length > 0 ? own : instruments) {
      const symbol = server.symbolOf?.(definition) ?? symbolOf(definition);
      const served = new ServedBook(symbol, definition);
      this.bySymbol.set(symbol, served);
      this.#byName.set(definition.instrument, served);
    }
  }

  of(event: MarketEvent): ServedBook | undefined {
    return this.#byName.get(event.data.instrument);
  }

  /** Puts an event into its book. A silence of the recording takes nothing from the book, and a partial one is all there is. */
  apply(served: ServedBook, event: MarketEvent): void {
    if (event.type === 'InstrumentDefined') served.definition = event.data;
    else if (event.type === 'FeedResumed') served.book.apply({ ...event, data: { ...event.data, trust: 'trusted' } });
    else if (event.type !== 'FeedInterrupted' || event.data.reason !== 'silent') served.book.apply(event);
  }

  /** Forgets all books: the recording begins anew. */
  clear(): void {
    for (const served of this.bySymbol.values()) served.book = new KnownBook(served.definition.instrument, false);
  }
}

export const isBookEvent = (event: MarketEvent): event is BookSnapshot | BookDelta =>
  event.type === 'BookSnapshot' || event.type === 'BookDelta';

const symbolOf = ({ instrument }: InstrumentDefinition): string => instrument.slice(0, instrument.lastIndexOf('@'));
