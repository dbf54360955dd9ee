import { parseScaled } from '../../../core/market/increments.js';
import type { LevelText } from '../../../core/market/events.js';
import { MessageFault } from './fault.js';

/** A level as the venue wrote it, with the text that it adds to a checksum. */
export interface CheckedLevel {
  readonly price: string;
  readonly quantity: string;
  /** For the order of levels only: doubles of the venue's texts, which differ where the texts do. */
  readonly at: number;
  /** What the venue's checksum says of the level. */
  readonly part: string;
}

export interface CheckedBookRules {
  /** Levels a side that the subscription keeps; what falls beyond is cut. No limit when absent. */
  readonly depth?: number;
  /** What a level adds to the checksum's text. */
  part(price: string, quantity: string): string;
  /** The checksum of the best levels, best first. */
  checksum(bids: readonly CheckedLevel[], asks: readonly CheckedLevel[]): number;
}

/** A book of the venue's own texts, kept beside the columns because a checksum covers the texts and not their values. */
export class CheckedBook {
  #bids: CheckedLevel[] = [];
  #asks: CheckedLevel[] = [];

  constructor(readonly rules: CheckedBookRules) {}

  clear(): void {
    this.#bids = [];
    this.#asks = [];
  }

  /**
   * Applies changes; a quantity of 0 takes a level away.
   *
   * @returns the levels that the subscription's depth has pushed out, as deletions: bids, asks; @throws {MessageFault}
   */
  apply(bids: readonly LevelText[], asks: readonly LevelText[]): readonly [LevelText[], LevelText[]] {
    for (const [price, quantity] of bids) this.#set(this.#bids, price, quantity, -1);
    for (const [price, quantity] of asks) this.#set(this.#asks, price, quantity, 1);
    return [this.#cut(this.#bids), this.#cut(this.#asks)];
  }

  checksum(): number {
    return this.rules.checksum(this.#bids, this.#asks);
  }

  #set(side: CheckedLevel[], price: string, quantity: string, sign: 1 | -1): void {
    const at = sign * Number(price);
    if (Number.isNaN(at)) throw new MessageFault('bad_message', `a price that is no number: ${price}`);
    let low = 0;
    let high = side.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (side[middle]!.at < at) low = middle + 1;
      else high = middle;
    }
    const isThere = side[low]?.at === at;
    if (isZero(quantity)) {
      if (isThere) side.splice(low, 1);
      return;
    }
    const level = { price, quantity, at, part: this.rules.part(price, quantity) };
    if (isThere) side[low] = level;
    else if (low === side.length) side.push(level);
    else side.splice(low, 0, level);
  }

  #cut(side: CheckedLevel[]): LevelText[] {
    const { depth = Infinity } = this.rules;
    return side.length <= depth ? [] : side.splice(depth).map(({ price }) => [price, '0']);
  }
}

const isZero = (quantity: string): boolean => !/[1-9]/.test(quantity) && parseScaled(quantity) !== undefined;
