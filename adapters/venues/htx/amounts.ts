import { formatScaled } from '../../../core/market/increments.js';
import { decimalText } from '../mapping/fields.js';

/** No instrument in the venue's own list of 2021 has a finer lot. */
const PLACES = 6;

/**
 * A quantity as plain decimal text, rounded half up to six places. What is left of an order that was placed by its value
 * comes with binary noise (`4058.1997100628932`), often with more digits than can be counted exactly together with whole
 * lots; such digits mean nothing.
 *
 * @throws {MessageFault}
 */
export function amountText(field: string, value: unknown): string {
  const told = decimalText(field, typeof value === 'number' ? String(value) : value);
  const point = told.indexOf('.');
  if (point < 0 || told.length - point - 1 <= PLACES) return told;
  const end = point + 1 + PLACES;
  const kept = /^\d+\.\d+$/.test(told) ? BigInt(told.slice(0, point) + told.slice(point + 1, end)) : undefined;
  if (kept === undefined) return told; // whoever reads it says what is wrong
  return formatScaled(told.charCodeAt(end) >= FIVE ? kept + 1n : kept, PLACES);
}
const FIVE = 53;
