import { crc32 } from 'node:zlib';
import type { CheckedBookRules } from '../mapping/checked-book.js';

/**
 * Signed CRC-32 of the 25 best levels a side, bid and ask in turns: `price:size:price:size:…` as they were sent. Where one
 * side has fewer, the other goes on alone.
 */
export const CHECKSUM: CheckedBookRules = {
  covered: 25,
  part: (price, quantity) => `${price}:${quantity}`,
  checksum: (bids, asks) => {
    const parts: string[] = [];
    const count = Math.max(bids.length, asks.length);
    for (let level = 0; level < count; level++) {
      if (level < bids.length) parts.push(bids[level]!);
      if (level < asks.length) parts.push(asks[level]!);
    }
    return crc32(parts.join(':')) | 0;
  },
};
