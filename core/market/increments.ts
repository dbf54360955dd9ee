import { invariant } from '../errors.js';

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
const POWERS = Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`));

/** 10^exponent for 0..15, a safe integer; beyond that `Infinity`, so that any product fails the safe-integer check. */
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
 * `value` counted in increments `factor` times as fine.
 *
 * @throws {InvariantViolation} when that is beyond the safe integers; such increments are refused at the door
 */
export function multiplied(value: number, factor: number): number {
  const product = value * factor;
  invariant(
    Number.isSafeInteger(product),
    `${value} x ${factor} is beyond safe integers: refuse such increments earlier`,
  );
  return product;
}

/** Writes a count of increments as plain decimal text: no exponent, no trailing zeros, no trailing point. */
export function formatScaled(mantissa: number | bigint, scale: number): string {
  const negative = mantissa < 0;
  let digits = String(mantissa);
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
 * one common increment without leaving the safe integers. The rule depends on the values alone, not on how they are batched.
 */
export class Increments {
  priceScale = 0;
  sizeScale = 0;
  #greatestPrice = 0; // at priceScale
  #greatestSize = 0; // at sizeScale

  /** The same, to try numbers on. */
  copy(): Increments {
    const copy = new Increments();
    copy.priceScale = this.priceScale;
    copy.sizeScale = this.sizeScale;
    copy.#greatestPrice = this.#greatestPrice;
    copy.#greatestSize = this.#greatestSize;
    return copy;
  }

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
    const scale = value.scale > this.sizeScale ? value.scale : this.sizeScale;
    const own = rescaled(value, scale);
    const greatest = rescaled({ mantissa: this.#greatestSize, scale: this.sizeScale }, scale);
    if (own === undefined || greatest === undefined) return false;
    this.sizeScale = scale;
    this.#greatestSize = own > greatest ? own : greatest;
    return true;
  }
}
