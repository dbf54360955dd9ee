import type { LevelText } from '../../core/market/events.js';

/** A book that changes at random, told as changes and as a whole: what a venue knows, for recordings that tests make. */
export class DrawnChanges {
  readonly #sides = [new Map<number, number>(), new Map<number, number>()] as const;

  /** @param random  numbers in [0, 1) */
  constructor(readonly random: () => number) {
    for (let level = 0; level < 5; level++) {
      this.#sides[0].set(100 - level, 1 + level);
      this.#sides[1].set(101 + level, 2 + level);
    }
  }

  /** Changes one level of a side. @returns it, with quantity 0 where it is gone */
  change(side: 0 | 1): LevelText {
    const price = side === 0 ? 91 + this.#below(10) : 101 + this.#below(10);
    const quantity = this.#below(4);
    if (quantity === 0 && this.#sides[side].has(price)) this.#sides[side].delete(price);
    else this.#sides[side].set(price, quantity + 1);
    return [`${price}`, `${this.#sides[side].get(price) ?? 0}`];
  }

  /** Best first. */
  levels(side: 0 | 1): LevelText[] {
    const sign = side === 0 ? -1 : 1;
    return [...this.#sides[side]]
      .sort(([a], [b]) => sign * (a - b))
      .map(([price, quantity]) => [`${price}`, `${quantity}`]);
  }

  #below(count: number): number {
    return Math.floor(this.random() * count);
  }
}
