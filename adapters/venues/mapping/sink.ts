import type { Kind, Side } from '../../../core/market/columns.js';
import type { EpochMicros } from '../../../core/time.js';
import type { Levels } from './levels.js';

/** The facts that every row of a message shares. Absent numbers are 0. */
export interface MessageHead {
  readonly code: number;
  readonly receivedAt: EpochMicros;
  readonly venueAt: EpochMicros;
  readonly venueSeq: number;
}

/** One trade of a message. */
export interface TradeLine {
  /** The taker's side. */
  readonly side: Side;
  readonly price: unknown;
  readonly size: unknown;
  /** 0 where the venue's is no number. */
  readonly id: number;
  /** `Flag.notMarket` or 0. */
  readonly flags: number;
}

/** Counts by decimal places in use, 0 to 18. */
export interface PlacesSeen {
  readonly price: Float64Array;
  readonly size: Float64Array;
}

/**
 * Where mapped messages go: rows of a session, or events of a live feed. Every number is read and checked here; a message
 * with a number that cannot be counted together with those before it is left out whole.
 */
export interface MarketSink {
  /** The levels that were read last. */
  readonly levels: Levels;
  /** Enters an instrument, `SYMBOL@venue`. @returns its code */
  define(instrument: string, receivedAt: EpochMicros): number;
  /** How many prices and sizes used how many decimal places so far. */
  placesSeen(code: number): PlacesSeen;
  /**
   * Levels are `[price, quantity, …]` texts.
   *
   * @param flags  `Flag.checked`, `Flag.mismatch` or 0
   * @returns false when a number is beyond what can be counted, and nothing was written; @throws {MessageFault}
   */
  book(
    head: MessageHead,
    kind: typeof Kind.delta | typeof Kind.snapshot,
    bids: unknown,
    asks: unknown,
    flags?: number,
  ): boolean;
  /** The same for the levels that `levels` has read already. */
  bookOf(head: MessageHead, kind: typeof Kind.delta | typeof Kind.snapshot, flags: number): boolean;
  /** A book message without levels: an empty one, or with `Flag.dropped` one that the sequence rules leave out. */
  noLevel(head: MessageHead, kind: number, flags: number): void;
  /** All trades of one message. @returns and @throws as `book` */
  trades(head: Omit<MessageHead, 'venueSeq'>, trades: readonly TradeLine[]): boolean;
  interrupted(code: number, receivedAt: EpochMicros, reason: string, detail: string): void;
  resumed(code: number, receivedAt: EpochMicros, trust: 'trusted' | 'partial'): void;
}
