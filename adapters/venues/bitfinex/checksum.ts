import type { CheckedBookRules } from '../mapping/checked-book.js';

/**
 * CRC-32 over the 25 best levels in turns, bid before ask: `price:amount`, an ask's amount below zero. Numbers are written as
 * JavaScript writes them, because the venue's server does.
 */
export const CHECKED: CheckedBookRules = {
  covered: 25,
  part: (price, quantity, isAsk) => `${Number(price)}:${isAsk ? '-' : ''}${Number(quantity)}`,
  between: ':',
  order: 'in-turns',
};
