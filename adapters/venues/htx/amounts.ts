import { decimalText } from '../mapping/fields.js';
import { rounded } from '../mapping/rounded.js';

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
  return rounded(decimalText(field, typeof value === 'number' ? String(value) : value), PLACES);
}
