import { formatScaled } from '../../../core/market/increments.js';
import { decimalText } from '../mapping/fields.js';

/** No instrument in the venue's own list of 2021 has a finer lot. */
export const AMOUNT_PLACES = 6;

/** A quantity as plain decimal text, and whether digits were rounded away. */
export interface Amount {
  readonly text: string;
  readonly isRounded: boolean;
}

/**
 * A quantity, rounded half up to six places. What is left of an order that was placed by its value comes with binary noise
 * (`4058.1997100628932`), often with more digits than can be counted exactly together with whole lots; such digits mean
 * nothing.
 *
 * @throws {MessageFault}
 */
export function amountOf(field: string, value: unknown): Amount {
  const told = decimalText(field, typeof value === 'number' ? String(value) : value);
  const point = told.indexOf('.');
  const end = point + 1 + AMOUNT_PLACES;
  // whoever reads what is no number says what is wrong
  if (point < 0 || told.length <= end || !/^\d+\.\d+$/.test(told)) return { text: told, isRounded: false };
  const kept = BigInt(told.slice(0, point) + told.slice(point + 1, end));
  const text = formatScaled(told.charCodeAt(end) >= FIVE ? kept + 1n : kept, AMOUNT_PLACES);
  return { text, isRounded: /[1-9]/.test(told.slice(end)) };
}
const FIVE = 53;
