import { Increments, MAX_SCALE, pow10 } from '../../../core/market/increments.js';
import { Levels } from './levels.js';
import type { PlacesSeen } from './sink.js';

/** How one instrument is counted: its increments get finer as the data ask for it. */
export class Counting {
  increments = new Increments();
  readonly seen: PlacesSeen = { price: new Float64Array(MAX_SCALE + 1), size: new Float64Array(MAX_SCALE + 1) };
  /** Numbers up to these, at the present scales, are known to fit. */
  #greatestPrice = 0;
  #greatestSize = 0;

  constructor(readonly instrument: string) {}

  /** Whether the levels need finer increments than there are. */
  isFiner({ mostPricePlaces, mostSizePlaces }: Levels): boolean {
    return mostPricePlaces > this.increments.priceScale || mostSizePlaces > this.increments.sizeScale;
  }

  /**
   * Asks the increments to hold the levels.
   *
   * @returns false when one of them is beyond what can be counted, and everything is as it was
   */
  admit(levels: Levels): boolean {
    const greatest = [this.#greatestPrice, this.#greatestSize] as const;
    let before: Increments | undefined;
    const undone = (): false => {
      this.increments = before!;
      [this.#greatestPrice, this.#greatestSize] = greatest;
      return false;
    };
    const { increments } = this;
    for (let level = 0; level < levels.count; level++) {
      const price = levels.price[level]!;
      const places = levels.pricePlaces[level]!;
      // the increments are asked only where the answer could change them
      if (places > increments.priceScale || price * pow10(increments.priceScale - places) > this.#greatestPrice) {
        before ??= increments.copy();
        if (!increments.admitPrice({ mantissa: price, scale: places })) return undone();
        this.#greatestPrice = price * pow10(increments.priceScale - places);
      }
      const size = levels.size[level]!;
      const sizePlaces = levels.sizePlaces[level]!;
      if (sizePlaces > increments.sizeScale || size * pow10(increments.sizeScale - sizePlaces) > this.#greatestSize) {
        before ??= increments.copy();
        if (!increments.admitSize({ mantissa: size, scale: sizePlaces })) return undone();
        this.#greatestSize = size * pow10(increments.sizeScale - sizePlaces);
      }
    }
    return true;
  }

  /** Takes note of a level's decimal places. */
  note(levels: Levels, level: number): void {
    this.seen.price[levels.pricePlaces[level]!]!++;
    this.seen.size[levels.sizePlaces[level]!]!++;
  }
}
