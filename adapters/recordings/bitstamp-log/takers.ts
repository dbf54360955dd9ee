import { Side } from '../../../core/market/columns.js';

/**
 * Who took in trades that do not say it. A match is told of both its orders, as changed or as deleted with nothing left,
 * before its trade: the one with the greater id came later and took the other. Where the log lacks one of the two, the trade
 * is held against the last book: above its mid somebody bought, below it somebody sold (Lee & Ready 1991), and at the mid it
 * counts with the trade before it.
 */
export class Takers {
  /** Trades whose side follows from the book, because the log does not tell both orders. */
  guessed = 0;
  /** Ids of the last bid and ask that were hit since the last trade; 0 where none was. */
  #bid = 0;
  #ask = 0;
  /** Twice the mid of the last book, counted as the prices of trades are; undefined before the first. */
  #twiceMid: number | undefined;
  /** Before the first trade there is none to count with, and no book that it could move either. */
  #last: Side = Side.buy;

  /** An order was changed, or deleted with nothing left of it. */
  hit(side: Side, id: number): void {
    if (side === Side.bid) this.#bid = id;
    else this.#ask = id;
  }

  /** A book came; 0 for a side that is empty. */
  book(bestBid: number, bestAsk: number): void {
    this.#twiceMid = bestBid === 0 || bestAsk === 0 ? undefined : bestBid + bestAsk;
  }

  /** The side of the taker in a trade that came now. */
  of(price: number): Side {
    if (this.#bid !== 0 && this.#ask !== 0) this.#last = this.#bid > this.#ask ? Side.buy : Side.sell;
    else {
      this.guessed++;
      const above = this.#twiceMid === undefined ? 0 : 2 * price - this.#twiceMid;
      if (above !== 0) this.#last = above > 0 ? Side.buy : Side.sell;
    }
    this.#bid = 0;
    this.#ask = 0;
    return this.#last;
  }
}
