import type { SessionSpeed, SessionStep } from '../../adapters/venues/session/session-clock.js';
import type { Observable } from 'rxjs';
import type { Refusal } from '../../core/errors.js';
import type { Json } from '../../core/json.js';
import type { InstrumentDefinition } from '../../core/market/events.js';
import type { UnstampedCommand } from '../../core/orders/commands.js';
import type { OrderStatus, TwapParameters } from '../../core/orders/parameters.js';
import type { Preview } from '../../core/orders/preview.js';
import type { FeedStatus, LogEvent } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';
import type { Moment } from '../../replay/moment.js';

/** Why the live run cannot serve just now; REST answers 503 with the code. */
export class CannotServe extends Error {
  override readonly name = 'CannotServe';
  constructor(
    readonly code: 'starting' | 'stopping' | 'overloaded' | 'log_failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A moment cannot be shown: it is ahead of the log, or what is needed to know it is gone; REST answers 400 or 410. */
export class NoSuchMoment extends Error {
  override readonly name = 'NoSuchMoment';
  constructor(
    readonly code: 'moment_ahead' | 'moment_gone',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface FeedHealth {
  readonly instrument: string;
  readonly trust: string;
  readonly reason: string;
  /** Receive time of its last book message; 0 before the first. */
  readonly bookAt: EpochMicros;
  /** Messages that were left out since the start because the log was slower than the market. */
  readonly leftOut: number;
  /** How the way to its venue is, where there is one. */
  readonly status?: FeedStatus;
}

export interface Health {
  readonly status: 'ok' | 'starting' | 'stopping' | 'failed';
  readonly reason?: string;
  /** The time that the market lives in, and the machine's; how many times as fast as this it goes, or that it is moved by hand. */
  readonly clock: {
    readonly at: EpochMicros;
    readonly wallAt: EpochMicros;
    readonly speed: SessionSpeed;
    /** Of a captured session: it has nothing more to say. */
    readonly isOver?: boolean;
  };
  /** Last input folded, and how far the engine is behind the oldest input that waits. */
  readonly engine: { readonly seq: number; readonly n: number; readonly lagMs: number };
  readonly feeds: readonly FeedHealth[];
}

export interface BookView {
  readonly instrument: string;
  readonly trust: string;
  readonly reason: string;
  /** The engine's time. */
  readonly at: EpochMicros;
  /** Receive time of the last message applied to it. */
  readonly bookAt: EpochMicros;
  readonly position: string;
  /** Best first; [price, quantity] as plain text. */
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
}

/** An order as its projection's JSON (docs/commands.md); `since` orders the pages. */
export type OrderJson = Json & Record<string, Json | undefined>;

export interface OrdersQuery {
  readonly states?: readonly OrderStatus[];
  readonly instrument?: string;
  readonly account?: string;
  /** A cursor from `next`: only older orders. */
  readonly after?: string;
  /** 1 to 1,000. */
  readonly limit: number;
}

/** One event of an order's history: a command or an outcome, where it stands and when. */
export interface HistoryEvent {
  readonly stream: string;
  readonly revision: number;
  readonly event: LogEvent;
}

/** `orders`: every change of every order. `order:<id>`: its outcomes. `book:<i>`: the book. `trades:<i>`: its trades. */
export interface Frame {
  readonly channel: string;
  /** `seq.n`: the last input folded, the last outcome seen. */
  readonly position: string;
  readonly type: string;
  /** Look at it when the frame comes: an order's is made then, and shows how the order stands. */
  readonly data: Json;
}

/** What became of a command: it is durable and folded; `refusal` when the engine turned it down in its present state. */
export interface CommandAnswer {
  readonly seq: number;
  readonly refusal?: Refusal;
}

/** An order that somebody thinks of submitting. */
export interface PreviewRequest {
  readonly orderId?: string;
  readonly parameters: TwapParameters;
}

/**
 * The run as it was at a moment of its log, inclusive; undefined for what was not there then.
 *
 * @throws {NoSuchMoment} @throws {CannotServe} when too many moments are asked for at once
 */
export interface Past {
  book(instrument: string, depth: number, moment: Moment): Promise<BookView | undefined>;
  account(account: string, moment: Moment): Promise<Json | undefined>;
  /** Once its costs are final an order is told from its own outcomes alone, and without `trust`. */
  order(orderId: string, moment: Moment): Promise<OrderJson | undefined>;
}

/** Where a captured session stands after a step. */
export interface Stepped {
  readonly at: EpochMicros;
  /** `seq.n`: the last input folded, the last outcome seen. */
  readonly position: string;
  readonly isOver: boolean;
}

/** A live run as its door sees it. Everything that it tells is read from state that holds what was acknowledged. */
export interface LiveRun {
  health(): Health;
  instruments(): readonly (InstrumentDefinition & { readonly trust: string })[];
  book(instrument: string, depth: number): BookView | undefined;
  /**
   * Logs a command and folds it. The account is opened first where this is its first use.
   *
   * @throws {CannotServe}
   */
  command(command: UnstampedCommand): Promise<CommandAnswer>;
  /** What would become of an order that is submitted now. Nothing is logged, and nothing changes. */
  preview(request: PreviewRequest): Promise<Preview>;
  order(orderId: string): Promise<OrderJson | undefined>;
  orders(query: OrdersQuery): Promise<{ readonly orders: readonly OrderJson[]; readonly next: string | null }>;
  /** The commands and outcomes of an order, in the order in which they happened; undefined for an unknown order. */
  history(orderId: string): Promise<readonly HistoryEvent[] | undefined>;
  account(account: string): Json | undefined;
  readonly past: Past;
  /** Hot; frames of all channels as they happen. `book:` frames only for instruments somebody watches. */
  readonly frames$: Observable<Frame>;
  /** What a client missed: frames of a channel after a position, exclusive, up to this call, positions rising. */
  framesAfter(channel: string, position: string): AsyncIterable<Frame>;
  /**
   * Moves a captured session that stands until it is moved; resolves when the engine has come there. Undefined for any other
   * market. One at a time.
   *
   * @throws {CannotServe}
   */
  readonly step?: ((step: SessionStep) => Promise<Stepped>) | undefined;
  /** Tells the run that somebody watches an instrument's book; call the result to stop. */
  watchBook(instrument: string): () => void;
}
