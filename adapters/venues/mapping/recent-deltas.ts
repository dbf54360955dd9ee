import { Side } from '../../../core/market/columns.js';
import { formatScaled, parseScaled } from '../../../core/market/increments.js';
import type { LevelText } from '../../../core/market/events.js';
import type { Levels } from './levels.js';
import type { UpdateRange } from './sequence.js';

/** Bounds of what is remembered: a REST reply is some seconds old at most when it arrives. */
const MOST_MESSAGES = 2_048;
const MOST_LEVELS = 131_072;

/**
 * The latest depth messages of one instrument, in an unbroken row. A snapshot that arrives in mid recording is older than
 * the messages received while it was on its way; with these it is brought up to date.
 */
export class RecentDeltas {
  #messages: { readonly range: UpdateRange; readonly from: number; readonly to: number; readonly bids: number }[] = [];
  #price = new Float64Array(1024);
  #size = new Float64Array(1024);
  #places = new Uint8Array(2048);
  #count = 0;

  clear(): void {
    this.#messages = [];
    this.#count = 0;
  }

  add(range: UpdateRange, levels: Levels): void {
    if (this.#messages.length >= MOST_MESSAGES || this.#count + levels.count > MOST_LEVELS) this.#forgetHalf();
    const from = this.#count;
    if (from + levels.count > this.#price.length) this.#grow(from + levels.count);
    this.#price.set(levels.price.subarray(0, levels.count), from);
    this.#size.set(levels.size.subarray(0, levels.count), from);
    for (let level = 0; level < levels.count; level++) {
      this.#places[2 * (from + level)] = levels.pricePlaces[level]!;
      this.#places[2 * (from + level) + 1] = levels.sizePlaces[level]!;
    }
    this.#count = from + levels.count;
    this.#messages.push({ range, from, to: this.#count, bids: levels.bidCount });
  }

  /** The first remembered message for which the test holds, and all after it; undefined where there is none. */
  since(test: (range: UpdateRange) => boolean): Since | undefined {
    const start = this.#messages.findIndex(({ range }) => test(range));
    const first = this.#messages[start]?.range;
    return first && { first, isWhole: start > 0, apply: (book) => this.#apply(start, book) };
  }

  #apply(start: number, book: SideTexts): void {
    for (const { from, to, bids } of this.#messages.slice(start))
      for (let level = from; level < to; level++) {
        const side = level < from + bids ? Side.bid : Side.ask;
        const price = formatScaled(this.#price[level]!, this.#places[2 * level]!);
        const size = formatScaled(this.#size[level]!, this.#places[2 * level + 1]!);
        if (size === '0') book[side].delete(price);
        else book[side].set(price, [price, size]);
      }
  }

  #forgetHalf(): void {
    const kept = this.#messages.slice(this.#messages.length >> 1);
    const shift = kept[0]?.from ?? this.#count;
    this.#price.copyWithin(0, shift, this.#count);
    this.#size.copyWithin(0, shift, this.#count);
    this.#places.copyWithin(0, 2 * shift, 2 * this.#count);
    this.#messages = kept.map(({ range, from, to, bids }) => ({ range, from: from - shift, to: to - shift, bids }));
    this.#count -= shift;
  }

  #grow(least: number): void {
    const capacity = Math.max(2 * this.#price.length, least);
    const price = new Float64Array(capacity);
    price.set(this.#price);
    const size = new Float64Array(capacity);
    size.set(this.#size);
    const places = new Uint8Array(2 * capacity);
    places.set(this.#places);
    this.#price = price;
    this.#size = size;
    this.#places = places;
  }
}

/** Remembered messages from one on. */
interface Since {
  readonly first: UpdateRange;
  /** The one before it is remembered too: nothing between them is missing. */
  readonly isWhole: boolean;
  readonly apply: (book: SideTexts) => void;
}

/** A book's levels by side (bids, asks) and price text without trailing zeros. */
export type SideTexts = readonly [Map<string, LevelText>, Map<string, LevelText>];

/** A depth reply's levels with later messages applied; what is no list of levels stays as it is. */
export function rolled(
  { bids, asks }: { readonly bids?: unknown; readonly asks?: unknown },
  apply: (book: SideTexts) => void,
): readonly [unknown, unknown] {
  if (!Array.isArray(bids) || !Array.isArray(asks)) return [bids, asks];
  const book: SideTexts = [byPrice(bids as LevelText[]), byPrice(asks as LevelText[])];
  apply(book);
  return [[...book[0].values()], [...book[1].values()]];
}

const byPrice = (levels: readonly LevelText[]): Map<string, LevelText> =>
  new Map(levels.map((level) => [plainPrice(level), level]));

/** Trailing zeros off, so that both tellings of one price meet. */
function plainPrice([price]: LevelText): string {
  const scaled = typeof price === 'string' ? parseScaled(price) : undefined;
  return scaled === undefined ? price : formatScaled(scaled.mantissa, scaled.scale);
}
