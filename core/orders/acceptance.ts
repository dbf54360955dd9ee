import type { Desk } from '../desk/desk.js';
import type { Refusal } from '../errors.js';
import type { Market } from '../market/market.js';
import type { TwapParameters } from './parameters.js';
import { askedOf, orderIdRefusal, readTerms, refusalsOf, type OrderTerms } from './rules.js';
import { refuse } from './values.js';
import type { View } from './view.js';

/** Judges an order by every rule, those that need its market included, and counts it. */
export function acceptable(view: View, orderId: string, parameters: TwapParameters): OrderTerms | Refusal {
  const market = marketFor(view, parameters);
  return (
    orderIdRefusal(orderId) ?? ('code' in market ? market : readTerms(parameters, market.instrument, view.at, market))
  );
}

/**
 * Everything that would refuse an order, in the order in which a submission is told of the first.
 *
 * @param orderId  undefined: it will be given one
 * @param taken    whether an order of that id is known, on whatever desk
 */
export function allRefusals(
  view: View,
  orderId: string | undefined,
  parameters: TwapParameters,
  taken: boolean,
): Refusal[] {
  const market = view.marketOf(parameters.instrument);
  return [
    standsStill(view.desk),
    orderId !== undefined && taken ? orderExists(orderId) : undefined,
    orderId === undefined ? undefined : orderIdRefusal(orderId),
    market === undefined ? unknown(parameters) : undefined,
    ...refusalsOf(askedOf(parameters, view.at, market?.instrument, market)),
  ].filter((refusal) => refusal !== undefined);
}

export function marketFor(view: View, parameters: TwapParameters): Market | Refusal {
  return view.marketOf(parameters.instrument) ?? unknown(parameters);
}

const unknown = ({ instrument }: TwapParameters): Refusal =>
  refuse(
    'instrument_unknown',
    'instrument',
    `${instrument} is not traded here`,
    'see GET /v1/instruments, and write it as SYMBOL@venue',
  );

export const orderExists = (orderId: string): Refusal =>
  refuse('order_exists', 'orderId', `order ${orderId} is there already`, 'choose another orderId');

/** Why a desk takes no commands. */
export function standsStill({ account, halted }: Pick<Desk, 'account' | 'halted'>): Refusal | undefined {
  if (halted === '') return undefined;
  return refuse(
    'desk_halted',
    'account',
    `the desk of ${account} stands still: ${halted}`,
    'use another account, and report this',
  );
}
