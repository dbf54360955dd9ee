import { invariant } from '../errors.js';
import { NO_LEVEL, type Book, type LevelWatcher } from './book.js';
import { Side } from './columns.js';
import { multiplied, multipliedSize } from './increments.js';

/**
 * The book as one would explain it: a map of sizes and a list of prices for each side. It is the specification that
 * `FastBook` is held to; nothing here is clever.
 *
 * Where the interface leaves room, this is what holds:
 * - A watcher hears of a change after it stands, and not when a level is set to the size that it has.
 * - While a snapshot is open the book shows the levels set so far. A row of size 0 is ignored in it, and counts as no absent delete.
 * - At `endSnapshot` the watcher hears of the levels that were marked at `beginSnapshot` and still are, where the size
 *   differs: bids before asks, best price first. The whole snapshot stands by then.
 * - A watcher may mark, unmark and read; it must not set.
 */
export class PlainBook implements Book {
  absentDeletes = 0;
  readonly #sides: readonly [PlainSide, PlainSide] = [new PlainSide(Side.bid), new PlainSide(Side.ask)];
  readonly #onChange: LevelWatcher;
  #beforeSnapshot: readonly Marked[] | undefined;

  constructor(onChange: LevelWatcher = () => undefined) {
    this.#onChange = onChange;
  }

  set(side: Side, priceTicks: number, lots: number): void {
    const levels = this.#sides[side];
    const before = levels.sizeAt(priceTicks);
    if (this.#beforeSnapshot !== undefined) {
      if (lots > 0) levels.set(priceTicks, lots);
      return;
    }
    if (before === 0 && lots === 0) this.absentDeletes++;
    if (before === lots) return;
    levels.set(priceTicks, lots);
    if (levels.marks.has(priceTicks)) this.#onChange(side, priceTicks, before, lots);
  }

  beginSnapshot(): void {
    invariant(this.#beforeSnapshot === undefined, 'a snapshot began inside a snapshot: end the first one');
    this.#beforeSnapshot = this.#sides.flatMap((levels) => levels.marked());
    for (const levels of this.#sides) levels.clear();
  }

  endSnapshot(): void {
    invariant(this.#beforeSnapshot !== undefined, 'a snapshot ended that never began');
    const marked = this.#beforeSnapshot;
    this.#beforeSnapshot = undefined;
    for (const { side, priceTicks, lots: before } of marked) {
      const after = this.sizeAt(side, priceTicks);
      if (after !== before && this.#sides[side].marks.has(priceTicks)) this.#onChange(side, priceTicks, before, after);
    }
  }

  best(side: Side): number {
    return this.#sides[side].prices[0] ?? NO_LEVEL;
  }

  next(side: Side, priceTicks: number): number {
    const levels = this.#sides[side];
    return levels.prices.find((price) => levels.isBetter(priceTicks, price)) ?? NO_LEVEL;
  }

  sizeAt(side: Side, priceTicks: number): number {
    return this.#sides[side].sizeAt(priceTicks);
  }

  depth(side: Side): number {
    return this.#sides[side].prices.length;
  }

  mark(side: Side, priceTicks: number): void {
    this.#sides[side].marks.add(priceTicks);
  }

  unmark(side: Side, priceTicks: number): void {
    this.#sides[side].marks.delete(priceTicks);
  }

  rescale(priceFactor: number, sizeFactor: number): void {
    invariant(this.#beforeSnapshot === undefined, 'increments changed inside a snapshot: rescale before or after it');
    const rescaled = this.#sides.map((levels) => levels.rescaled(priceFactor, sizeFactor));
    this.#sides.forEach((levels, side) => levels.become(rescaled[side]!)); // both sides or, when one cannot, neither
  }
}

interface Marked {
  readonly side: Side;
  readonly priceTicks: number;
  readonly lots: number;
}

/** One side: `prices` is sorted, best first, and holds exactly the keys of the sizes. */
class PlainSide {
  readonly #side: Side;
  #sizes = new Map<number, number>();
  prices: number[] = [];
  marks = new Set<number>();

  constructor(side: Side) {
    this.#side = side;
  }

  isBetter(priceTicks: number, than: number): boolean {
    return this.#side === Side.bid ? priceTicks > than : priceTicks < than;
  }

  sizeAt(priceTicks: number): number {
    return this.#sizes.get(priceTicks) ?? 0;
  }

  set(priceTicks: number, lots: number): void {
    const known = this.#sizes.has(priceTicks);
    if (lots === 0) this.#sizes.delete(priceTicks);
    else this.#sizes.set(priceTicks, lots);
    if (known === lots > 0) return;
    if (known) {
      this.prices.splice(this.prices.indexOf(priceTicks), 1);
    } else {
      const place = this.prices.findIndex((price) => this.isBetter(priceTicks, price));
      this.prices.splice(place < 0 ? this.prices.length : place, 0, priceTicks);
    }
  }

  clear(): void {
    this.#sizes.clear();
    this.prices = [];
  }

  /** The marked levels with their sizes, best price first. */
  marked(): Marked[] {
    const prices = [...this.marks].sort((a, b) => (this.isBetter(a, b) ? -1 : 1));
    return prices.map((priceTicks) => ({ side: this.#side, priceTicks, lots: this.sizeAt(priceTicks) }));
  }

  rescaled(priceFactor: number, sizeFactor: number): PlainSide {
    const finer = new PlainSide(this.#side);
    for (const price of this.prices) {
      const finerPrice = multiplied(price, priceFactor);
      finer.prices.push(finerPrice);
      finer.#sizes.set(finerPrice, multipliedSize(this.sizeAt(price), sizeFactor));
    }
    for (const price of this.marks) finer.marks.add(multiplied(price, priceFactor));
    return finer;
  }

  become(other: PlainSide): void {
    this.#sizes = other.#sizes;
    this.prices = other.prices;
    this.marks = other.marks;
  }
}
