import type { Refusal } from '../errors.js';
import { NO_LEVEL } from '../market/book.js';
import { Side } from '../market/columns.js';
import { formatScaled } from '../market/increments.js';
import type { Instrument } from '../market/instrument.js';
import type { Market } from '../market/market.js';
import type { Goal } from './goal.js';
import { refuse, tenTo } from './values.js';

/** What one size increment is worth at a price, as `worth x 10^-scale`; contracts count by their multiplier. */
function incrementWorth(
  instrument: Instrument,
  priceTicks: number,
): { readonly worth: bigint; readonly scale: number } {
  const { multiplier, units, definition } = instrument;
  const inverse = definition.kind === 'inverse';
  return {
    worth: BigInt(multiplier.mantissa) * (inverse ? 1n : BigInt(priceTicks)),
    scale: units.sizeScale + multiplier.scale + (inverse ? 0 : units.priceScale),
  };
}

/**
 * The smallest quantity, in size increments, that is worth the venue's minimum notional at a price; 0 where there is none.
 * It need not be a whole number of the venue's lots.
 */
export function leastForNotional(instrument: Instrument, priceTicks: number): number {
  const { minNotional } = instrument;
  if (minNotional.mantissa === 0) return 0;
  const { worth, scale } = incrementWorth(instrument, priceTicks);
  if (worth === 0n) return 0;
  const finest = scale > minNotional.scale ? scale : minNotional.scale;
  const asked = BigInt(minNotional.mantissa) * tenTo(finest - minNotional.scale);
  const each = worth * tenTo(finest - scale);
  return Number((asked + each - 1n) / each);
}

/** Whether an order of this quantity at this price is worth too little for the venue. */
export function belowMinNotional(instrument: Instrument, quantityLots: number, priceTicks: number): boolean {
  return quantityLots < leastForNotional(instrument, priceTicks);
}

/** What an instrument's notional comes to, as plain text; for messages. */
export function notionalText(instrument: Instrument, quantityLots: number, priceTicks: number): string {
  const { worth, scale } = incrementWorth(instrument, priceTicks);
  return formatScaled(BigInt(quantityLots) * worth, scale);
}

/** Whether the whole order would be too small for the venue at the opposite touch; unknown while there is none. */
export function notionalRefusal({ instrument, book }: Market, { side, quantityLots }: Goal): Refusal | undefined {
  const touch = book.best(side === Side.buy ? Side.ask : Side.bid);
  if (touch === NO_LEVEL || !belowMinNotional(instrument, quantityLots, touch)) return undefined;
  return refuse(
    'notional_below_minimum',
    'quantity',
    `the order is worth ${notionalText(instrument, quantityLots, touch)} at the touch, below the minimum of ${instrument.definition.minNotional}`,
    'send a larger quantity',
  );
}
