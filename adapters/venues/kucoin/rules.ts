import type { Description } from '../mapping/definitions.js';

export const VENUE = 'kucoin';

/** Public base tier of the instruments of the first class, fractions of notional, as documented in 2025. */
export const BASE_FEE = '0.001';

/** What an instrument is, by its symbol: `BTC-USDT`. */
export function describe(symbol: string): Description {
  const [base = symbol, quote = 'USDT'] = symbol.split('-');
  return {
    kind: 'spot',
    base,
    quote,
    settlement: quote,
    multiplier: '1',
    fees: { maker: BASE_FEE, taker: BASE_FEE },
  };
}
