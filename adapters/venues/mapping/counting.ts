import { Increments, MAX_SCALE, pow10 } from '../../../core/market/increments.js';
import { Levels } from './levels.js';
import type { PlacesSeen } from './sink.js';

/** How one instrument is counted: its increments get finer as the data ask for it. */
export class Counting {
  readonly increments = new Increments();
  readonly seen: PlacesSeen = { price: new Float64Array(MAX_SCALE + 1), size: new Float64Array(MAX_SCALE + 1) };
  /** Prices up to this, at the present scale, are known to fit. */
  #greatestPrice = 0;

  constructor(readonly instrument: string) {}

  /** Whether the levels need finer increments than there are. */
  isFiner({ mostPricePlaces, mostSizePlaces }: Levels): boolean {
    return mostPricePlaces > this.increments.priceScale || mostSizePlaces > this.increments.sizeScale;
  }

  /** Asks the increments to hold the levels. @returns false when one of them is beyond what can be counted */
  admit(levels: Levels): boolean {
    const { increments } = this;
    for (let level = 0; level < levels.count; level++) {
      const price = levels.price[level]!;
      const places = levels.pricePlaces[level]!;
      // the increments are asked only where the answer could change them
      if (places > increments.priceScale || price * pow10(increments.priceScale - places) > this.#greatestPrice) {
        if (!increments.admitPrice({ mantissa: price, scale: places })) return false;
        this.#greatestPrice = price * pow10(increments.priceScale - places);
      }
      const size = levels.size[level]!;
      const sizePlaces = levels.sizePlaces[level]!;
      const isGreater = size > increments.greatestSizes[sizePlaces]!;
      if (isGreater && !increments.admitSize({ mantissa: size, scale: sizePlaces })) return false;
    }
    return true;
  }

  /** Takes note of a level's decimal places. */
  note(levels: Levels, level: number): void {
    this.seen.price[levels.pricePlaces[level]!]!++;
    this.seen.size[levels.sizePlaces[level]!]!++;
  }
}
