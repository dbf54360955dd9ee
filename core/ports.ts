import type { Json } from './json.js';
import type { MarketColumns } from './market/columns.js';
import type { InstrumentDefinition, MarketEvent } from './market/events.js';
import type { OrderProjection } from './orders/projection.js';
import type { EpochMicros } from './time.js';

/** As much of an `AbortSignal` as is needed here; the core knows no DOM. */
export interface StopSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

// ---- the log ---------------------------------------------------------------------------------------------------------

/**
 * An event as it stands in the log. Inputs carry `seq`, their place in the one order; outcomes carry `n`, their ordinal in
 * the run, and `cause`, the seq of the input that they met; bookkeeping carries neither.
 */
export interface LogEvent {
  readonly type: string;
  readonly version: number;
  readonly at: EpochMicros;
  readonly seq?: number;
  readonly n?: number;
  readonly cause?: number;
  readonly data: Json;
}

/** A log event with where it stands. Its id follows from stream, revision and, for an input, its content (UUIDv8). */
export interface StoredEvent {
  readonly stream: string;
  /** Ordinal in its stream, from 0. */
  readonly revision: number;
  /** Where a later reader goes on; means something to the same store only. */
  readonly position: Position;
  readonly event: LogEvent;
  /** As the store holds it; absent where ids are not stored. */
  readonly id?: string;
}

/** A store's own reading cursor: opaque, only for the store that gave it. Order is `seq`, never this. */
export type Position = string;

/** What the stream must look like for an append to be taken: the revision of its last event, or one of three words. */
export type ExpectedRevision = number | 'no_stream' | 'stream_exists' | 'any';

export interface StreamAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly LogEvent[];
}

/** An append was refused because the stream is not where the writer thinks. Nothing of that stream's batch was stored. */
export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    /** Revision of the last event, or undefined for a stream that does not exist. */
    readonly actual: number | undefined,
  ) {
    super(
      `stream ${stream}: expected ${String(expected)}, but ` +
        (actual === undefined ? 'it does not exist' : `its last revision is ${actual}`) +
        '; another writer was here, or this one is behind: read the stream again',
    );
  }
}

