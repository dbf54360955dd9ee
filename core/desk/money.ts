import { Decimal } from '../decimal.js';
import type { Instrument } from '../market/instrument.js';
import { formatScaled } from '../market/increments.js';

/** Places to which an amount that has no finite decimal (inverse contracts) is booked, half-even, fill by fill. */
export const BOOKED_PLACES = 12;

/**
 * What a fill is worth in the settlement currency: price x quantity x multiplier for spot and linear contracts, exactly;
 * quantity x multiplier / price for inverse ones, rounded half-even to 12 places as it is booked.
 */
export function fillValue(instrument: Instrument, lots: number, priceTicks: number): Decimal {
  const { units, multiplier, definition } = instrument;
  const quantity = new Decimal(formatScaled(lots, units.sizeScale)).mul(
    formatScaled(multiplier.mantissa, multiplier.scale),
  );
  const price = formatScaled(priceTicks, units.priceScale);
  return definition.kind === 'inverse' ? quantity.div(price).toDecimalPlaces(BOOKED_PLACES) : quantity.mul(price);
}

/** A fee as it is booked: rate x value, in the settlement currency; exact for spot and linear contracts. */
export function feeOf(instrument: Instrument, lots: number, priceTicks: number, rate: string): Decimal {
  const fee = fillValue(instrument, lots, priceTicks).mul(rate);
  return instrument.definition.kind === 'inverse' ? fee.toDecimalPlaces(BOOKED_PLACES) : fee;
}
