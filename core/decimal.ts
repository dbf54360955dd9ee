import { Decimal as Library } from 'decimal.js';

/**
 * Money outside the hot path: our own clone of decimal.js, because the library's settings are process-wide. Sums and
 * products of prices, sizes and fee rates stay exact within its 60 digits; a quotient is rounded half-even when it is read.
 */
export const Decimal = Library.clone({ precision: 60, rounding: Library.ROUND_HALF_EVEN, toExpNeg: -60, toExpPos: 60 });
export type Decimal = Library;

/** Plain text without exponent and without trailing zeros. */
export function plain(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed();
}
