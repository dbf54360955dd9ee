import type { Pairs } from '../mini-recording.js';

/** 2024-01-01T00:00:00Z in milliseconds. */
const MILLIS = 1_704_067_200_000;

interface Book {
  readonly update: number;
  readonly b?: Pairs;
  readonly a?: Pairs;
  readonly symbol?: string;
  readonly depth?: number;
  /** Milliseconds of 2024. */
  readonly cts?: number;
}

const book = (type: string, { update, b = [], a = [], symbol = 'AAAUSDT', depth = 50, cts = 0 }: Book): object => ({
  topic: `orderbook.${depth}.${symbol}`,
  type,
  ts: MILLIS + cts + 3,
  data: { s: symbol, b, a, u: update, seq: 7 * update },
  cts: MILLIS + cts,
});

/** Messages as v5 sends them. */
export const bybit = {
  snapshot: (of: Book): object => book('snapshot', of),
  delta: (of: Book): object => book('delta', of),
  trades: (trades: readonly object[], symbol = 'AAAUSDT'): object => ({
    topic: `publicTrade.${symbol}`,
    type: 'snapshot',
    ts: MILLIS + 9,
    data: trades.map((trade) => ({
      T: MILLIS + 5,
      s: symbol,
      S: 'Buy',
      v: '2',
      p: '10.5',
      L: 'PlusTick',
      i: '9dc75fca-4bdd-4773-9f78-6f5d7ab2a110',
      BT: false,
      ...trade,
    })),
  }),
};

type Entry = readonly [side: 'Buy' | 'Sell', price: string, size?: number];

interface OldBook {
  readonly seq: number;
  readonly isInverse?: boolean;
}

const entry = ([side, price, size]: Entry, symbol: string): object => ({
  price,
  symbol,
  id: Number(price) * 10_000,
  side,
  ...(size === undefined ? {} : { size }),
});

const numbers = ({ seq, isInverse = false }: OldBook): object =>
  isInverse
    ? { cross_seq: seq, timestamp_e6: MILLIS * 1_000 + 4 }
    : { cross_seq: String(seq), timestamp_e6: String(MILLIS * 1_000 + 4) };

/** Messages as v2 sent them (2021): linear contracts in their words, inverse ones in theirs. */
export const bybitOfOld = {
  snapshot: (of: OldBook, levels: readonly Entry[]): object => {
    const symbol = of.isInverse === true ? 'AAAUSD' : 'AAAUSDT';
    const list = levels.map((level) => entry(level, symbol));
    const data = of.isInverse === true ? list : { order_book: list };
    return { topic: `orderBookL2_25.${symbol}`, type: 'snapshot', data, ...numbers(of) };
  },
  delta: (
    of: OldBook,
    { del = [], upd = [], ins = [] }: { del?: readonly Entry[]; upd?: readonly Entry[]; ins?: readonly Entry[] },
  ): object => {
    const symbol = of.isInverse === true ? 'AAAUSD' : 'AAAUSDT';
    const data = {
      delete: del.map((level) => entry(level, symbol)),
      update: upd.map((level) => entry(level, symbol)),
      insert: ins.map((level) => entry(level, symbol)),
    };
    return { topic: `orderBookL2_25.${symbol}`, type: 'delta', data, ...numbers(of) };
  },
};
