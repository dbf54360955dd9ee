import { join } from 'node:path';
import { sharedDir } from '../support/shared.js';

/** A real recording whose frames are timed through their venue's mapper. */
export interface TimedCapture {
  readonly venue: string;
  readonly files: readonly string[];
  /** Most times that a bare `JSON.parse` of the same frames may take; checksums of whole books cost more. */
  readonly limit: number;
}

/** One recording of each venue, by the row's name. */
export const TIMED_CAPTURES: Readonly<Record<string, TimedCapture>> = {
  'mapper-binance': { venue: 'binance', files: ['binance-spot/btcusdt_20240808.gz'], limit: 3 },
  'mapper-binance-usdm': { venue: 'binance-usdm', files: ['binance-usdm/btcusdt_20240808.gz'], limit: 3 },
  'mapper-binance-coinm': { venue: 'binance-coinm', files: ['binance-coinm/btcusd_perp_20240808.gz'], limit: 3 },
  'mapper-binance-us': { venue: 'binance-us', files: ['binance-us/BINANCE_US-63b290.0.gz'], limit: 3 },
  'mapper-kraken': { venue: 'kraken', files: ['kraken/KRAKEN-c197c0.0.gz'], limit: 6 },
  'mapper-kraken-futures': { venue: 'kraken-futures', files: ['kraken-futures/KRAKEN_FUTURES.ws.1.0.gz'], limit: 3 },
  'mapper-coinbase': { venue: 'coinbase', files: ['coinbase/COINBASE.ws.28.0.gz'], limit: 3 },
  'mapper-bybit-linear': { venue: 'bybit-linear', files: ['bybit/BYBIT.ws.25.0.gz'], limit: 3 },
  'mapper-bybit-inverse': { venue: 'bybit-inverse', files: ['bybit/BYBIT.ws.26.0.gz'], limit: 3 },
  'mapper-okx': { venue: 'okx', files: ['okx/OKEX.ws.1.0.gz'], limit: 6 },
  'mapper-kucoin': { venue: 'kucoin', files: ['kucoin/KUCOIN.http.0.0.gz', 'kucoin/KUCOIN.ws.1.0.gz'], limit: 3 },
  'mapper-bitstamp': {
    venue: 'bitstamp',
    files: ['bitstamp/BITSTAMP.http.0.0.gz', 'bitstamp/BITSTAMP.ws.1.0.gz'],
    limit: 3,
  },
  'mapper-bitfinex': { venue: 'bitfinex', files: ['bitfinex/BITFINEX.ws.11.0.gz'], limit: 3 },
  'mapper-deribit': { venue: 'deribit', files: ['deribit/DERIBIT.ws.1.0.gz'], limit: 3 },
  'mapper-bitmex': { venue: 'bitmex', files: ['bitmex/BITMEX.ws.1.0.gz'], limit: 3 },
  'mapper-gateio': { venue: 'gateio', files: ['gateio/GATEIO.http.0.0.gz', 'gateio/GATEIO.ws.1.0.gz'], limit: 3 },
  'mapper-gemini': { venue: 'gemini', files: ['gemini/GEMINI.ws.1.0.gz'], limit: 3 },
  'mapper-htx': { venue: 'htx', files: ['htx/HUOBI.ws.44.0.gz'], limit: 3 },
  'mapper-hyperliquid': { venue: 'hyperliquid', files: ['hyperliquid/btcusd_20250126.gz'], limit: 3 },
};

/** Where they stand; none on a machine without the recordings. */
export function capturePaths({ files }: TimedCapture): readonly string[] | undefined {
  const shared = sharedDir();
  return shared === undefined ? undefined : files.map((file) => join(shared, 'captures', file));
}
