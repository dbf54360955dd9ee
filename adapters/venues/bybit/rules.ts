import type { InstrumentDefinition } from '../../../core/market/events.js';
import { splitPair, type Description } from '../mapping/definitions.js';
import { categoryOf, type BybitVenue, type Category } from './venue.js';

/** Public base tier, fractions of notional, as documented in 2025. */
export const FEES: Readonly<Record<Category, InstrumentDefinition['fees']>> = {
  spot: { maker: '0.001', taker: '0.001' },
  linear: { maker: '0.0002', taker: '0.00055' },
  inverse: { maker: '0.0002', taker: '0.00055' },
};

/** What an instrument is, by its symbol. Linear quantities are in the base currency, an inverse contract is one dollar. */
export function describe(venue: BybitVenue, symbol: string): Description {
  const category = categoryOf(venue);
  const fees = FEES[category];
  switch (category) {
    case 'spot': {
      const { base, quote } = splitPair(symbol, SPOT_QUOTES);
      return { kind: 'spot', base, quote, settlement: quote, multiplier: '1', fees };
    }
    case 'linear': {
      const { base, quote } = linearPair(symbol);
      return { kind: 'linear', base, quote, settlement: quote, multiplier: '1', fees };
    }
    case 'inverse': {
      const base = /^(.+)USD/.exec(symbol)?.[1] ?? symbol;
      return { kind: 'inverse', base, quote: 'USD', settlement: base, multiplier: '1', fees };
    }
  }
}

/** `BTCUSDT`, `BTCUSDT-27DEC24`; `BTCPERP` and `BTC-27DEC24` are quoted in USDC. */
function linearPair(symbol: string): { readonly base: string; readonly quote: string } {
  const [pair = symbol] = symbol.split('-');
  if (pair.endsWith('USDT')) return splitPair(pair, ['USDT']);
  return { base: pair.endsWith('PERP') ? pair.slice(0, -'PERP'.length) : pair, quote: 'USDC' };
}

/** Quote currencies of spot; one that another ends in comes after it. */
const SPOT_QUOTES = [
  'USDT',
  'USDC',
  'USDE',
  'USDQ',
  'USD1',
  'EURQ',
  'BTC',
  'ETH',
  'EUR',
  'DAI',
  'MNT',
  'BRL',
  'TRY',
  'PLN',
  'BRZ',
];
