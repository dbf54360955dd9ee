import type { InstrumentDefinition } from '../../core/market/events.js';
import type { EpochMicros, Micros } from '../../core/time.js';
import type { VenueServer } from './loopback/dialect.js';
import type { Description, RulesTable } from './mapping/definitions.js';
import type { MarketSink } from './mapping/sink.js';

/** What came from a venue, as it came: a message of a socket, or the answer to a REST request. */
export interface Frame {
  readonly at: EpochMicros;
  /** Nanoseconds beyond `at`, 0 to 999, where the clock tells them; 0 when absent. */
  readonly nanos?: number;
  readonly kind: 'message' | 'reply';
  /** Of a reply: the request's address with its query. Of a message: its connection's, where that is known. */
  readonly url?: string;
  readonly text: string;
}

/** One line to a venue, or one recording of it: what belongs together when it falls silent or breaks. */
export interface Source {
  /** The instrument that it is of, where it is of one only: whose a reply without a symbol is. */
  readonly symbol?: string;
  /** What has not come will still be sent when it is asked for. */
  readonly isLive: boolean;
  /**
   * Looks ahead for the first REST reply of which `read` makes something; undefined where none will come. A live source
   * is not asked.
   */
  findAhead<T>(read: (reply: Frame) => T | undefined): Promise<T | undefined>;
  /** Asks for a fresh snapshot of one book; a recording cannot give it, and does nothing. */
  wantSnapshot(symbol: string): void;
}

/**
 * The pure half of a venue: frames in, checked inputs out, by the venue's own rules of sequence and checksum. The same one
 * reads live frames and recordings.
 */
export interface VenueMapper {
  /**
   * Takes one frame.
   *
   * @returns whether it became an input (`true`, also for one that only waits or was dropped); a promise where the source
   *          had to be searched first
   * @throws {MessageFault} for what the venue cannot have sent; no book is any the worse, but whose frame it was is unknown
   */
  accept(frame: Frame, source: Source): boolean | Promise<boolean>;
  /**
   * Takes away the trust of the source's books. After `silent` a sequence that goes on unbroken resumes them; after any
   * other reason what was known is forgotten, and the next snapshot is waited for.
   *
   * @param symbols  of these only; of all that the source has when absent
   */
  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void;
  /** Ends the recording. @returns the instruments in the order in which they appeared; @throws {MessageFault} */
  finish(): InstrumentDefinition[];
  /** What was done to numbers beyond reading them since this was last asked, in sentences: binary noise rounded away. */
  notes?(): readonly string[];
}

/** How a venue is reached. Texts and addresses only: who opens sockets and waits is in `connection/`. */
export interface Connection {
  /** Without a slash at the end; settings may name others. */
  readonly endpoints: Endpoints;
  /** Where the socket is and how it wants to be kept alive, when the venue says so itself (KuCoin's token). */
  readonly address?: {
    readonly request: Request;
    /** @throws {MessageFault} */
    read(reply: string, endpoints: Endpoints): { readonly url: string; readonly pingEvery?: Micros };
  };
  /** Path behind `endpoints.socket`, for these instruments. */
  path?(symbols: readonly string[]): string;
  /** Messages that ask for books and trades of these instruments, each within the venue's limits. */
  subscribe(symbols: readonly string[], id: number): readonly string[];
  /** Where trades come over a connection of their own: its path, and the messages that ask for them. */
  readonly tradesApart?: Pick<Connection, 'path' | 'subscribe'>;
  /** How the venue writes its symbols, where that is in one case: what is asked for in the other is understood. */
  readonly letters?: 'upper' | 'lower';
  /** Messages that make the venue send the book of one instrument anew; absent where a snapshot is fetched over REST. */
  resubscribe?(symbol: string, id: number): readonly string[];
  /** REST request for the book of one instrument; absent where the feed brings it. */
  snapshot?(symbol: string): Request;
  /**
   * Requests that tell the rules of these instruments, of all that there are when none is named; their replies go through
   * `readInstruments`.
   */
  instruments(symbols: readonly string[]): readonly Request[];
  /** A message to send when nothing was sent for so long; absent where the socket's own ping does. */
  readonly ping?: { readonly every: Micros; text(id: number): string };
  /** What to answer to a message that wants an answer (a ping); undefined for all others. */
  answer?(text: string): string | undefined;
  /** A message that says that a subscription was refused: the sentence to tell; undefined for all others. */
  refusal?(text: string): string | undefined;
  readonly limits: Limits;
}

export interface Endpoints {
  /** `wss://…` */
  readonly socket: string;
  /** `https://…` */
  readonly rest: string;
}

export interface Request {
  readonly method?: 'GET' | 'POST';
  /** Path and query behind `endpoints.rest`. */
  readonly path: string;
  readonly body?: string;
}

/** What a venue asks of its clients. */
export interface Limits {
  /** Instruments that one connection may carry. */
  readonly instrumentsPerConnection: number;
  /** Messages that we may send over one connection in that time. */
  readonly messages: { readonly count: number; readonly within: Micros };
  /** New connections in that time. */
  readonly connects: { readonly count: number; readonly within: Micros };
  /** REST requests in that time. */
  readonly requests: { readonly count: number; readonly within: Micros };
  /** A connection is closed by the venue after this time. */
  readonly life?: Micros;
  /** No message of any kind for so long, where the venue promises one: the line is dead. */
  readonly silence: Micros;
}

/** A row of a venue's table of rules, as `docs/venues.md` shows it. */
export interface VenueRules {
  /** Channels that are read. */
  readonly channels: string;
  readonly snapshot: string;
  readonly sequence: string;
  readonly checksum: string;
  readonly limits: string;
  readonly ping: string;
  /** What each of these is known from: the venue's documentation (with the day), or a recording. */
  readonly evidence: string;
}

/** Everything that is known of one venue. */
export interface Venue {
  readonly name: string;
  /** Hosts of its sockets and of its REST API, by which a recording is told; with a path where venues share the host. */
  readonly hosts: readonly string[];
  readonly rules: VenueRules;
  newMapper(sink: MarketSink): VenueMapper;
  /**
   * Reads a reply with instrument rules.
   *
   * @returns undefined when the reply is none; @throws {MessageFault}
   */
  readInstruments?(reply: Frame): readonly InstrumentDefinition[] | undefined;
  /** What a symbol says of its instrument, for recordings that are not in the venue's own words. */
  describe?(symbol: string): Description;
  /** Its dated table of well-known instruments. */
  readonly table?: RulesTable;
  /** Whether a message of unknown origin is this venue's, and of which instrument; undefined where it does not say. */
  recognise?(message: unknown): { readonly symbol: string | undefined } | undefined;
  /** When the venue says that it sent a message: the time of recordings that kept no other. Undefined where it does not say. */
  sentAt?(message: string): EpochMicros | undefined;
  /** Absent for a venue that is known from recordings only. */
  readonly connection?: Connection;
  /** The venue's own side, for serving a recording in its words; there wherever `connection` is. */
  readonly server?: VenueServer;
}
