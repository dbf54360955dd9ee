import { levelKey } from '../market/book.js';
import type { Side } from '../market/columns.js';
import type { Assumption } from './settings.js';

/**
 * What one desk took from the levels of one book. What was taken stays taken: available = displayed - consumed.
 *
 * When the displayed size d of a level becomes d': *optimistic* forgets what was consumed; *expected* keeps it when the
 * level grows and scales it when it shrinks, ceil(c x d' / d) in lots; *pessimistic* keeps min(c, d') until the level is deleted.
 * What this leaves out: nobody reacts to our taking, and a refilled level is taken for new liquidity only by `optimistic`.
 */
export class Consumption {
  readonly #lots = new Map<number, number>();

  constructor(public assume: Assumption) {}

  consumedAt(side: Side, priceTicks: number): number {
    return this.#lots.get(levelKey(side, priceTicks)) ?? 0;
  }

  /** Adds to what was taken; returns whether the level was untouched before. */
  take(side: Side, priceTicks: number, lots: number): boolean {
    const key = levelKey(side, priceTicks);
    const before = this.#lots.get(key);
    this.#lots.set(key, (before ?? 0) + lots);
    return before === undefined;
  }

  /**
   * The level's displayed size changed from `before` to `after` lots; returns whether nothing is consumed there any more.
   *
   * @param lotLots  the venue's lot size in increments: what is scaled is rounded to it, never to the increments, which
   *                 depend on what else was seen
   */
  changed(side: Side, priceTicks: number, before: number, after: number, lotLots: number): boolean {
    const key = levelKey(side, priceTicks);
    const consumed = this.#lots.get(key);
    if (consumed === undefined) return true;
    const kept = keep(this.assume, consumed, before, after, lotLots);
    if (kept === 0) this.#lots.delete(key);
    else this.#lots.set(key, kept);
    return kept === 0;
  }

  /** Levels with what was taken from them, by key. */
  entries(): [side: Side, priceTicks: number, lots: number][] {
    return [...this.#lots]
      .sort((a, b) => a[0] - b[0])
      .map(([key, lots]) => [(key % 2) as Side, Math.floor(key / 2), lots]);
  }

  rescale(priceFactor: number, sizeFactor: number): void {
    const entries = this.entries();
    this.#lots.clear();
    for (const [side, price, lots] of entries) this.#lots.set(levelKey(side, price * priceFactor), lots * sizeFactor);
  }
}

function keep(assume: Assumption, consumed: number, before: number, after: number, lotLots: number): number {
  switch (assume) {
    case 'optimistic':
      return 0;
    case 'expected': {
      if (after >= before) return consumed < after ? consumed : after; // it may come back smaller out of the unknown
      const divisor = BigInt(before) * BigInt(lotLots);
      const kept = Number((BigInt(consumed) * BigInt(after) + divisor - 1n) / divisor) * lotLots;
      return kept < after ? kept : after; // an old level may show less than a lot
    }
    case 'pessimistic':
      return consumed < after ? consumed : after;
  }
}
