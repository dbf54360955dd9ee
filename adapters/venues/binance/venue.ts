import { FUTURES_SEQUENCE, SPOT_SEQUENCE, type SequenceRule } from './sequence.js';

export const BINANCE_VENUES = ['binance', 'binance-us', 'binance-usdm', 'binance-coinm'] as const;
export type BinanceVenue = (typeof BINANCE_VENUES)[number];

export const isBinanceVenue = (name: string): name is BinanceVenue =>
  (BINANCE_VENUES as readonly string[]).includes(name);

export const sequenceOf = (venue: BinanceVenue): SequenceRule =>
  venue === 'binance' || venue === 'binance-us' ? SPOT_SEQUENCE : FUTURES_SEQUENCE;

/** Binance US speaks exactly as Binance spot does, so content alone never tells it. */
export const looksAlike = (told: BinanceVenue, venue: BinanceVenue): boolean =>
  told === venue || (told === 'binance' && venue === 'binance-us');

/** COIN-M symbols are `BTCUSD_PERP`, `BTCUSD_240927`; USD-M ones with a date end the pair in a stable coin. */
const COIN_MARGINED = /USD_(PERP|\d{6})$/;

export interface Frame {
  readonly stream?: unknown;
  readonly data?: unknown;
}

/** What one message says about where it is from; undefined where it says nothing. */
export function recognise(message: unknown): { venue: BinanceVenue | undefined; symbol: string | undefined } {
  const nothing = { venue: undefined, symbol: undefined };
  if (!isRecord(message)) return nothing;
  const { stream, data } = message as Frame;
  if (typeof stream !== 'string' || !isRecord(data)) return nothing;
  const symbol = typeof data['s'] === 'string' && data['s'] !== '' ? data['s'] : undefined;
  if (symbol === undefined) return nothing;
  const futures = (): BinanceVenue => ('ps' in data || COIN_MARGINED.test(symbol) ? 'binance-coinm' : 'binance-usdm');
  const channel = stream.slice(stream.indexOf('@') + 1);
  if (channel.startsWith('depth')) return { venue: 'pu' in data ? futures() : 'binance', symbol };
  if (channel === 'trade') {
    if ('X' in data) return { venue: futures(), symbol };
    return { venue: 'M' in data ? 'binance' : undefined, symbol };
  }
  if (channel === 'bookTicker') return { venue: 'T' in data ? futures() : 'binance', symbol };
  if (channel.startsWith('markPrice')) return { venue: futures(), symbol };
  return { venue: undefined, symbol };
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
