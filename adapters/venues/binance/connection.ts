import { MICROS } from '../../../core/time.js';
import type { Connection, Endpoints, Limits } from '../venue.js';
import { isSpot, type BinanceVenue } from './venue.js';

/** Endpoints, paths and limits as of the venue's documentation of 2026. */
const ENDPOINTS: Readonly<Record<BinanceVenue, Endpoints>> = {
  binance: { socket: 'wss://stream.binance.com:9443', rest: 'https://api.binance.com' },
  'binance-us': { socket: 'wss://stream.binance.us:9443', rest: 'https://api.binance.us' },
  'binance-usdm': { socket: 'wss://fstream.binance.com', rest: 'https://fapi.binance.com' },
  'binance-coinm': { socket: 'wss://dstream.binance.com', rest: 'https://dapi.binance.com' },
};

/** What is longer than this is no refusal, and is not searched for one. */
const LONGEST_REFUSAL = 400;

/** What every REST path of a market begins with. */
export const REST: Readonly<Record<BinanceVenue, string>> = {
  binance: '/api/v3',
  'binance-us': '/api/v3',
  'binance-usdm': '/fapi/v1',
  'binance-coinm': '/dapi/v1',
};

/** Single trades are documented for spot only; derivatives tell those of one order together, and nothing but market trades. */
const tradesOf = (venue: BinanceVenue): string => (isSpot(venue) ? 'trade' : 'aggTrade');

/**
 * How a Binance market is reached: combined streams, and a REST snapshot for each book. USD-M keeps books and trades on
 * connections of their own.
 */
export function connectionOf(venue: BinanceVenue): Connection {
  const asking =
    (...channels: readonly string[]) =>
    (symbols: readonly string[], id: number): readonly string[] => {
      const params = symbols.flatMap((symbol) => channels.map((channel) => `${symbol.toLowerCase()}@${channel}`));
      return [JSON.stringify({ method: 'SUBSCRIBE', params, id })];
    };
  const apart = venue === 'binance-usdm';
  return {
    endpoints: ENDPOINTS[venue],
    letters: 'upper',
    path: () => (apart ? '/public/stream' : '/stream'),
    subscribe: apart ? asking('depth@100ms') : asking('depth@100ms', tradesOf(venue)),
    ...(apart ? { tradesApart: { path: () => '/market/stream', subscribe: asking(tradesOf(venue)) } } : {}),
    snapshot: (symbol) => ({ path: `${REST[venue]}/depth?symbol=${encodeURIComponent(symbol)}&limit=1000` }),
    instruments: (symbols) => {
      const isFiltered = isSpot(venue) && symbols.length > 0;
      const filter = isFiltered ? `?symbols=${encodeURIComponent(JSON.stringify(symbols))}` : '';
      return [{ path: `${REST[venue]}/exchangeInfo${filter}` }];
    },
    refusal: (text) => (text.length < LONGEST_REFUSAL ? /"msg":\s*"([^"]*)"/.exec(text)?.[1] : undefined),
    limits: limitsOf(venue),
  };
}

/**
 * Spot allows 5 messages a second (pings and pongs of the socket among them, so that we keep one back), 1024 streams, and
 * 6000 of weight a minute, of which a book of 1000 levels is 50; derivatives 10 messages a second, 200 streams, and 2400 of
 * weight, of which such a book is 20. Connections: 300 in five minutes.
 */
const limitsOf = (venue: BinanceVenue): Limits => ({
  instrumentsPerConnection: 100,
  messages: { count: isSpot(venue) ? 4 : 8, within: MICROS.s },
  connects: { count: 150, within: 5 * MICROS.m },
  requests: { count: 60, within: MICROS.m },
  life: MICROS.d,
  silence: 5 * MICROS.s,
});
