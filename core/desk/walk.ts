import { NO_LEVEL, type Book } from '../market/book.js';
import { Side } from '../market/columns.js';
import { exactLots, least, minus, type Lots } from '../market/lots.js';
import type { Consumption } from './consumption.js';

/** One level that a walk takes from. */
export interface WalkStep {
  readonly priceTicks: number;
  readonly lots: number;
  readonly displayedLots: Lots;
}

export interface Walk {
  readonly steps: readonly WalkStep[];
  readonly filledLots: number;
  /** Price of the last level taken from; 0 when there is none. */
  readonly worstTicks: number;
  /** Why it ended before the quantity did. */
  readonly stopped: 'limit_price' | 'depth_exhausted' | undefined;
}

/**
 * Walks the opposite side of a book from its best price: a taker empties the best level first. Of each level there is what
 * is displayed less what this desk already took from it; an old level may show less than a whole lot of the venue.
 *
 * @param limitTicks  the walk goes no further than this price; 0 for none
 */
export function walk(book: Book, consumption: Consumption, takerSide: Side, lots: number, limitTicks: number): Walk {
  const side: Side = takerSide === Side.buy ? Side.ask : Side.bid;
  const steps: WalkStep[] = [];
  let left = lots;
  let stopped: Walk['stopped'];
  for (let price = book.best(side); left > 0; price = book.next(side, price)) {
    if (price === NO_LEVEL) {
      stopped = 'depth_exhausted';
      break;
    }
    if (limitTicks !== 0 && (takerSide === Side.buy ? price > limitTicks : price < limitTicks)) {
      stopped = 'limit_price';
      break;
    }
    const displayedLots = exactLots(book.sizeAt(side, price));
    const taken = least(left, minus(displayedLots, consumption.consumedAt(side, price)));
    if (taken <= 0) continue;
    steps.push({ priceTicks: price, lots: taken, displayedLots });
    left -= taken;
  }
  return { steps, filledLots: lots - left, worstTicks: steps.at(-1)?.priceTicks ?? 0, stopped };
}
