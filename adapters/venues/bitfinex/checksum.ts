import { crc32 } from 'node:zlib';
import type { CheckedBookRules, CheckedLevel } from '../mapping/checked-book.js';

const LEVELS = 25;

/**
 * Signed CRC-32 over the 25 best levels in turns, bid before ask: `price:amount`, an ask's amount below zero. Numbers are
 * written as JavaScript writes them, because the venue's server does.
 */
export const CHECKED: CheckedBookRules = {
  part: (price, quantity) => `${Number(price)}:${Number(quantity)}`,
  checksum: (bids, asks) => crc32(textOf(bids, asks)) | 0,
};

function textOf(bids: readonly CheckedLevel[], asks: readonly CheckedLevel[]): string {
  const parts: string[] = [];
  for (let level = 0; level < LEVELS; level++) {
    const bid = bids[level];
    const ask = asks[level];
    if (bid !== undefined) parts.push(bid.part);
    if (ask !== undefined) parts.push(ask.part.replace(':', ':-'));
  }
  return parts.join(':');
}
