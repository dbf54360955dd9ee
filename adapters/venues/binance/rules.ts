import type { InstrumentDefinition } from '../../../core/market/events.js';
import { splitPair, type Description, type RulesTable, type TradingRules } from '../mapping/definitions.js';
import type { BinanceVenue } from './venue.js';

/** The day on which the table below was true. */
export const RULES_AS_OF = '2024-08-08';

const rules = (tickSize: string, lotSize: string, minQuantity: string, minNotional: string): TradingRules => ({
  tickSize,
  lotSize,
  minQuantity,
  minNotional,
});

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
export const FEES: Readonly<Record<BinanceVenue, InstrumentDefinition['fees']>> = {
  binance: { maker: '0.001', taker: '0.001' },
  'binance-us': { maker: '0.001', taker: '0.001' },
  'binance-usdm': { maker: '0.0002', taker: '0.0005' },
  'binance-coinm': { maker: '0.0002', taker: '0.0005' },
};

/** The venue's table of well-known instruments; for all others the rules are inferred from the data. */
export function tableOf(venue: BinanceVenue): RulesTable {
  return { asOf: RULES_AS_OF, instruments: TABLE[venue] ?? {} };
}

/** What an instrument is, by its symbol. */
export function describe(venue: BinanceVenue, symbol: string): Description {
  const pair = symbol.split('_')[0]!;
  const { base, quote } = splitPair(pair, QUOTES[venue]);
  const fees = FEES[venue];
  switch (venue) {
    case 'binance':
    case 'binance-us':
      return { kind: 'spot', base, quote, settlement: quote, multiplier: '1', fees };
    case 'binance-usdm':
      return { kind: 'linear', base, quote, settlement: quote, multiplier: '1', fees };
    case 'binance-coinm':
      return { kind: 'inverse', base, quote, settlement: base, multiplier: base === 'BTC' ? '100' : '10', fees };
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
