import { NO_LEVEL, type LevelWatcher } from './book.js';
import { Side } from './columns.js';
import { FarLevels } from './far-levels.js';
import { Occupancy } from './occupancy.js';

// Ticks that a window spans. The large one is 8 MB, of which only the pages in use become resident.
const SMALL = 1 << 14;
const LARGE = 1 << 20;
// Changes that may miss a window before it is fitted anew: a small one grows soon, which happens once; a large one moves
// only when that is paid for, one miss for every level to be moved beside these.
const SMALL_PATIENCE = 64;
const LARGE_PATIENCE = 1024;

const MARKED_ABSENT = -0.5;

/**
 * One side of a fast book. Sizes near the touch stand in an array indexed by tick, the window; the few levels that it does
 * not reach stand in sorted arrays. Offset 0 is the window's best price and offsets grow towards worse ones on either side,
 * so that all searching goes one way. When too many changes miss the window it grows and moves to the touch: that decides
 * how fast an answer comes, never which.
 *
 * A marked level is stored as -lots, an absent one as -1/2: an unmarked change pays for no second load.
 */
export class Ladder {
  absentDeletes = 0;
  readonly #side: Side;
  readonly #bids: boolean;
  readonly #onChange: LevelWatcher;
  #size = SMALL;
  /** How much of the window `set` may write without asking: all, or nothing while a snapshot is open. */
  #reach = SMALL;
  #front = 0; // price at offset 0
  #lots = new Float64Array(SMALL);
  #occupancy = new Occupancy(SMALL);
  #occupied = 0; // levels in the window
  #touch = SMALL; // offset of the best of them, the size when there is none
  readonly #far = new FarLevels();
  #misses = 0;
  #marks = new Set<number>();
  #inSnapshot = false;

  constructor(side: Side, onChange: LevelWatcher) {
    this.#side = side;
    this.#bids = side === Side.bid;
    this.#onChange = onChange;
  }

