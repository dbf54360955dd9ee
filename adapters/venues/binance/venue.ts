import { isRecord } from '../mapping/fields.js';
import { type SequenceRule, WITHOUT_HOLES } from '../mapping/sequence.js';

export const BINANCE_VENUES = ['binance', 'binance-us', 'binance-usdm', 'binance-coinm'] as const;
export type BinanceVenue = (typeof BINANCE_VENUES)[number];

export const isSpot = (venue: BinanceVenue): boolean => venue === 'binance' || venue === 'binance-us';

/** Derivatives: update numbers have holes, and a message names the last one before it. */
const DERIVATIVES: SequenceRule = {
  isOld: ({ last }, snapshotId) => last < snapshotId,
  joins: ({ first, last }, snapshotId) => first <= snapshotId && snapshotId <= last,
  follows: ({ previous }, last) => previous === last,
};

export const sequenceOf = (venue: BinanceVenue): SequenceRule => (isSpot(venue) ? WITHOUT_HOLES : DERIVATIVES);

/** COIN-M symbols are `BTCUSD_PERP`, `BTCUSD_240927`; USD-M ones with a date end the pair in a stable coin. */
const COIN_MARGINED = /USD_(PERP|\d{6})$/;

/** What one message of a combined stream says about where it is from; undefined where it says nothing. */
export function recognise(message: unknown): { venue: BinanceVenue | undefined; symbol: string | undefined } {
  const nothing = { venue: undefined, symbol: undefined };
  if (!isRecord(message)) return nothing;
  const { stream, data } = message;
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
