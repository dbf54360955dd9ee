import type { Json } from '../json.js';

/**
 * The running sums of an instrument's trades. Only market trades enter volume, notional and the prices; `count` counts
 * every single print. Sums are exact: lots, and ticks x lots as bigint.
 */
export class Tape {
  count = 0;
  #volumeLots = 0n;
  #notional = 0n; // ticks x lots
  // what is not in them yet: sums of numbers for as long as they are exact, since bigints are slow
  #moreLots = 0;
  #moreNotional = 0;
  first = 0;
  last = 0;
  high = 0;
  low = 0;

  add(priceTicks: number, lots: number, isMarketTrade: boolean): void {
    this.count++;
    if (!isMarketTrade) return;
    const product = priceTicks * lots;
    const moreLots = this.#moreLots + lots;
    const moreNotional = this.#moreNotional + product;
    if (moreLots <= Number.MAX_SAFE_INTEGER && moreNotional <= Number.MAX_SAFE_INTEGER) {
      this.#moreLots = moreLots;
      this.#moreNotional = moreNotional;
    } else {
      this.volumeLots += BigInt(lots);
      this.notional += BigInt(priceTicks) * BigInt(lots);
    }
    if (this.first === 0) {
      this.first = priceTicks;
      this.high = priceTicks;
      this.low = priceTicks;
    }
    this.last = priceTicks;
    if (priceTicks > this.high) this.high = priceTicks;
    if (priceTicks < this.low) this.low = priceTicks;
  }

  get volumeLots(): bigint {
    return this.#volumeLots + BigInt(this.#moreLots);
  }

  set volumeLots(lots: bigint) {
    this.#volumeLots = lots;
    this.#moreLots = 0;
  }

  /** Ticks x lots. */
  get notional(): bigint {
    return this.#notional + BigInt(this.#moreNotional);
  }

  set notional(product: bigint) {
    this.#notional = product;
    this.#moreNotional = 0;
  }

  rescale(priceFactor: number, sizeFactor: number): void {
    this.volumeLots *= BigInt(sizeFactor);
    this.notional *= BigInt(priceFactor) * BigInt(sizeFactor);
    this.first *= priceFactor;
    this.last *= priceFactor;
    this.high *= priceFactor;
    this.low *= priceFactor;
  }
}

export type TapeContent = { readonly [K in 'count' | 'volume' | 'notional' | 'first' | 'last' | 'high' | 'low']: Json };
