/** Our venues by the service's words for them. Contracts of HTX, KuCoin and Gate.io are no venues of ours. */
const VENUE_NAMES: Readonly<Partial<Record<string, string>>> = {
  binance: 'binance',
  'binance-us': 'binance-us',
  'binance-futures': 'binance-usdm',
  'binance-delivery': 'binance-coinm',
  bitfinex: 'bitfinex',
  'bitfinex-derivatives': 'bitfinex',
  bitmex: 'bitmex',
  bitstamp: 'bitstamp',
  'bybit-spot': 'bybit-spot',
  coinbase: 'coinbase',
  cryptofacilities: 'kraken-futures',
  deribit: 'deribit',
  'gate-io': 'gateio',
  gemini: 'gemini',
  huobi: 'htx',
  hyperliquid: 'hyperliquid',
  kraken: 'kraken',
  kucoin: 'kucoin',
  okex: 'okx',
  'okex-futures': 'okx',
  'okex-options': 'okx',
  'okex-swap': 'okx',
};

/**
 * The venue of an instrument of an exchange, as the service names it; an exchange that we do not know keeps its own name.
 *
 * @returns undefined for what is no name
 */
export function venueOf(exchange: string, symbol: string): string | undefined {
  // contracts in dollars settle in their base
  if (exchange === 'bybit') return /USD([FGHJKMNQUVXZ]\d\d)?$/.test(symbol) ? 'bybit-inverse' : 'bybit-linear';
  if (Object.hasOwn(VENUE_NAMES, exchange)) return VENUE_NAMES[exchange];
  return /^[a-z][a-z0-9-]{0,63}$/.test(exchange) ? exchange : undefined;
}
