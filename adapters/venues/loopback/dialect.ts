import type { InstrumentDefinition, MarketEvent } from '../../../core/market/events.js';
import type { KnownBook } from '../session/known-book.js';
import type { Request } from '../venue.js';

/** What a venue's server knows of one instrument while it serves it. */
export interface ServedInstrument {
  /** As the venue writes it in its messages. */
  readonly symbol: string;
  readonly definition: InstrumentDefinition;
  /** The book as it was sent so far; `toldAt` gives a snapshot of it, or nothing while the recording itself does not know it. */
  readonly book: KnownBook;
}

/** Every instrument that is served, by its symbol. */
export type Served = ReadonlyMap<string, ServedInstrument>;

/** What a client's message (or the address that it connected to) leads to. */
export interface Received {
  readonly answers: readonly string[];
  /** Instruments (`SYMBOL`) whose channels it opens or closes. */
  readonly opens?: readonly string[];
  readonly closes?: readonly string[];
}

/**
 * The server half of a venue: says what its own mapper reads, so that a recording can be served in the venue's own words.
 * Pure: one dialect is made for each connection, and remembers the numbers that it gave.
 */
export interface Dialect {
  /** Messages of the venue when a client connects. */
  greeting(): readonly string[];
  /** What the address (path and query) alone opens, where the venue lets clients subscribe by it. */
  connected?(path: string, served: Served): Received;
  /** Takes a client's message, whatever it is. */
  receive(text: string, served: Served): Received;
  /** What the venue answers when it refuses the subscriptions of this message; undefined for a message that asks for none. */
  refuse?(text: string): readonly string[] | undefined;
  /**
   * Messages that the venue sends first of a newly opened book: its snapshot, where the feed brings it. Called for each of
   * `opens`, behind the answers.
   */
  opening(instrument: ServedInstrument): readonly string[];
  /**
   * The venue's messages for one event of an open instrument, whose changes are in the book already. Empty for what the
   * venue does not tell (interruptions, definitions): but behind an interruption other than `silent` the numbers of the
   * next book message must not follow, as they did not in the recording.
   */
  say(event: MarketEvent, instrument: ServedInstrument): readonly string[];
  /** A message of nothing but life, sent each second in which nothing else is. */
  heartbeat?(): string;
  /** A message with its checksum wrong, or undefined where it has none. */
  corrupted?(message: string): string | undefined;
}

/** An answer to a REST request that is no success. */
export interface RestAnswer {
  readonly status: number;
  readonly text: string;
}

/** What a loopback venue must know of a venue. */
export interface VenueServer {
  /** An instrument's symbol in messages, where that is not what stands before the `@` of its name. */
  symbolOf?(definition: InstrumentDefinition): string;
  newDialect(): Dialect;
  /**
   * The symbol of the instrument whose book the request asks for, so that it can wait for the recording's first one.
   * May be left out: a request in the words of `connection.snapshot` is known without.
   */
  snapshotOf?(request: Request): string | undefined;
  /**
   * Answers a REST request.
   *
   * @returns a text for success; undefined for a path that the venue does not have
   */
  reply(request: Request, served: Served, base: { readonly socket: string }): string | RestAnswer | undefined;
}
