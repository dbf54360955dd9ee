import type { Sent } from './mapped.js';

type Level = readonly [id: number, side: 'Buy' | 'Sell', size?: number, price?: number];

/** BitMEX's messages. Rows of levels are in the old form, in which updates and deletions have no price. */
export const bitmex = {
  book: (
    action: string,
    levels: readonly Level[],
    symbol = 'XBTUSD',
    table = 'orderBookL2',
    more: object = {},
  ): object => ({
    table,
    action,
    ...(action === 'partial' ? { keys: ['symbol', 'id', 'side'], filter: { symbol } } : {}),
    data: levels.map(([id, side, size, price]) => ({
      symbol,
      id,
      side,
      ...(size === undefined ? {} : { size }),
      ...(price === undefined ? {} : { price }),
      ...more,
    })),
  }),
  trade: (
    side: string,
    size: number,
    price: number,
    more: object = {},
    symbol = 'XBTUSD',
    action = 'insert',
  ): object => ({
    table: 'trade',
    action,
    data: [{ timestamp: '2024-01-01T00:00:00.500Z', symbol, side, size, price, ...more }],
  }),
};

/** A book of two levels a side, in which ids rise as prices fall. */
export const bitmexPartial = (afterMs = 0, symbol = 'XBTUSD', table = 'orderBookL2'): Sent => [
  afterMs,
  bitmex.book(
    'partial',
    [
      [100, 'Sell', 5, 11.5],
      [101, 'Sell', 2, 11],
      [103, 'Buy', 1, 10],
      [104, 'Buy', 7, 9.5],
    ],
    symbol,
    table,
  ),
];
