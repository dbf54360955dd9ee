import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import type { TradeLine } from '../mapping/sink.js';

/** What a book message says, in either version of the feed. Levels are `[price, quantity, …]`, not yet read. */
export interface BookMessage {
  /** As it came; `pairOf` says whether it is one. */
  readonly symbol: unknown;
  readonly isSnapshot: boolean;
  /** Levels a side of the subscription, where the message names them (v1). */
  readonly depth: number | undefined;
  /** 0 where the message has no time of the venue. */
  readonly venueAt: EpochMicros;
  readonly checksum: number | undefined;
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
}

/** The trades of one instrument in a message; the time is that of the latest one. */
export interface TradesMessage {
  /** As it came. */
  readonly symbol: unknown;
  readonly venueAt: EpochMicros;
  readonly trades: readonly TradeLine[];
}

/** Depths that can be subscribed to. */
export const DEPTHS: readonly number[] = [10, 25, 100, 500, 1000];

/** The depth that we subscribe to, and that is taken for a subscription's where nothing says another. */
export const DEPTH = 1000;

/** Two currencies with a stroke between them. */
export const isPair = (value: unknown): value is string =>
  typeof value === 'string' && /^[^\s/]{1,30}\/[^\s/]{1,30}$/.test(value);

/** @throws {MessageFault} for what is no pair */
export function pairOf(value: unknown): string {
  if (isPair(value)) return value;
  throw new MessageFault('bad_message', 'the symbol is no pair of currencies');
}
