import { narrowed, type Lots } from '../market/lots.js';

/** floor(a x b / c) in whole lots of `lotLots` increments each; exact for whatever can be counted. */
export function flooredShare(a: Lots, b: Lots, c: Lots, lotLots: number): Lots {
  if (typeof a === 'number' && typeof b === 'number' && typeof c === 'number') {
    const product = a * b;
    const divisor = c * lotLots;
    if (product <= Number.MAX_SAFE_INTEGER && divisor <= Number.MAX_SAFE_INTEGER)
      return Math.floor(product / divisor) * lotLots;
  }
  const lot = BigInt(lotLots);
  return narrowed(((BigInt(a) * BigInt(b)) / (BigInt(c) * lot)) * lot);
}

/** ceil(a x b / c) in whole lots of `lotLots` increments each; exact for whatever can be counted. */
export function raisedShare(a: Lots, b: Lots, c: Lots, lotLots: number): Lots {
  if (typeof a === 'number' && typeof b === 'number' && typeof c === 'number') {
    const divisor = c * lotLots;
    const dividend = a * b + divisor - 1;
    if (dividend <= Number.MAX_SAFE_INTEGER) return Math.floor(dividend / divisor) * lotLots;
  }
  const lot = BigInt(lotLots);
  const exact = BigInt(c) * lot;
  return narrowed(((BigInt(a) * BigInt(b) + exact - 1n) / exact) * lot);
}
