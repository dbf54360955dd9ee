import type { Pairs } from '../mini-recording.js';

/** 2024-01-01T00:00:00Z in milliseconds. */
const MILLIS = 1_704_067_200_000;

type Changes = readonly (readonly [price: string, size: string, sequence?: number])[];

/** Messages and replies as KuCoin sends them. */
export const kucoin = {
  update: (
    first: number,
    last: number,
    { b = [], a = [], symbol = 'AAA-USDT' }: { b?: Changes; a?: Changes; symbol?: string } = {},
  ): object => {
    const changes = (levels: Changes): string[][] =>
      levels.map(([price, size, sequence = last]) => [price, size, String(sequence)]);
    return {
      topic: `/market/level2:${symbol}`,
      type: 'message',
      subject: 'trade.l2update',
      data: {
        changes: { asks: changes(a), bids: changes(b) },
        sequenceEnd: last,
        sequenceStart: first,
        symbol,
        time: MILLIS + last,
      },
    };
  },
  match: (more: object = {}, symbol = 'AAA-USDT'): object => ({
    topic: `/market/match:${symbol}`,
    type: 'message',
    subject: 'trade.l3match',
    data: {
      symbol,
      sequence: '9',
      side: 'sell',
      size: '2',
      price: '10.5',
      takerOrderId: 't',
      makerOrderId: 'm',
      tradeId: '6085c0a069bc50686d66da3c',
      time: `${MILLIS + 123}456789`,
      type: 'match',
      ...more,
    },
  }),
  reply: (sequence: number, bids: Pairs, asks: Pairs): object => ({
    code: '200000',
    data: { time: MILLIS + sequence, sequence: String(sequence), bids, asks },
  }),
};

export const depthUrl = (symbol = 'AAA-USDT', route = '/api/v1/market/orderbook/level2_100'): string =>
  `https://api.kucoin.com${route}?symbol=${symbol}`;
