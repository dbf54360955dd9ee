import type { LevelText } from '../../../core/market/events.js';
import { CheckedBook, type CheckedBookRules } from '../mapping/checked-book.js';
import { Levels } from '../mapping/levels.js';

/** The book that a client was sent, of which the checksums of what it is sent are. Texts are those of the messages. */
export class SentBook {
  readonly #checked: CheckedBook;
  readonly #levels = new Levels();

  /** @param depth  levels a side that the client keeps */
  constructor(rules: CheckedBookRules, depth = Infinity) {
    this.#checked = new CheckedBook(rules);
    this.#checked.depth = depth;
  }

  /** A book was sent whole. @returns its checksum, without sign */
  begin(bids: readonly LevelText[], asks: readonly LevelText[]): number {
    this.#checked.clear();
    return this.change(bids, asks);
  }

  /** Changes were sent. @returns the checksum of the book after them, without sign */
  change(bids: readonly LevelText[], asks: readonly LevelText[]): number {
    this.#levels.read(bids, asks);
    this.#checked.apply(this.#levels, bids, asks);
    return this.#checked.checksum();
  }
}
