import type { Ledger } from '../desk/ledger.js';
import { Decimal } from '../decimal.js';
import { invariant, type Refusal } from '../errors.js';
import { Side } from '../market/columns.js';
import type { Instrument } from '../market/instrument.js';
import type { TwapParameters } from './parameters.js';
import type { OrderState } from './state.js';
import { lots, MOST_STEPS, position, refuse } from './values.js';

/** What an order is to do: counted at the instrument's present units. */
export interface Goal {
  readonly side: Side;
  readonly quantityLots: number;
}

export function sideRefusal({ side, targetPosition }: TwapParameters): Refusal | undefined {
  if (side === undefined && targetPosition === undefined)
    return refuse('side_missing', 'side', 'an order by quantity needs a side', 'send "buy" or "sell"');
  if (side === undefined || targetPosition === undefined) return undefined;
  return refuse(
    'side_not_allowed',
    'side',
    `whether to buy or to sell follows from targetPosition, and side is ${JSON.stringify(side)}`,
    'leave side out',
  );
}

export function whichRefusal({ quantity, targetPosition }: TwapParameters): Refusal | undefined {
  if (quantity === undefined && targetPosition === undefined)
    return refuse(
      'quantity_missing',
      'quantity',
      'the order names no quantity and no position',
      'send quantity, or targetPosition, as decimal text',
    );
  if (quantity === undefined || targetPosition === undefined) return undefined;
  return refuse(
    'overdetermined',
    'targetPosition',
    'quantity and targetPosition both say how much to trade',
    'send one of them',
  );
}

export function readQuantity({ quantity }: TwapParameters, instrument: Instrument): number | Refusal | undefined {
  if (quantity === undefined) return undefined;
  const quantityLots = lots(quantity, 'quantity', instrument);
  if (typeof quantityLots !== 'number' || quantityLots >= instrument.minQuantityLots) return quantityLots;
  const { minQuantity, instrument: name } = instrument.definition;
  return refuse(
    'quantity_below_minimum',
    'quantity',
    `${quantity} is below the minimum of ${minQuantity} of ${name}`,
    `send at least ${minQuantity}`,
  );
}

/** The position to hold afterwards, signed. */
export function readTarget({ targetPosition }: TwapParameters, instrument: Instrument): number | Refusal | undefined {
  return targetPosition === undefined ? undefined : position(targetPosition, 'targetPosition', instrument);
}

/** What an account holds of an instrument now: contracts of a derivative, the base currency of a spot instrument. */
export function positionHeld(ledger: Ledger, { definition }: Instrument): Decimal {
  const { kind, base, instrument } = definition;
  if (kind === 'spot') return ledger.balance(base);
  return ledger.positions.get(instrument)?.quantity.toDecimal() ?? new Decimal(0);
}

/**
 * What is to be traded to hold a position afterwards: target less held, rounded toward zero to whole lots; 0 lots where
 * that is nothing.
 */
export function goalToward(targetPosition: string, held: Decimal, instrument: Instrument): Goal | Refusal {
  const { lotSize, instrument: name } = instrument.definition;
  const difference = new Decimal(targetPosition).sub(held);
  const count = difference.abs().div(lotSize).floor();
  const quantityLots = count.lte(MOST_STEPS) ? count.toNumber() * instrument.lotLots : Infinity;
  if (Number.isSafeInteger(quantityLots)) return { side: difference.isNeg() ? Side.sell : Side.buy, quantityLots };
  return refuse(
    'target_position_too_far',
    'targetPosition',
    `from a position of ${held.toFixed()} it takes more than ${MOST_STEPS} lots of ${name} to hold ${targetPosition}`,
    'send a position that is nearer to it',
  );
}

/**
 * What an order toward a position is to do once its target is another one. Its position at the start is what it was:
 * the old target less what it set out to trade, so a position that was no whole number of lots counts as rounded then.
 *
 * @param fromLots  the target so far, signed, at the instrument's present units
 */
export function goalMoved(order: OrderState, fromLots: number, toLots: number): Goal | Refusal {
  const signed = order.side === Side.buy ? order.quantityLots : -order.quantityLots;
  const moved = signed + toLots - fromLots;
  invariant(Number.isSafeInteger(moved), `${signed} + ${toLots} - ${fromLots} lots cannot be counted`);
  const side = moved === 0 ? order.side : moved > 0 ? Side.buy : Side.sell;
  if (side === order.side) return { side, quantityLots: moved < 0 ? -moved : moved };
  const word = order.side === Side.buy ? 'buys' : 'sells';
  return refuse(
    'side_would_change',
    'targetPosition',
    `the order ${word} since it started, and this position lies on the other side of where it began`,
    'cancel it and submit another',
  );
}
