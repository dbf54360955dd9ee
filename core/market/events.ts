import type { EpochMicros } from '../time.js';

/** An event of the log as plain JSON: a fact, told apart by `type`, with the version of the shape of `data`. */
export interface Event<Type extends string, Version extends number, Data> {
  readonly type: Type;
  readonly version: Version;
  /** For an input the instant we received it; for an outcome the engine's time when it happened. */
  readonly at: EpochMicros;
  readonly data: Readonly<Data>;
}

/** One level as the venue sent it: price and quantity, plain decimal text; quantity "0" deletes the level. */
export type LevelText = readonly [price: string, quantity: string];

/** Where an instrument's rules come from, best first (docs/orders.md). */
export type RulesSource = 'file' | 'recording' | 'table' | 'inferred';

/** What an instrument is and which increments and minimums its venue asks for. Decimals are plain text. */
export interface InstrumentDefinition {
  /** `SYMBOL@venue` */
  readonly instrument: string;
  readonly kind: 'spot' | 'linear' | 'inverse';
  readonly base: string;
  readonly quote: string;
  readonly settlement: string;
  /** Smallest price step, > 0. */
  readonly tickSize: string;
  /** Smallest quantity step, > 0; contracts for derivatives that trade in contracts. */
  readonly lotSize: string;
  /** Smallest order quantity, 0 when there is none. */
  readonly minQuantity: string;
  /** Smallest order value in the quote currency (inverse: in contracts x multiplier), 0 when there is none. */
  readonly minNotional: string;
  /** Contract multiplier: base units per contract (linear), quote units per contract (inverse); 1 for spot. */
  readonly multiplier: string;
  readonly rules: RulesSource;
  /** Day the rules were true on, `yyyy-mm-dd`, where they come from a dated table. */
  readonly rulesAsOf?: string;
  /** The venue's public base tier, fractions of notional. */
  readonly fees: { readonly maker: string; readonly taker: string };
  /** A recording without a snapshot: the book starts empty and is `partial`. */
  readonly startsEmpty?: true;
  /** Levels a side that the feed publishes, when it publishes only the best n. */
  readonly publishedDepth?: number;
  /** Its source has no trades: volume is unknown, and so is any share of it. */
  readonly noTrades?: true;
}

interface MarketData {
  readonly instrument: string;
  /** The venue's transaction time, else its event time, in microseconds; absent where the message has neither. */
  readonly venueAt?: EpochMicros;
}

export interface BookData extends MarketData {
  /** The venue's sequence number after this message, where it has one. */
  readonly venueSeq?: number;
  /** The venue sent a checksum with this message: whether it was that of our book after it. */
  readonly checksum?: 'ok' | 'failed';
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
}

export interface Trade {
  /** The taker's side. */
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly quantity: string;
  readonly tradeId?: number;
  /** Present for a print that is no market trade (insurance fund, liquidation booking): kept, and moves nothing. */
  readonly notMarket?: true;
}

export type InstrumentDefined = Event<'InstrumentDefined', 1, InstrumentDefinition>;
export type BookSnapshot = Event<'BookSnapshot', 1, BookData>;
/** `dropped` marks a message that the venue's sequence rules leave out: kept without its levels, so that it is counted. */
export type BookDelta = Event<'BookDelta', 1, BookData & { readonly dropped?: true }>;
/** One venue message; most venues put one trade into it. */
export type Traded = Event<'Traded', 1, MarketData & { readonly trades: readonly Trade[] }>;
interface Left {
  /** A sentence. */
  readonly detail?: string;
  /** Messages that we received and left out before this one. */
  readonly leftOut?: number;
}

/** `reason`: a stable word (`gap`, `silent`, `checksum`, `disconnected`, `log_behind`, `session_over` …; docs/events.md has all). */
export type FeedInterrupted = Event<'FeedInterrupted', 1, MarketData & Left & { readonly reason: string }>;
/**
 * A silence ended, or messages are left out no more. `trust` is what the book is worth now: `trusted` where a sequence went on
 * unbroken or a snapshot has just come, else `partial`.
 */
export type FeedResumed = Event<'FeedResumed', 1, MarketData & Left & { readonly trust: 'trusted' | 'partial' }>;

export type MarketEvent = InstrumentDefined | BookSnapshot | BookDelta | Traded | FeedInterrupted | FeedResumed;

const MARKET_TYPES: ReadonlySet<string> = new Set<MarketEvent['type']>([
  'InstrumentDefined',
  'BookSnapshot',
  'BookDelta',
  'Traded',
  'FeedInterrupted',
  'FeedResumed',
]);

/** Whether an input travels as columns inside. */
export const isMarketEvent = (input: { readonly type: string }): input is MarketEvent => MARKET_TYPES.has(input.type);