  set(priceTicks: number, lots: number): void {
    const offset = this.#offset(priceTicks);
    if (offset >= 0 && offset < this.#reach) {
      const at = offset | 0;
      if (this.#lots[at]! >= 0) this.#put(at, lots);
      else this.#putMarked(at, priceTicks, lots);
    } else if (this.#inSnapshot) {
      if (lots > 0) this.#place(priceTicks, lots);
    } else {
      const before = this.#place(priceTicks, lots);
      if (before === 0 && lots === 0) this.absentDeletes++;
      if (before !== lots && this.#marks.has(priceTicks)) this.#onChange(this.#side, priceTicks, before, lots);
    }
  }

  #put(at: number, lots: number): void {
    this.#lots[at] = lots;
    const live = Number(lots > 0);
    const was = this.#occupancy.put(at, live);
    this.#occupied += live - was;
    this.absentDeletes += (live | was) ^ 1;
    if (at <= this.#touch) this.#touch = live === 1 ? at : this.#occupancy.from(at);
  }

  #putMarked(at: number, priceTicks: number, lots: number): void {
    const before = lotsOf(this.#lots[at]!);
    this.#put(at, lots);
    this.#lots[at] = asMarked(lots);
    if (before !== lots) this.#onChange(this.#side, priceTicks, before, lots);
  }

  /** Sets a level wherever it belongs; gives back the size that it had, if it is a far one. */
  #place(priceTicks: number, lots: number): number {
    const offset = this.#offset(priceTicks);
    if (offset >= 0 && offset < this.#size) {
      this.#put(offset, lots);
    } else if (this.depth() === 0 && lots > 0) {
      this.#build([priceTicks], [lots], this.#marks, this.#size); // a first level brings the window along
    } else {
      const before = this.#far.put(this.#rank(priceTicks), lots);
      this.#countMiss(priceTicks);
      return before;
    }
    return 0;
  }

  // ---- reading -------------------------------------------------------------------------------------------------------

  best(): number {
    const far = this.#far.best();
    const near = this.#occupied === 0 ? NO_LEVEL : this.#priceAt(this.#touch);
    if (far === undefined) return near;
    return near === NO_LEVEL || far > this.#rank(near) ? this.#price(far) : near;
  }

  next(priceTicks: number): number {
    const offset = this.#offset(priceTicks);
    if (offset >= 0 && offset < this.#size) {
      const at = this.#occupancy.from(offset + 1);
      if (at < this.#size) return this.#priceAt(at); // far levels are all before the window or behind it
    }
    const far = this.#far.next(this.#rank(priceTicks));
    const near = offset < 0 && this.#occupied > 0 ? this.#priceAt(this.#touch) : NO_LEVEL;
    if (far === undefined) return near;
    return near === NO_LEVEL || far > this.#rank(near) ? this.#price(far) : near;
  }

  sizeAt(priceTicks: number): number {
    const offset = this.#offset(priceTicks);
    if (offset < 0 || offset >= this.#size) return this.#far.sizeAt(this.#rank(priceTicks));
    const stored = this.#lots[offset]!;
    return lotsOf(stored);
  }

  depth(): number {
    return this.#occupied + this.#far.count;
  }

  /** Prices and sizes of all levels, best first. */
  levels(): { readonly prices: number[]; readonly sizes: number[] } {
    const prices: number[] = [];
    for (let price = this.best(); price !== NO_LEVEL; price = this.next(price)) prices.push(price);
    return { prices, sizes: prices.map((price) => this.sizeAt(price)) };
  }

  // ---- marks and snapshots -------------------------------------------------------------------------------------------

  isMarked(priceTicks: number): boolean {
    return this.#marks.has(priceTicks);
  }

  /** The marked prices, best first. */
  marked(): number[] {
    return [...this.#marks].sort((a, b) => this.#rank(b) - this.#rank(a));
  }

  mark(priceTicks: number): void {
    this.#marks.add(priceTicks);
    this.#flag(priceTicks, true);
  }

  unmark(priceTicks: number): void {
    this.#marks.delete(priceTicks);
    this.#flag(priceTicks, false);
  }

  /** Empties the side; until `endSnapshot` nobody is told of anything. */
  beginSnapshot(): void {
    this.#clear();
    this.#inSnapshot = true;
    this.#reach = 0;
  }

  endSnapshot(): void {
    this.#inSnapshot = false;
    this.#reach = this.#size;
    for (const price of this.#marks) this.#flag(price, true);
  }

  /** Puts these levels, best first, and these marks in place of what is here. */
  replace(prices: readonly number[], sizes: readonly number[], marks: readonly number[]): void {
    this.#build(prices, sizes, new Set(marks), this.#size);
  }

  /** Stores in the window that a price is marked, or that it is not. */
  #flag(priceTicks: number, isMarked: boolean): void {
    const offset = this.#offset(priceTicks);
    if (offset < 0 || offset >= this.#size) return;
    const stored = this.#lots[offset]!;
    this.#lots[offset] = isMarked ? asMarked(lotsOf(stored)) : lotsOf(stored);
  }

  // ---- the window ----------------------------------------------------------------------------------------------------

  #offset(priceTicks: number): number {
    return this.#bids ? this.#front - priceTicks : priceTicks - this.#front;
  }

  #priceAt(offset: number): number {
    return this.#bids ? this.#front - offset : this.#front + offset;
  }

  #rank(priceTicks: number): number {
    return this.#bids ? priceTicks : -priceTicks;
  }

  #price(rank: number): number {
    return this.#bids ? rank : -rank;
  }

  /** Takes note of a change that missed the window; fits it anew when the levels to be moved have been paid for. */
  #countMiss(priceTicks: number): void {
    const best = this.best();
    const reach = LARGE - LARGE / 4; // of a large window that has the touch in its place
    if (best === NO_LEVEL || this.#rank(best) - this.#rank(priceTicks) >= reach) return;
    if (++this.#misses < (this.#size === LARGE ? LARGE_PATIENCE + this.depth() : SMALL_PATIENCE)) return;
    this.#misses = 0;
    const touch = this.#offset(best);
    if (this.#size === LARGE && touch >= LARGE / 8 && touch < LARGE / 2) return;
    const { prices, sizes } = this.levels();
    this.#build(prices, sizes, this.#marks, LARGE);
  }

  /** Makes the side anew: a window of `size` with its best level a quarter behind the front, so that it may improve. */
  #build(prices: readonly number[], sizes: readonly number[], marks: Set<number>, size: number): void {
    this.#clear();
    if (size !== this.#size) {
      this.#lots = new Float64Array(size);
      this.#occupancy = new Occupancy(size);
      this.#size = this.#touch = size;
      if (!this.#inSnapshot) this.#reach = size;
    }
    this.#marks = marks;
    const best = prices[0];
    if (best !== undefined) this.#front = this.#bids ? best + size / 4 : best - size / 4;
    for (let i = prices.length - 1; i >= 0; i--) {
      const offset = this.#offset(prices[i]!);
      if (offset < size) this.#put(offset, sizes[i]!);
      else this.#far.put(this.#rank(prices[i]!), sizes[i]!);
    }
    for (const price of marks) this.#flag(price, true);
  }

  /** Takes all levels out, and the flags of the marks. */
  #clear(): void {
    for (const price of this.#marks) this.#flag(price, false);
    for (let at = this.#touch; at < this.#size; at = this.#occupancy.from(at)) {
      this.#lots[at] = 0;
      this.#occupancy.put(at, 0);
    }
    this.#occupied = 0;
    this.#touch = this.#size;
    this.#far.clear();
  }
}

/** How the size of a marked level is stored: below zero, and what is beyond the safe integers stays exact. */
const asMarked = (lots: number): number => (lots === 0 ? MARKED_ABSENT : -lots);

/** The size of a level as it is stored. */
const lotsOf = (stored: number): number => (stored >= 0 ? stored : stored === MARKED_ABSENT ? 0 : -stored);