/** The store failed or what it holds is damaged. `where` names stream and seq as far as they are known. */
export class LogFailure extends Error {
  override readonly name = 'LogFailure';
  constructor(
    readonly code: 'damaged' | 'disk_full' | 'read_only' | 'in_use' | 'unavailable' | 'foreign',
    message: string,
    readonly where: {
      readonly stream?: string;
      readonly revision?: number;
      readonly seq?: number;
      /** The text that stands where the damaged event was written. */
      readonly found?: string;
    } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface StreamInfo {
  readonly stream: string;
  readonly lastRevision: number;
  readonly bytes: number;
}

/** A stream that rolls; its bytes where the store knows them without counting. */
export type RolledInfo = Pick<StreamInfo, 'stream' | 'lastRevision'> & Partial<Pick<StreamInfo, 'bytes'>>;

export interface ReadAllOptions {
  /** Inclusive: the first event at or after this position; absent reads from the start. */
  readonly from?: Position;
  /** Exclusive: the first event after this position. */
  readonly after?: Position;
  /** Only streams whose name begins with one of these. */
  readonly prefixes?: readonly string[];
}

export type SubscriptionItem =
  | { readonly kind: 'events'; readonly events: readonly StoredEvent[] }
  /** Everything stored has been handed over; may come many times. */
  | { readonly kind: 'caughtUp' };

export interface ReadStreamOptions {
  /** The first revision wanted, inclusive. */
  readonly from?: number;
  /** Most events that are wanted: no more than these are fetched. */
  readonly limit?: number;
}

/** Remembers events in streams, durably. One contract suite holds every adapter to this. */
export interface EventLog {
  /**
   * Streams are written side by side: where a writer dies, some streams of its last append may stand and others not. Absent:
   * an append of several streams is stored whole or not at all.
   */
  readonly sideBySide?: true;
  /**
   * Appends to one or more streams; resolved means durable and readable. Per stream it is the whole batch or nothing.
   * A repeat of the same events with an explicit revision or `no_stream` is answered as done and stored once.
   *
   * @throws {WrongExpectedRevision} @throws {LogFailure}
   */
  append(batch: readonly StreamAppend[]): Promise<void>;
  /** Events of one stream in the order of revision, from `from` inclusive; an absent stream yields nothing. */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly StoredEvent[]>;
  /** Events of all streams in the store's order (the embedded store: the order of appending). */
  readAll(options?: ReadAllOptions): AsyncIterable<readonly StoredEvent[]>;
  /** As `readAll` with `after`, and goes on with what is appended later, until `signal` aborts. */
  subscribe(options: ReadAllOptions, signal: StopSignal): AsyncIterable<SubscriptionItem>;
  /** A position behind which nothing is stored yet, for a later reader to go on `after`; undefined for an empty log. */
  lastPosition(): Promise<Position | undefined>;
  /** Revision of the last event, or undefined for an absent stream. */
  lastRevision(stream: string): Promise<number | undefined>;
  streams(prefix?: string): AsyncIterable<StreamInfo>;
  /**
   * Streams whose names end with a day or an hour (`-yyyymmdd`, `-yyyymmddhh`), by name. It takes as long as there are such
   * streams; `streams` may take as long as the log is.
   */
  rolls(prefix: string): AsyncIterable<RolledInfo>;
  /** Drops whole streams, for retention. */
  drop(streams: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

// ---- projections at rest ---------------------------------------------------------------------------------------------

/**
 * Where the projections of orders rest that the engine no longer holds. It can be rebuilt from the log at any time; a
 * watermark says up to which outcome it has been written.
 */
export interface OrderTable {
  /** Ordinal of the last outcome that is in the table, 0 for an empty one. */
  readonly watermark: number;
  get(orderId: string): OrderProjection | undefined;
  /** Orders begun before the outcome `before`, the newest first. */
  newestFirst(before: number): Iterable<OrderProjection>;
  put(orders: readonly OrderProjection[], watermark: number): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

// ---- markets and recordings ------------------------------------------------------------------------------------------

/** Inputs that are no market data: commands, accounts, ticks, runs. They travel as JSON in every mode. */
export interface OtherInput {
  readonly type: string;
  readonly version: number;
  readonly at: EpochMicros;
  readonly seq: number;
  readonly data: Json;
}

/** A stretch of the one order: market inputs as columns, the others beside them; both ascend by `seq`. */
export interface InputBatch {
  readonly market: MarketColumns;
  readonly others: readonly OtherInput[];
}

/** Where replay and backtest get their inputs. Never whole in memory. */
export interface Recording {
  readonly instruments: readonly InstrumentDefinition[];
  readonly from: EpochMicros;
  /** Its last line's receive time, ignored lines included. */
  readonly to: EpochMicros;
  /** In the order of `seq`. A batch's columns are good until the next batch is asked for: their memory is used again. */
  inputs(): AsyncIterable<InputBatch>;
}

/** A live market. Yields what happened, stamped on receipt, until the signal aborts. */
export interface MarketFeed {
  /** What is traded here; each is appended as the first input of its instrument. */
  readonly instruments: readonly InstrumentDefinition[];
  watch(signal: StopSignal): AsyncIterable<readonly MarketEvent[]>;
  /** Asks for a fresh snapshot of every book (after a start, a gap, a stall); it comes through `watch`. */
  requestSnapshots(): void;
  /** Nothing is lost while nobody pulls: it is no market of the present. */
  readonly canWait?: true;
  /** Why its books are no market any more when it has ended; `feed_ended` when absent. */
  readonly ending?: { readonly reason: string; readonly detail: string };
  /** How the way to an instrument's venue is; absent where there is none. */
  status?(instrument: string): FeedStatus | undefined;
}

/** The connection over which an instrument's messages come. */
export interface FeedStatus {
  readonly connected: boolean;
  /** When anything came over it last, 0 before that. */
  readonly lastFrameAt: EpochMicros;
  /** How often the instrument's book was interrupted since the start. */
  readonly interruptions: number;
  /** How often the connection was opened again since the start. */
  readonly reconnects: number;
  /** Our receive time minus the venue's, over the newest messages that have one, in milliseconds. */
  readonly skewMs?: { readonly min: number; readonly median: number; readonly max: number };
}

/** SHA-256, which the core needs and cannot bring along. */
export interface Digest {
  update(text: string): void;
  /** Lower-case hex. */
  hex(): string;
}
export type NewDigest = () => Digest;
