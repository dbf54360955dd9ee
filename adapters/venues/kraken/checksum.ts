import type { CheckedBookRules } from '../mapping/checked-book.js';

/**
 * CRC-32 of the ten best asks, then the ten best bids: price and quantity as they were sent, without the point and without
 * leading zeros.
 */
export const CHECKSUM: CheckedBookRules = {
  covered: 10,
  part: (price, quantity) => significant(price) + significant(quantity),
  between: '',
  order: 'asks-bids',
};

const ZERO = 48;

function significant(decimal: string): string {
  const point = decimal.indexOf('.');
  const digits = point < 0 ? decimal : decimal.slice(0, point) + decimal.slice(point + 1);
  let start = 0;
  while (digits.charCodeAt(start) === ZERO) start++;
  return digits.slice(start);
}
