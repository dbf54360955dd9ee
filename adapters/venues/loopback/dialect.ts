import type { InstrumentDefinition, MarketEvent } from '../../../core/market/events.js';
import type { KnownBook } from '../session/known-book.js';
import type { Request } from '../venue.js';

/** What a venue's server knows of one instrument while it serves it. */
export interface ServedInstrument {
  /** As the venue writes it in its messages. */
  readonly symbol: string;
  readonly definition: InstrumentDefinition;
  /** The book as it was sent so far. */
  readonly book: KnownBook;
}

/**
 * The server half of a venue: says what its own mapper reads, so that a recording can be served in the venue's own words.
 * Pure: one dialect is made for each connection, and remembers the numbers that it gave.
 */
export interface Dialect {
  /** Messages of the venue when a client connects. */
  greeting(): readonly string[];
  /**
   * Takes a client's message.
   *
   * @returns what is answered, and the instruments (`SYMBOL`) whose channels it opens or closes
   */
  receive(
    text: string,
    served: ReadonlyMap<string, ServedInstrument>,
  ): {
    readonly answers: readonly string[];
    readonly opens?: readonly string[];
    readonly closes?: readonly string[];
  };
  /** Messages that the venue sends first of a newly opened book: its snapshot, where the feed brings it. */
  opening(instrument: ServedInstrument): readonly string[];
  /**
   * The venue's messages for one event, whose changes are in the book already. Empty for what the venue does not tell
   * (interruptions, definitions).
   */
  say(event: MarketEvent, instrument: ServedInstrument): readonly string[];
  /** A message of nothing but life, sent each second in which nothing else is. */
  heartbeat?(): string;
  /** A message with its checksum wrong, or undefined where it has none. */
  corrupted?(message: string): string | undefined;
}

/** What a loopback venue must know of a venue. */
export interface VenueServer {
  newDialect(): Dialect;
  /**
   * Answers a REST request.
   *
   * @returns undefined for a path that the venue does not have
   */
  reply(
    request: Request,
    served: ReadonlyMap<string, ServedInstrument>,
    base: { readonly socket: string },
  ): string | undefined;
}
