import { MICROS } from '../../../core/time.js';
import type { Connection, Endpoints } from '../venue.js';
import type { BinanceVenue } from './venue.js';

/** Endpoints and REST paths of each market; limits as of the documentation read in 2025. */
const ENDPOINTS: Readonly<Record<BinanceVenue, Endpoints>> = {
  binance: { socket: 'wss://stream.binance.com:9443', rest: 'https://api.binance.com' },
  'binance-us': { socket: 'wss://stream.binance.us:9443', rest: 'https://api.binance.us' },
  'binance-usdm': { socket: 'wss://fstream.binance.com', rest: 'https://fapi.binance.com' },
  'binance-coinm': { socket: 'wss://dstream.binance.com', rest: 'https://dapi.binance.com' },
};

/** What every REST path of a market begins with. */
export const REST: Readonly<Record<BinanceVenue, string>> = {
  binance: '/api/v3',
  'binance-us': '/api/v3',
  'binance-usdm': '/fapi/v1',
  'binance-coinm': '/dapi/v1',
};

/** How a Binance market is reached: one combined stream, a REST snapshot for each book. */
export function connectionOf(venue: BinanceVenue): Connection {
  const isDerivative = venue === 'binance-usdm' || venue === 'binance-coinm';
  const depth = isDerivative ? 'depth@0ms' : 'depth@100ms';
  return {
    endpoints: ENDPOINTS[venue],
    path: () => '/stream',
    subscribe: (symbols, id) => {
      const params = symbols.flatMap((symbol) => [
        `${symbol.toLowerCase()}@${depth}`,
        `${symbol.toLowerCase()}@trade`,
        `${symbol.toLowerCase()}@bookTicker`,
      ]);
      return [JSON.stringify({ method: 'SUBSCRIBE', params, id })];
    },
    snapshot: (symbol) => ({ path: `${REST[venue]}/depth?symbol=${encodeURIComponent(symbol)}&limit=1000` }),
    instruments: (symbols) => [
      {
        path: isDerivative
          ? `${REST[venue]}/exchangeInfo`
          : `${REST[venue]}/exchangeInfo?symbols=${encodeURIComponent(JSON.stringify(symbols))}`,
      },
    ],
    refusal: (text) => (text.includes('"error"') ? /"msg":"([^"]*)"/.exec(text)?.[1] : undefined),
    limits: {
      instrumentsPerConnection: 60,
      messages: { count: 4, within: MICROS.s },
      connects: { count: 30, within: MICROS.m },
      requests: { count: 60, within: MICROS.m },
      life: 24 * MICROS.h,
      silence: 5 * MICROS.s,
    },
  };
}
