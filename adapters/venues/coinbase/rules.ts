import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { Description } from '../mapping/definitions.js';

export const VENUE = 'coinbase';

/** Public base tier, fractions of notional, as documented in 2025. */
export const FEES: InstrumentDefinition['fees'] = { maker: '0.006', taker: '0.012' };

/** What a product is, by its id: `BTC-USD`; dated and perpetual futures are `BIT-24APR26-CDE`, `BTC-PERP-INTX`. */
export function describe(symbol: string): Description {
  const [base = symbol, second = 'USD', exchange] = symbol.split('-');
  if (exchange === undefined)
    return { kind: 'spot', base, quote: second, settlement: second, multiplier: '1', fees: FEES };
  const quote = exchange === 'INTX' ? 'USDC' : 'USD';
  return { kind: 'linear', base, quote, settlement: quote, multiplier: '1', fees: FEES };
}
