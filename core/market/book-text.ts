import { NO_LEVEL, type Book } from './book.js';
import { Side } from './columns.js';
import type { LevelText } from './events.js';
import { formatScaled } from './increments.js';
import { priceText, sizeText, type Units } from './instrument.js';

/**
 * A book as the lines that its SHA-256 is taken over: `b|price|quantity`, bids best first, then `a|price|quantity`, asks
 * best first, each with its line feed; plain decimals without trailing zeros.
 *
 * @param priceScale  decimal places of a price tick
 * @param sizeScale   decimal places of a lot
 */
export function* bookLines(book: Book, priceScale: number, sizeScale: number): Generator<string> {
  for (const [letter, side] of [
    ['b', Side.bid],
    ['a', Side.ask],
  ] as const) {
    for (let price = book.best(side); price !== NO_LEVEL; price = book.next(side, price)) {
      const quantity = formatScaled(book.sizeAt(side, price), sizeScale);
      yield `${letter}|${formatScaled(price, priceScale)}|${quantity}\n`;
    }
  }
}

/** The levels of a side as the log has them, best first. */
export function* levelTexts(
  { book, units }: { readonly book: Book; readonly units: Units },
  side: Side,
): Generator<LevelText> {
  for (let price = book.best(side); price !== NO_LEVEL; price = book.next(side, price))
    yield [priceText(price, units), sizeText(book.sizeAt(side, price), units)];
}

/** What taking from a book would give, before any rounding. */
export interface Sweep {
  /** Sum of ticks x lots, exact. */
  readonly notional: bigint;
  /** At most what was asked for; less where the side, or the limit, ends first. */
  readonly filledLots: number;
  /** Price of the last level taken from, `NO_LEVEL` when nothing was. */
  readonly worstTicks: number;
  /** Number of levels taken from, the last one included when only in part. */
  readonly levels: number;
}

/**
 * Walks the book as a market order would, best level first, and changes nothing.
 *
 * @param side        the taker's: `buy` takes asks
 * @param lots        how much to take, a safe integer >= 0
 * @param limitTicks  no level worse than this price is taken; absent: no limit
 */
export function sweep(book: Book, side: 'buy' | 'sell', lots: number, limitTicks?: number): Sweep {
  const taken = side === 'buy' ? Side.ask : Side.bid;
  let notional = 0n;
  let leaves = lots;
  let worstTicks = NO_LEVEL;
  let levels = 0;
  for (let price = book.best(taken); price !== NO_LEVEL && leaves > 0; price = book.next(taken, price)) {
    if (limitTicks !== undefined && (side === 'buy' ? price > limitTicks : price < limitTicks)) break;
    const displayed = book.sizeAt(taken, price);
    const fill = displayed < leaves ? displayed : leaves;
    notional += BigInt(price) * BigInt(fill);
    leaves -= fill;
    worstTicks = price;
    levels++;
  }
  return { notional, filledLots: lots - leaves, worstTicks, levels };
}
