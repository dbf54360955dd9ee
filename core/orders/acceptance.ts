import type { Refusal } from '../errors.js';
import { Side } from '../market/columns.js';
import type { Market } from '../market/market.js';
import { belowMinNotional, notionalText } from './notional.js';
import type { TwapParameters } from './parameters.js';
import { readTerms, type OrderTerms } from './rules.js';
import { refuse } from './values.js';
import type { View } from './view.js';

/** Checks an order against every rule, those that need its market included. */
export function acceptable(view: View, parameters: TwapParameters): OrderTerms | Refusal {
  const market = marketFor(view, parameters);
  if ('code' in market) return market;
  const terms = readTerms(parameters, market.instrument, view.at);
  return 'code' in terms ? terms : (notionalRefusal(market, terms.side, terms.quantityLots) ?? terms);
}

export function marketFor(view: View, { instrument }: TwapParameters): Market | Refusal {
  return (
    view.marketOf(instrument) ??
    refuse(
      'instrument_unknown',
      'instrument',
      `${instrument} is not traded here`,
      'see GET /v1/instruments, and write it as SYMBOL@venue',
    )
  );
}

/** Whether the whole order would be too small for the venue at the opposite touch; unknown while there is none. */
export function notionalRefusal(market: Market, side: Side, quantityLots: number): Refusal | undefined {
  const { instrument, book } = market;
  const touch = book.best(side === Side.buy ? Side.ask : Side.bid);
  if (touch === 0 || !belowMinNotional(instrument, quantityLots, touch)) return undefined;
  return refuse(
    'notional_below_minimum',
    'quantity',
    `the order is worth ${notionalText(instrument, quantityLots, touch)} at the touch, below the minimum of ${instrument.definition.minNotional}`,
    'send a larger quantity',
  );
}
