import type { LevelText } from '../../../core/market/events.js';
import type { Levels } from './levels.js';

/** A level as the venue wrote it. */
export interface CheckedLevel {
  readonly price: string;
  readonly quantity: string;
  /** For the order of levels only, smallest first: the price as a double, of a bid its negative. */
  readonly at: number;
  /** What the level adds to the checksum's text; made when it is first asked for. */
  part: string | undefined;
}

export interface CheckedBookRules {
  /** Best levels a side that the checksum covers: a change below them does not change it. */
  readonly covered: number;
  /** What a level adds to the checksum's text. */
  part(price: string, quantity: string): string;
  /** The checksum of the parts of the covered levels, best first. */
  checksum(bids: readonly string[], asks: readonly string[]): number;
}

/** Levels that fell out of the subscription's depth, by price as it was sent: bids, asks. */
export type CutPrices = readonly [readonly string[], readonly string[]];

/** A book of the venue's own texts, kept beside the columns because a checksum covers the texts and not their values. */
export class CheckedBook {
  /** Levels a side that the subscription keeps; what falls beyond is cut. */
  depth = Infinity;
  #bids: CheckedLevel[] = [];
  #asks: CheckedLevel[] = [];
  /** Undefined where a covered level has changed since. */
  #checksum: number | undefined;

  constructor(readonly rules: CheckedBookRules) {}

  clear(): void {
    this.#bids = [];
    this.#asks = [];
    this.#checksum = undefined;
  }

  /**
   * Applies changes one after another; a quantity of 0 takes a level away.
   *
   * @param levels  the two lists as they were read
   * @returns       what the depth pushed out; undefined where it is nothing
   */
  apply(levels: Levels, bids: readonly LevelText[], asks: readonly LevelText[]): CutPrices | undefined {
    for (let index = 0; index < bids.length; index++) this.#set(this.#bids, levels, index, bids[index]!, -1);
    for (let index = 0; index < asks.length; index++)
      this.#set(this.#asks, levels, levels.bidCount + index, asks[index]!, 1);
    if (this.#bids.length <= this.depth && this.#asks.length <= this.depth) return undefined;
    return [this.#cut(this.#bids), this.#cut(this.#asks)];
  }

  checksum(): number {
    return (this.#checksum ??= this.rules.checksum(this.#parts(this.#bids), this.#parts(this.#asks)));
  }

  #set(side: CheckedLevel[], levels: Levels, index: number, [price, quantity]: LevelText, sign: 1 | -1): void {
    const at = sign * (levels.price[index]! / POWERS[levels.pricePlaces[index]!]!);
    let low = 0;
    let high = side.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (side[middle]!.at < at) low = middle + 1;
      else high = middle;
    }
    const isThere = low < side.length && side[low]!.at === at;
    const isGone = levels.size[index] === 0;
    if (low < this.rules.covered && (isThere || !isGone)) this.#checksum = undefined;
    if (isGone) {
      if (isThere) side.splice(low, 1);
      return;
    }
    const level = { price, quantity, at, part: undefined };
    if (isThere) side[low] = level;
    else if (low === side.length) side.push(level);
    else side.splice(low, 0, level);
  }

  #parts(side: readonly CheckedLevel[]): string[] {
    const parts: string[] = [];
    const count = Math.min(side.length, this.rules.covered);
    for (let index = 0; index < count; index++) {
      const level = side[index]!;
      parts.push((level.part ??= this.rules.part(level.price, level.quantity)));
    }
    return parts;
  }

  #cut(side: CheckedLevel[]): string[] {
    return side.length <= this.depth ? [] : side.splice(this.depth).map(({ price }) => price);
  }
}

/** 10^0 to 10^18: exact doubles, so that a whole mantissa over one is the double nearest to the price. */
const POWERS = Array.from({ length: 19 }, (_, exponent) => Number(`1e${exponent}`));
