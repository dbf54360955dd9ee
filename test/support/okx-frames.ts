import type { Pairs } from './mini-recording.js';
import { okxChecksum } from './plain-checksums.js';

interface Book {
  readonly bids: Pairs;
  readonly asks: Pairs;
}

const levels = (pairs: Pairs): readonly (readonly string[])[] =>
  pairs.map(([price, quantity]) => [price, quantity, '0', '1']);

/** Messages of OKX's fifth version. `book` is the whole book after the message, best first, of which the checksum is. */
export const v5 = {
  /** As live feeds are: numbered, and a checksum of 0. */
  numbered: (
    action: 'snapshot' | 'update',
    previous: number,
    seqId: number,
    bids: Pairs,
    asks: Pairs,
    instId = 'BTC-USDT',
    more: object = { checksum: 0 },
  ): object => ({
    arg: { channel: 'books', instId },
    action,
    data: [{ asks: levels(asks), bids: levels(bids), ts: '1704067200123', ...more, prevSeqId: previous, seqId }],
  }),
  /** As recordings of before are: a checksum and no number. */
  checked: (
    action: 'snapshot' | 'update',
    bids: Pairs,
    asks: Pairs,
    book: Book,
    instId = 'BTC-USDT',
    channel = 'books',
  ): object => ({
    arg: { channel, instId },
    action,
    data: [
      { asks: levels(asks), bids: levels(bids), ts: '1704067200123', checksum: okxChecksum(book.bids, book.asks) },
    ],
  }),
  trade: (tradeId: string, side: string, px: string, sz: string, instId = 'BTC-USDT'): object => ({
    instId,
    tradeId,
    px,
    sz,
    side,
    ts: '1704067200456',
    count: '1',
  }),
  trades: (trades: readonly object[], channel = 'trades', instId = 'BTC-USDT'): object => ({
    arg: { channel, instId },
    data: trades,
  }),
};

/** Messages of the third version. */
export const v3 = {
  book: (action: 'partial' | 'update', bids: Pairs, asks: Pairs, book: Book, symbol = 'BTC-USDT'): object => ({
    table: 'spot/depth_l2_tbt',
    action,
    data: [
      {
        instrument_id: symbol,
        asks: levels(asks),
        bids: levels(bids),
        timestamp: '2024-01-01T00:00:00.123Z',
        checksum: okxChecksum(book.bids, book.asks),
      },
    ],
  }),
  trades: (table: string, ...trades: readonly object[]): object => ({
    table,
    data: trades.map((trade) => ({ side: 'buy', price: '10', timestamp: '2024-01-01T00:00:00.456Z', ...trade })),
  }),
};
