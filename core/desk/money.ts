import { Decimal } from '../decimal.js';
import { countedText, countedToText, product, quotient, rounded, type Counted } from '../exact-sum.js';
import type { Instrument } from '../market/instrument.js';

/** Places to which an amount that has no finite decimal (inverse contracts) is booked, half-even, fill by fill. */
export const BOOKED_PLACES = 12;

/**
 * What a fill is worth in the settlement currency: price x quantity x multiplier for spot and linear contracts, exactly;
 * quantity x multiplier / price for inverse ones, rounded half-even to 12 places as it is booked.
 */
export function fillWorth({ units, multiplier, definition }: Instrument, lots: number, priceTicks: number): Counted {
  const { mantissa, scale } = multiplier;
  const quantity = { mantissa: BigInt(lots) * BigInt(mantissa), scale: units.sizeScale + scale };
  const price = { mantissa: BigInt(priceTicks), scale: units.priceScale };
  return definition.kind === 'inverse' ? quotient(quantity, price, BOOKED_PLACES) : product(quantity, price);
}

/** A fee as it is booked: rate x value, in the settlement currency, as plain text; exact for spot and linear contracts. */
export function feeText(instrument: Instrument, lots: number, priceTicks: number, rate: string): string {
  const fee = product(fillWorth(instrument, lots, priceTicks), countedText(rate));
  return countedToText(instrument.definition.kind === 'inverse' ? rounded(fee, BOOKED_PLACES) : fee);
}

/** The same as numbers that can be reckoned with. */
export const fillValue = (instrument: Instrument, lots: number, priceTicks: number): Decimal =>
  new Decimal(countedToText(fillWorth(instrument, lots, priceTicks)));
export const feeOf = (instrument: Instrument, lots: number, priceTicks: number, rate: string): Decimal =>
  new Decimal(feeText(instrument, lots, priceTicks, rate));
