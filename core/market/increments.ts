import { InvariantViolation } from '../errors.js';

/**
 * Exact numbers: a price or size is a whole count of increments, and an increment is a power of ten. `mantissa` counts,
 * `scale` is the number of decimal places: 61837.63 is mantissa 6183763 at scale 2. Text becomes numbers here and numbers
 * become text here.
 */
export interface Scaled {
  readonly mantissa: number;
  readonly scale: number;
}

export const MAX_SCALE = 18;
const POWERS = Array.from({ length: MAX_SCALE + 1 }, (_, exponent) => Number(`1e${exponent}`));
const POWERS_OF_FIVE = [1];
for (let exponent = 1; exponent <= MAX_SCALE; exponent++) POWERS_OF_FIVE.push(5 * POWERS_OF_FIVE[exponent - 1]!);
/** Sizes stay below this: they go into columns of 64 bits with a sign. */
const SIZE_END = 9_223_372_036_854_775_808;

/** 10^exponent for 0..18, exact though beyond a safe integer from 16 on; beyond that `Infinity`, which no count can be. */
export function pow10(exponent: number): number {
  return POWERS[exponent] ?? Infinity;
}

const ZERO = 48;
const NINE = 57;
const POINT = 46;

/**
 * Reads plain decimal text ("61837.63000000", "0.001", "5"). Trailing zeros of the fraction do not count, so the scale is
 * the finest place that is in use. No sign, no exponent, at most 18 places.
 *
 * @returns `undefined` when the text is not such a number or its mantissa is beyond a safe integer
 */
export function parseScaled(text: string): Scaled | undefined {
  let end = text.length;
  const point = text.indexOf('.');
  if (point === 0 || point === end - 1) return undefined;
  if (point > 0) {
    while (text.charCodeAt(end - 1) === ZERO) end--;
    if (end === point + 1) end = point;
  }
  if (end === 0) return undefined;
  let mantissa = 0;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code >= ZERO && code <= NINE) mantissa = mantissa * 10 + (code - ZERO);
    else if (code !== POINT || i !== point) return undefined;
  }
  const scale = point > 0 && end > point ? end - point - 1 : 0;
  if (mantissa > Number.MAX_SAFE_INTEGER || scale > MAX_SCALE) return undefined;
  return { mantissa, scale };
}

/** The same value counted in finer increments; `undefined` when it is beyond a safe integer. `scale` must not be coarser. */
export function rescaled(value: Scaled, scale: number): number | undefined {
  if (value.mantissa === 0) return 0;
  const mantissa = value.mantissa * pow10(scale - value.scale);
  return mantissa <= Number.MAX_SAFE_INTEGER ? mantissa : undefined;
}

/**
 * The same for the size of a level or of a print, which may be beyond a safe integer where it is a double exactly: a count of
 * m x 10^k is one whenever m x 5^k is safe, since 2^k costs only exponent. `undefined` where that does not show it to be
 * exact, and from 2^63 on.
 */
export function rescaledSize(value: Scaled, scale: number): number | undefined {
  const places = scale - value.scale;
  return fitsSize(value.mantissa, places) ? value.mantissa * pow10(places) : undefined;
}

function fitsSize(mantissa: number, places: number): boolean {
  if (mantissa === 0) return true;
  // a product that rounds to a safe integer is one, and then the product with 10^k is exact, too
  return (
    mantissa * (POWERS_OF_FIVE[places] ?? Infinity) <= Number.MAX_SAFE_INTEGER && mantissa * pow10(places) < SIZE_END
  );
}

/**
 * `value` counted in increments `factor` times as fine.
 *
 * @throws {InvariantViolation} when that is beyond the safe integers; such increments are refused at the door
 */
export function multiplied(value: number, factor: number): number {
  const product = value * factor;
  if (Number.isSafeInteger(product)) return product;
  throw new InvariantViolation(`${value} x ${factor} is beyond safe integers: refuse such increments earlier`);
}

/**
 * The same for the size of a level or of a print.
 *
 * @throws {InvariantViolation} when that is no exact double below 2^63
 */
export function multipliedSize(lots: number, factor: number): number {
  const product = lots * factor;
  if (product <= Number.MAX_SAFE_INTEGER) return product;
  if (product < SIZE_END && BigInt(lots) * BigInt(factor) === BigInt(product)) return product;
  throw new InvariantViolation(`${lots} x ${factor} cannot be counted exactly: refuse such increments earlier`);
}

/** Writes a count of increments as plain decimal text: no exponent, no trailing zeros, no trailing point. */
export function formatScaled(mantissa: number | bigint, scale: number): string {
  const negative = mantissa < 0;
  // beyond the safe integers a number is written with as many digits as tell it from its neighbours, which may be others
  let digits = String(mantissa > Number.MAX_SAFE_INTEGER ? BigInt(mantissa) : mantissa);
  if (negative) digits = digits.slice(1);
  if (scale > 0) {
    digits = digits.padStart(scale + 1, '0');
    let end = digits.length;
    const point = end - scale;
    while (end > point && digits.charCodeAt(end - 1) === ZERO) end--;
    digits = end === point ? digits.slice(0, point) : `${digits.slice(0, point)}.${digits.slice(point, end)}`;
  }
  return negative ? `-${digits}` : digits;
}

/**
 * Watches the numbers of one instrument at the door, so that every price and every size that is let in can be counted in
 * one common increment: a price without leaving the safe integers, a size as an exact double below 2^63 (`rescaledSize`). The
 * rule depends on the values alone, not on how they are batched.
 */
export class Increments {
  priceScale = 0;
  sizeScale = 0;
  #greatestPrice = 0; // at priceScale
  /** The greatest mantissa of the sizes let in with so many decimal places. Whatever is no greater is let in, too. */
  readonly greatestSizes = new Float64Array(MAX_SCALE + 1);

  /** Takes note of a price; false when it and what was seen before cannot be counted in one increment. */
  admitPrice(value: Scaled): boolean {
    const scale = value.scale > this.priceScale ? value.scale : this.priceScale;
    const own = rescaled(value, scale);
    const greatest = rescaled({ mantissa: this.#greatestPrice, scale: this.priceScale }, scale);
    if (own === undefined || greatest === undefined) return false;
    this.priceScale = scale;
    this.#greatestPrice = own > greatest ? own : greatest;
    return true;
  }

  /** The same for a size. */
  admitSize(value: Scaled): boolean {
    const { greatestSizes } = this;
    const scale = value.scale > this.sizeScale ? value.scale : this.sizeScale;
    if (!fitsSize(value.mantissa, scale - value.scale)) return false;
    // where a greater mantissa fits with so many places, a smaller one does
    if (scale > this.sizeScale && !greatestSizes.every((greatest, places) => fitsSize(greatest, scale - places)))
      return false;
    this.sizeScale = scale;
    if (value.mantissa > greatestSizes[value.scale]!) greatestSizes[value.scale] = value.mantissa;
    return true;
  }
}
