import type { Side } from './columns.js';

/** What `best` and `next` give when there is no (further) level. Prices are > 0. */
export const NO_LEVEL = 0;

/** A level as one number: the price and the side. Prices stay below 2^52, so this is a safe integer. */
export const levelKey = (side: Side, priceTicks: number): number => priceTicks * 2 + side;

/** Called for a marked level when its displayed size changes; `before` and `after` in lots, 0 = absent. */
export type LevelWatcher = (side: Side, priceTicks: number, before: number, after: number) => void;

/**
 * A limit order book by price level. Prices are whole ticks > 0, safe integers, and sizes whole lots > 0, doubles that are
 * exact beyond them, too, below 2^63: they count the increments of the instrument, whatever those are. `PlainBook` says what every method means; `FastBook` must agree.
 */
export interface Book {
  /** Sets the displayed size of a level; 0 deletes it, and deleting an absent level does nothing. */
  set(side: Side, priceTicks: number, lots: number): void;
  /** Begins a full snapshot: the levels set until `endSnapshot` replace the book; watchers see only net differences. */
  beginSnapshot(): void;
  endSnapshot(): void;
  /** Best price of a side, or `NO_LEVEL`. O(1). */
  best(side: Side): number;
  /** Next worse occupied price after `priceTicks` (which need not be occupied), or `NO_LEVEL`. */
  next(side: Side, priceTicks: number): number;
  sizeAt(side: Side, priceTicks: number): number;
  /** Number of levels of a side. */
  depth(side: Side): number;
  /** Deletes that named a level that was not there, since the book was made. */
  readonly absentDeletes: number;
  /** Asks to be told of changes at a level; marking twice counts once. */
  mark(side: Side, priceTicks: number): void;
  unmark(side: Side, priceTicks: number): void;
  /** Multiplies all prices and sizes (increments got finer): integer factors >= 1. Marks move along. */
  rescale(priceFactor: number, sizeFactor: number): void;
}
