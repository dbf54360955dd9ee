import type { Units } from '../market/instrument.js';
import { formatScaled } from '../market/increments.js';
import { Fraction, powerOfTen } from './fraction.js';

/** Quantities at prices, as decimal text. */
export type PriceSumContent =
  | {
      readonly quantity: string;
      /** Sum of price x quantity. */
      readonly value: string;
    }
  /** Of an inverse contract: quantity by price, in the order of prices. */
  | { readonly quantity: string; readonly prices: readonly (readonly [price: string, quantity: string])[] };

/**
 * A sum of quantities at prices, exactly. Of a spot market or a linear contract only quantity and price x quantity matter;
 * an inverse contract is worth quantity / price, which has no common denominator, so there quantities are kept by price.
 * Prices are counted in half increments, as mids are.
 */
export class PriceSum {
  #lots = 0n;
  #product = 0n; // price2 x lots
  // what is not in them yet, numbers for as long as they are exact, since bigints are slow
  #moreLots = 0;
  #moreProduct = 0;
  /** Whether anything is in the bigints. */
  #isLong = false;
  readonly #byPrice: Map<number, bigint> | undefined;

  constructor(readonly inverse: boolean) {
    this.#byPrice = inverse ? new Map() : undefined;
  }

  get lots(): bigint {
    return this.#lots + BigInt(this.#moreLots);
  }

  /** The same, a number where that is exact. */
  count(): number | bigint {
    return this.#isLong ? this.lots : this.#moreLots;
  }

  add(price2: number, lots: number | bigint): void {
    if (typeof lots === 'number' && this.#byPrice === undefined && this.#isAdded(lots, price2 * lots)) return;
    const quantity = BigInt(lots);
    this.#isLong = true;
    this.#lots += quantity;
    if (this.#byPrice === undefined) this.#product += BigInt(price2) * quantity;
    else this.#byPrice.set(price2, (this.#byPrice.get(price2) ?? 0n) + quantity);
  }

  /** False when numbers are not enough. */
  #isAdded(lots: number, product: number): boolean {
    const moreLots = this.#moreLots + lots;
    const moreProduct = this.#moreProduct + product;
    if (moreLots > Number.MAX_SAFE_INTEGER || moreProduct > Number.MAX_SAFE_INTEGER) return false;
    this.#moreLots = moreLots;
    this.#moreProduct = moreProduct;
    return true;
  }

  #settle(): void {
    this.#isLong = true;
    this.#lots += BigInt(this.#moreLots);
    this.#product += BigInt(this.#moreProduct);
    this.#moreLots = 0;
    this.#moreProduct = 0;
  }

  addAll(other: PriceSum): void {
    if (!this.#isAdded(other.#moreLots, other.#moreProduct)) other.#settle();
    else if (!other.#isLong) return;
    this.#isLong = true;
    this.#lots += other.#lots;
    this.#product += other.#product;
    for (const [price2, lots] of other.#byPrice ?? [])
      this.#byPrice!.set(price2, (this.#byPrice!.get(price2) ?? 0n) + lots);
  }

  rescale(priceFactor: number, sizeFactor: number): void {
    const size = BigInt(sizeFactor);
    this.#settle();
    this.#lots *= size;
    this.#product *= BigInt(priceFactor) * size;
    const entries = [...(this.#byPrice ?? [])];
    this.#byPrice?.clear();
    for (const [price2, lots] of entries) this.#byPrice!.set(price2 * priceFactor, lots * size);
  }

  content({ priceScale, sizeScale }: Units): PriceSumContent {
    this.#settle();
    const quantity = formatScaled(this.#lots, sizeScale);
    if (this.#byPrice === undefined)
      return { quantity, value: formatScaled(5n * this.#product, priceScale + 1 + sizeScale) };
    const prices = [...this.#byPrice]
      .sort(([a], [b]) => a - b)
      .map(([price2, lots]) => [halvesText(price2, priceScale), formatScaled(lots, sizeScale)] as const);
    return { quantity, prices };
  }

  static restore(content: PriceSumContent, { priceScale, sizeScale }: Units): PriceSum {
    const sum = new PriceSum('prices' in content);
    if ('prices' in content)
      for (const [price, quantity] of content.prices)
        sum.add(countHalves(price, priceScale), countExactly(quantity, sizeScale));
    else {
      sum.#isLong = true;
      sum.#lots = countExactly(content.quantity, sizeScale);
      sum.#product = countExactly(content.value, priceScale + 1 + sizeScale) / 5n;
    }
    return sum;
  }
}

/** What a sum is worth for one unit of the contract's multiplier: Σ q p, or -Σ q / p for an inverse contract. */
export function worth(content: PriceSumContent): Fraction {
  return 'prices' in content
    ? inCoins(content.prices, 0, content.prices.length).negated()
    : Fraction.parse(content.value);
}

/** Σ q / p over [from, to), halved until one is left: denominators multiply, and long ones should meet their equals. */
function inCoins(prices: readonly (readonly [string, string])[], from: number, to: number): Fraction {
  if (from === to) return Fraction.ZERO;
  if (to - from === 1) return Fraction.parse(prices[from]![1]).over(Fraction.parse(prices[from]![0]));
  const middle = (from + to) >> 1;
  return inCoins(prices, from, middle).plus(inCoins(prices, middle, to));
}

/** A price in half increments as decimal text. */
export function halvesText(price2: number | bigint, priceScale: number): string {
  return formatScaled(5n * BigInt(price2), priceScale + 1);
}

export function countHalves(text: string, priceScale: number): number {
  return Number(countExactly(text, priceScale + 1) / 5n);
}

/** Counts decimal text at a scale that is fine enough for it, beyond the safe integers too. */
export function countExactly(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

/** Counts at a scale as a fraction of whole units. */
export function unscaled(count: bigint, scale: number): Fraction {
  return Fraction.of(count, powerOfTen(scale));
}
