import { krakenChecksum } from './plain-checksums.js';
import type { Pairs } from './mini-recording.js';

const stamped = (levels: Pairs, time: string, ...mark: string[]): readonly (readonly string[])[] =>
  levels.map((level) => [...level, time, ...mark]);

const TIME = '1704067200.123456';

/** Messages of Kraken's first version. `book` is the whole book after the message, best first, of which the checksum is. */
export const v1 = {
  snapshot: (bids: Pairs, asks: Pairs, pair = 'XBT/USD', depth = 1000) => [
    320,
    { as: stamped(asks, TIME), bs: stamped(bids, TIME) },
    `book-${depth}`,
    pair,
  ],
  change: (
    sides: { readonly a?: Pairs; readonly b?: Pairs; readonly mark?: string },
    book: { readonly bids: Pairs; readonly asks: Pairs },
    pair = 'XBT/USD',
    depth = 1000,
  ) => {
    const parts: Record<string, unknown>[] = [];
    const mark = sides.mark === undefined ? [] : [sides.mark];
    if (sides.a !== undefined) parts.push({ a: stamped(sides.a, TIME, ...mark) });
    if (sides.b !== undefined) parts.push({ b: stamped(sides.b, TIME, ...mark) });
    Object.assign(parts.at(-1)!, { c: String(krakenChecksum(book.bids, book.asks)) });
    return [320, ...parts, `book-${depth}`, pair];
  },
  trades: (trades: readonly (readonly string[])[], pair = 'XBT/USD') => [321, trades, 'trade', pair],
};

const levels = (pairs: Pairs): string =>
  pairs.map(([price, quantity]) => `{"price":${price},"qty":${quantity}}`).join(',');

/** Messages of the second version: texts, because the digits of their numbers count. */
export const v2 = {
  book: (
    type: 'snapshot' | 'update',
    bids: Pairs,
    asks: Pairs,
    book: { readonly bids: Pairs; readonly asks: Pairs },
    symbol = 'BTC/USD',
  ): string =>
    `{"channel":"book","type":"${type}","data":[{"symbol":"${symbol}","bids":[${levels(bids)}],"asks":[${levels(asks)}],` +
    `"checksum":${krakenChecksum(book.bids, book.asks)},"timestamp":"2024-01-01T00:00:00.123456Z"}]}`,
  subscribed: (depth: number, symbol = 'BTC/USD'): string =>
    JSON.stringify({
      method: 'subscribe',
      result: { channel: 'book', depth, snapshot: true, symbol },
      success: true,
      time_in: '2024-01-01T00:00:00.058856Z',
      time_out: '2024-01-01T00:00:00.058894Z',
    }),
  trade: (id: number, side: string, price: string, qty: string, symbol = 'BTC/USD'): string =>
    `{"symbol":"${symbol}","side":"${side}","price":${price},"qty":${qty},"ord_type":"limit","trade_id":${id},` +
    `"timestamp":"2024-01-01T00:00:00.${id}Z"}`,
  trades: (type: 'snapshot' | 'update', ...trades: readonly string[]): string =>
    `{"channel":"trade","type":"${type}","data":[${trades.join(',')}]}`,
};
