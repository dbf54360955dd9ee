import type { Json } from '../json.js';

/**
 * The running sums of an instrument's trades. Only market trades enter volume, notional and the prices; `count` counts
 * every single print. Sums are exact: lots, and ticks x lots as bigint.
 */
export class Tape {
  count = 0;
  volumeLots = 0n;
  notional = 0n; // ticks x lots
  first = 0;
  last = 0;
  high = 0;
  low = 0;

  add(priceTicks: number, lots: number, isMarketTrade: boolean): void {
    this.count++;
    if (!isMarketTrade) return;
    this.volumeLots += BigInt(lots);
    // most products are safe integers; only the others need the slow multiplication
    const product = priceTicks * lots;
    this.notional += product <= Number.MAX_SAFE_INTEGER ? BigInt(product) : BigInt(priceTicks) * BigInt(lots);
    if (this.first === 0) {
      this.first = priceTicks;
      this.high = priceTicks;
      this.low = priceTicks;
    }
    this.last = priceTicks;
    if (priceTicks > this.high) this.high = priceTicks;
    if (priceTicks < this.low) this.low = priceTicks;
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
