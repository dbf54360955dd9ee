import { isRecord } from '../mapping/fields.js';

/** The default for what content cannot tell comes first: `BTCUSDT` is a linear contract and a spot pair. */
export const BYBIT_VENUES = ['bybit-linear', 'bybit-spot', 'bybit-inverse'] as const;
export type BybitVenue = (typeof BYBIT_VENUES)[number];
/** The venue's own word for a market, as it stands in addresses and replies. */
export type Category = 'linear' | 'spot' | 'inverse';

export const categoryOf = (venue: BybitVenue): Category => venue.slice('bybit-'.length) as Category;

/** `BTCUSD`, `BTCUSDM21`: quoted in dollars, settled in the base. */
const INVERSE = /^[A-Z0-9]+USD(?:[HMUZ]\d{2})?$/;
/** `BTCUSDT`, `BTCPERP` (settled in USDC), `BTC-27DEC24`, `BTCUSDT-27DEC24`. */
const LINEAR = /^[A-Z0-9]+(?:USDT|PERP|(?:USDT)?-\d{1,2}[A-Z]{3}\d{2})$/;
const SPOT = /^[A-Z0-9]+$/;

/** Whether a symbol can be one of that market. */
export function canBeOf(category: Category, symbol: string): boolean {
  switch (category) {
    case 'inverse':
      return INVERSE.test(symbol);
    case 'linear':
      return LINEAR.test(symbol);
    case 'spot':
      return SPOT.test(symbol) && !INVERSE.test(symbol) && !symbol.endsWith('PERP');
  }
}

export interface Topic {
  readonly kind: 'book' | 'trade';
  /** `v2` of 2021, `v5` of today. */
  readonly form: 'v2' | 'v5';
  readonly symbol: string;
  /** Levels a side of a book; 0 for trades. */
  readonly depth: number;
}

const BOOKS = { v5: /^orderbook\.(\d{1,4})\.(\S+)$/, v2: /^orderBook(?:L2)?_(\d{1,4})\.(?:\d+ms\.)?(\S+)$/ } as const;
const TRADES = { v5: /^publicTrade\.(\S+)$/, v2: /^trade\.(\S+)$/ } as const;

/** What a topic is; undefined for those that are not read. */
export function readTopic(topic: string): Topic | undefined {
  for (const form of ['v5', 'v2'] as const) {
    const [, depth, symbol] = BOOKS[form].exec(topic) ?? [];
    if (depth !== undefined && symbol !== undefined) return { kind: 'book', form, symbol, depth: Number(depth) };
    const traded = TRADES[form].exec(topic)?.[1];
    if (traded !== undefined) return { kind: 'trade', form, symbol: traded, depth: 0 };
  }
  return undefined;
}

/** The instrument of a message of books or trades that can be of that market. */
export function recognise(venue: BybitVenue, message: unknown): { readonly symbol: string } | undefined {
  if (!isRecord(message) || typeof message['topic'] !== 'string') return undefined;
  const topic = readTopic(message['topic']);
  const category = categoryOf(venue);
  // spot of 2021 had other messages
  if (topic === undefined || (topic.form === 'v2' && category === 'spot')) return undefined;
  return canBeOf(category, topic.symbol) ? { symbol: topic.symbol } : undefined;
}
