import type { Desk } from '../desk/desk.js';
import type { RestingBook } from '../desk/resting.js';
import { NO_LEVEL } from '../market/book.js';
import { Side } from '../market/columns.js';

/** A desk with something resting in a book. */
export interface Rester {
  readonly desk: Desk;
  readonly book: RestingBook;
}

/**
 * The desks that rest in one book, by name. The best prices at which any of them rests are kept, or better ones where somebody
 * has left since, so that a message that reaches neither concerns nobody.
 */
export class Resters {
  #all: Rester[] = [];
  #bestBid = NO_LEVEL;
  #bestAsk = NO_LEVEL;

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** Those that rest still, in a list of its own. */
  list(): Rester[] {
    this.tighten();
    return this.#all.slice();
  }

  /** A child of this desk has come to rest. */
  add(desk: Desk, book: RestingBook): void {
    const place = placeOf(this.#all, desk.name);
    if (this.#all[place]?.desk !== desk) this.#all.splice(place, 0, { desk, book });
    this.#widen(book);
  }

  /** Whether somebody may rest where buyers or sellers of these prices come to: as low as one, as high as the other. */
  mayMeet(lowest: number, highest: number): boolean {
    return isMet(this.#bestBid, this.#bestAsk, lowest, highest);
  }

  /** Forgets who rests no more. */
  tighten(): void {
    this.#bestBid = NO_LEVEL;
    this.#bestAsk = NO_LEVEL;
    let left = 0;
    const all = this.#all;
    for (const rester of all) {
      if (rester.book.isEmpty) continue;
      all[left++] = rester;
      this.#widen(rester.book);
    }
    all.length = left;
  }

  #widen(book: RestingBook): void {
    const bid = book.best(Side.bid);
    const ask = book.best(Side.ask);
    if (bid > this.#bestBid) this.#bestBid = bid;
    if (ask !== NO_LEVEL && (this.#bestAsk === NO_LEVEL || ask < this.#bestAsk)) this.#bestAsk = ask;
  }
}

/** Whether one who rests in this book is where buyers or sellers of these prices come to. */
export const meets = (book: RestingBook, lowest: number, highest: number): boolean =>
  isMet(book.best(Side.bid), book.best(Side.ask), lowest, highest);

const isMet = (bid: number, ask: number, lowest: number, highest: number): boolean =>
  (bid !== NO_LEVEL && lowest !== NO_LEVEL && lowest <= bid) || (ask !== NO_LEVEL && highest >= ask);

function placeOf(all: readonly Rester[], name: string): number {
  let from = 0;
  let to = all.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (all[middle]!.desk.name < name) from = middle + 1;
    else to = middle;
  }
  return from;
}
