import type { InstrumentDefinition } from '../../../core/market/events.js';
import { formatScaled, MAX_SCALE, parseScaled } from '../../../core/market/increments.js';
import type { PlacesSeen } from '../../recordings/market-rows.js';
import type { BinanceVenue } from './venue.js';

/** Tick size, lot size, smallest quantity and smallest notional of an instrument. */
export interface TradingRules {
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minQuantity: string;
  readonly minNotional: string;
}

/** The day on which the table below was true. */
export const RULES_AS_OF = '2024-08-08';

const rules = (tickSize: string, lotSize: string, minQuantity: string, minNotional: string): TradingRules => ({
  tickSize,
  lotSize,
  minQuantity,
  minNotional,
});

/** Well-known instruments; for all others the rules are inferred from the data. */
const TABLE: Readonly<Partial<Record<BinanceVenue, Readonly<Partial<Record<string, TradingRules>>>>>> = {
  binance: {
    BTCUSDT: rules('0.01', '0.00001', '0.00001', '5'),
    ETHUSDT: rules('0.01', '0.0001', '0.0001', '5'),
  },
  'binance-usdm': {
    BTCUSDT: rules('0.1', '0.001', '0.001', '100'),
    ETHUSDT: rules('0.01', '0.001', '0.001', '20'),
  },
  'binance-coinm': {
    BTCUSD_PERP: rules('0.1', '1', '1', '0'),
    ETHUSD_PERP: rules('0.01', '1', '1', '0'),
  },
};

/** Public base tier, fractions of notional. */
const FEES: Readonly<Record<BinanceVenue, InstrumentDefinition['fees']>> = {
  binance: { maker: '0.001', taker: '0.001' },
  'binance-us': { maker: '0.001', taker: '0.001' },
  'binance-usdm': { maker: '0.0002', taker: '0.0005' },
  'binance-coinm': { maker: '0.0002', taker: '0.0005' },
};

/**
 * What an instrument is, by its symbol, and its rules: from the table where the recording keeps to it, else inferred, as
 * the finest decimal place in the data and no minimums.
 *
 * @param seen how many prices and sizes of the recording use how many decimal places
 */
export function defineInstrument(venue: BinanceVenue, symbol: string, seen: PlacesSeen): InstrumentDefinition {
  const known = TABLE[venue]?.[symbol];
  const what = { instrument: `${symbol}@${venue}`, ...describe(venue, symbol), fees: FEES[venue] };
  if (known !== undefined && keeps(known, seen)) return { ...what, ...known, rules: 'table', rulesAsOf: RULES_AS_OF };
  return {
    ...what,
    ...rules(finest(seen.price), finest(seen.size), '0', '0'),
    rules: 'inferred',
  };
}

function finest(seen: Float64Array): string {
  let places = MAX_SCALE;
  while (places > 0 && seen[places] === 0) places--;
  return formatScaled(1, places);
}

/**
 * The share of prices or sizes that may be finer than the table says. Orders from before a venue made its lot coarser
 * stand in the book for years: spot BTCUSDT shows about one such level in ten thousand.
 */
const STRAY_SHARE = 0.001;

/** Every tick and lot of the table is a power of ten, so that multiples show in the decimal places alone. */
function keeps({ tickSize, lotSize }: TradingRules, seen: PlacesSeen): boolean {
  return isRarelyFiner(seen.price, tickSize) && isRarelyFiner(seen.size, lotSize);
}

function isRarelyFiner(seen: Float64Array, step: string): boolean {
  const places = parseScaled(step)!.scale;
  let all = 0;
  let finer = 0;
  seen.forEach((count, place) => {
    all += count;
    if (place > places) finer += count;
  });
  return finer <= all * STRAY_SHARE;
}

type Description = Pick<InstrumentDefinition, 'kind' | 'base' | 'quote' | 'settlement' | 'multiplier'>;

function describe(venue: BinanceVenue, symbol: string): Description {
  const pair = symbol.split('_')[0]!;
  const quote =
    QUOTES[venue].find((currency) => pair.endsWith(currency) && pair.length > currency.length) ?? pair.slice(-3);
  const base = pair.slice(0, pair.length - quote.length);
  switch (venue) {
    case 'binance':
    case 'binance-us':
      return { kind: 'spot', base, quote, settlement: quote, multiplier: '1' };
    case 'binance-usdm':
      return { kind: 'linear', base, quote, settlement: quote, multiplier: '1' };
    case 'binance-coinm':
      return { kind: 'inverse', base, quote, settlement: base, multiplier: base === 'BTC' ? '100' : '10' };
  }
}

/** Quote currencies by venue; one that another ends in comes later, and only Binance US and COIN-M quote in plain USD. */
const QUOTES: Readonly<Record<BinanceVenue, readonly string[]>> = {
  binance: (
    'FDUSD TUSD BUSD USDT USDC USDP USD1 DAI BTC ETH BNB TRX XRP DOGE EUR GBP AUD TRY BRL JPY PLN RON ARS MXN COP CZK ' +
    'RUB UAH NGN ZAR IDRT BIDR BVND VAI PAX'
  ).split(' '),
  'binance-us': ['USDT', 'USDC', 'USD', 'DAI', 'BTC', 'ETH', 'BNB'],
  'binance-usdm': ['USDT', 'USDC', 'BUSD', 'BTC', 'ETH'],
  'binance-coinm': ['USD'],
};
