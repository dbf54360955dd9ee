import { invariant } from '../errors.js';
import type { Book, LevelWatcher } from './book.js';
import { Side } from './columns.js';
import { multiplied, multipliedSize } from './increments.js';
import { Ladder } from './ladder.js';

/**
 * The book that the engine uses: a ladder a side. What its methods mean stands at `PlainBook`, which it must equal in
 * every answer; a property test holds the two together.
 */
export class FastBook implements Book {
  readonly #bids: Ladder;
  readonly #asks: Ladder;
  readonly #onChange: LevelWatcher;
  #beforeSnapshot: readonly MarkedLevel[] | undefined;

  constructor(onChange: LevelWatcher = () => undefined) {
    this.#onChange = onChange;
    this.#bids = new Ladder(Side.bid, onChange);
    this.#asks = new Ladder(Side.ask, onChange);
  }

  get absentDeletes(): number {
    return this.#bids.absentDeletes + this.#asks.absentDeletes;
  }

  set(side: Side, priceTicks: number, lots: number): void {
    this.#ladder(side).set(priceTicks, lots);
  }

  beginSnapshot(): void {
    invariant(this.#beforeSnapshot === undefined, 'a snapshot began inside a snapshot: end the first one');
    this.#beforeSnapshot = [...this.#markedLevels(Side.bid), ...this.#markedLevels(Side.ask)];
    this.#bids.beginSnapshot();
    this.#asks.beginSnapshot();
  }

  endSnapshot(): void {
    invariant(this.#beforeSnapshot !== undefined, 'a snapshot ended that never began');
    const marked = this.#beforeSnapshot;
    this.#beforeSnapshot = undefined;
    this.#bids.endSnapshot();
    this.#asks.endSnapshot();
    for (const { side, priceTicks, lots: before } of marked) {
      const after = this.sizeAt(side, priceTicks);
      if (after !== before && this.#ladder(side).isMarked(priceTicks)) this.#onChange(side, priceTicks, before, after);
    }
  }

  best(side: Side): number {
    return this.#ladder(side).best();
  }

  next(side: Side, priceTicks: number): number {
    return this.#ladder(side).next(priceTicks);
  }

  sizeAt(side: Side, priceTicks: number): number {
    return this.#ladder(side).sizeAt(priceTicks);
  }

  depth(side: Side): number {
    return this.#ladder(side).depth();
  }

  mark(side: Side, priceTicks: number): void {
    this.#ladder(side).mark(priceTicks);
  }

  unmark(side: Side, priceTicks: number): void {
    this.#ladder(side).unmark(priceTicks);
  }

  rescale(priceFactor: number, sizeFactor: number): void {
    invariant(this.#beforeSnapshot === undefined, 'increments changed inside a snapshot: rescale before or after it');
    const ladders = [this.#bids, this.#asks];
    const finer = ladders.map((ladder) => {
      const { prices, sizes } = ladder.levels();
      return {
        prices: prices.map((price) => multiplied(price, priceFactor)),
        sizes: sizes.map((lots) => multipliedSize(lots, sizeFactor)),
        marks: ladder.marked().map((price) => multiplied(price, priceFactor)),
      };
    });
    // both sides or, when one cannot be counted so finely, neither
    ladders.forEach((ladder, side) => ladder.replace(finer[side]!.prices, finer[side]!.sizes, finer[side]!.marks));
  }

  #ladder(side: Side): Ladder {
    return side === Side.bid ? this.#bids : this.#asks;
  }

  #markedLevels(side: Side): MarkedLevel[] {
    const ladder = this.#ladder(side);
    return ladder.marked().map((priceTicks) => ({ side, priceTicks, lots: ladder.sizeAt(priceTicks) }));
  }
}

interface MarkedLevel {
  readonly side: Side;
  readonly priceTicks: number;
  readonly lots: number;
}
