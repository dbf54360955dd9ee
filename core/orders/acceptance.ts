import type { Refusal } from '../errors.js';
import type { EpochMicros } from '../time.js';
import { belowMinNotional, notionalText } from './notional.js';
import type { TwapParameters } from './parameters.js';
import { readTerms, type OrderTerms } from './rules.js';
import type { View } from './view.js';

/** Checks an order against every rule, those that need its market included. */
export function acceptable(view: View, parameters: TwapParameters, startedAt?: EpochMicros): OrderTerms | Refusal {
  const market = view.marketOf(parameters.instrument);
  if (market === undefined)
    return {
      code: 'instrument_unknown',
      where: '/instrument',
      what: `${parameters.instrument} is not traded here`,
      mend: 'see GET /v1/instruments, and write it as SYMBOL@venue',
    };
  const terms = readTerms(parameters, market.instrument, view.at, startedAt);
  if ('code' in terms) return terms;
  const touch = market.book.best(terms.side === 0 ? 1 : 0);
  if (touch !== 0 && belowMinNotional(market.instrument, terms.quantityLots, touch))
    return {
      code: 'notional_below_minimum',
      where: '/quantity',
      what: `${parameters.quantity ?? ''} is worth ${notionalText(market.instrument, terms.quantityLots, touch)} at the touch, below the minimum of ${market.instrument.definition.minNotional}`,
      mend: 'send a larger quantity',
    };
  return terms;
}
