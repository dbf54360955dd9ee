import type { CheckedBookRules } from '../mapping/checked-book.js';

/**
 * CRC-32 of the 25 best levels a side, bid and ask in turns: `price:size:price:size:…` as they were sent. Where one side has
 * fewer, the other goes on alone.
 */
export const CHECKSUM: CheckedBookRules = {
  covered: 25,
  part: (price, quantity) => `${price}:${quantity}`,
  between: ':',
  order: 'in-turns',
};
