import { formatScaled } from '../market/increments.js';
import type { Instrument } from '../market/instrument.js';
import { tenTo } from './values.js';

/** Whether an order of this quantity at this price is worth enough for the venue; contracts count by their multiplier. */
export function belowMinNotional(instrument: Instrument, quantityLots: number, priceTicks: number): boolean {
  const { minNotional, multiplier, units, definition } = instrument;
  if (minNotional.mantissa === 0) return false;
  const worth =
    BigInt(quantityLots) * BigInt(multiplier.mantissa) * (definition.kind === 'inverse' ? 1n : BigInt(priceTicks));
  const scale = units.sizeScale + multiplier.scale + (definition.kind === 'inverse' ? 0 : units.priceScale);
  const asked = BigInt(minNotional.mantissa);
  return scale >= minNotional.scale
    ? worth < asked * tenTo(scale - minNotional.scale)
    : worth * tenTo(minNotional.scale - scale) < asked;
}

/** What an instrument's notional comes to, as plain text; for messages. */
export function notionalText(instrument: Instrument, quantityLots: number, priceTicks: number): string {
  const { multiplier, units, definition } = instrument;
  const inverse = definition.kind === 'inverse';
  const worth = BigInt(quantityLots) * BigInt(multiplier.mantissa) * (inverse ? 1n : BigInt(priceTicks));
  return formatScaled(worth, units.sizeScale + multiplier.scale + (inverse ? 0 : units.priceScale));
}
