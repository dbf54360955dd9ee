import { crc32 } from 'node:zlib';
import type { LevelText } from '../../../core/market/events.js';
import { joinedCrc } from './joined-crc.js';
import type { Levels } from './levels.js';

export interface CheckedBookRules {
  /** Best levels a side that the checksum covers: a change below them does not change it. */
  readonly covered: number;
  /** What a level adds to the text of which the checksum is; ASCII. */
  part(price: string, quantity: string, isAsk: boolean): string;
  /** What stands between two parts; ASCII. */
  readonly between: string;
  /** How the levels follow each other: all asks before all bids, or a bid and an ask in turns; best first. */
  readonly order: 'asks-bids' | 'in-turns';
}

/** Levels that fell out of the subscription's depth, by price as it was sent: bids, asks. */
export type CutPrices = readonly [readonly string[], readonly string[]];

interface CheckedLevel {
  readonly price: string;
  readonly quantity: string;
  /** For the order of levels only, smallest first: the price as a double, of a bid its negative. */
  readonly at: number;
  /** CRC-32 and length of the part with what stands before it; the length is -1 until it is asked for. */
  crc: number;
  length: number;
}

/**
 * A book of the venue's own texts, kept beside the columns because a checksum (a CRC-32 of its best levels) covers the texts
 * and not their values.
 */
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

  /** The checksum as a number without sign. */
  checksum(): number {
    return (this.#checksum ??= this.#summed());
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
    const level = { price, quantity, at, crc: 0, length: -1 };
    if (isThere) side[low] = level;
    else if (low === side.length) side.push(level);
    else side.splice(low, 0, level);
  }

  #cut(side: CheckedLevel[]): string[] {
    return side.length <= this.depth ? [] : side.splice(this.depth).map(({ price }) => price);
  }

  #summed(): number {
    const { covered, order } = this.rules;
    const bids = Math.min(covered, this.#bids.length);
    const asks = Math.min(covered, this.#asks.length);
    let crc: number | undefined;
    if (order === 'asks-bids') {
      for (let level = 0; level < asks; level++) crc = this.#with(crc, this.#asks[level]!);
      for (let level = 0; level < bids; level++) crc = this.#with(crc, this.#bids[level]!);
    } else
      for (let level = 0; level < bids || level < asks; level++) {
        if (level < bids) crc = this.#with(crc, this.#bids[level]!);
        if (level < asks) crc = this.#with(crc, this.#asks[level]!);
      }
    return (crc ?? 0) >>> 0;
  }

  #with(before: number | undefined, level: CheckedLevel): number {
    const { rules } = this;
    if (before === undefined && rules.between !== '') return crc32(partOf(rules, level));
    if (level.length < 0) {
      const text = rules.between + partOf(rules, level);
      level.crc = crc32(text);
      level.length = text.length;
    }
    return before === undefined ? level.crc : joinedCrc(before, level.crc, level.length);
  }
}

const partOf = (rules: CheckedBookRules, { price, quantity, at }: CheckedLevel): string =>
  rules.part(price, quantity, at > 0);

/** 10^0 to 10^18: exact doubles, so that a whole mantissa over one is the double nearest to the price. */
const POWERS = Array.from({ length: 19 }, (_, exponent) => Number(`1e${exponent}`));
