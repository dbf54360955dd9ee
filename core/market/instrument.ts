import { invariant } from '../errors.js';
import type { InstrumentDefinition } from './events.js';
import { formatScaled, parseScaled, rescaled, rescaledSize, type Scaled } from './increments.js';

/** How an instrument is counted at present: a price is `ticks x 10^-priceScale`, a size `lots x 10^-sizeScale`. */
export interface Units {
  readonly instrument: string;
  readonly priceScale: number;
  readonly sizeScale: number;
}

/** An instrument's rules counted in increments at some `Units`. */
export interface Instrument {
  readonly definition: InstrumentDefinition;
  readonly units: Units;
  /** The venue's tick size in price increments. */
  readonly tickTicks: number;
  /** The venue's lot size in size increments; beyond the safe integers where no order could be counted in them. */
  readonly lotLots: number;
  readonly minQuantityLots: number;
  readonly minNotional: Scaled;
  readonly multiplier: Scaled;
}

function decimal(text: string, what: string): Scaled {
  const value = parseScaled(text);
  invariant(value !== undefined, `${what} ${JSON.stringify(text)} is no plain decimal`);
  return value;
}

function counted(count: number | undefined, scale: number, what: string): number {
  invariant(count !== undefined, `${what} is too large to be counted at scale ${scale}`);
  return count;
}

/**
 * Counts a definition's rules; the units are at least as fine as tick size and lot size.
 *
 * @param atLeast  units that data seen so far already need
 */
export function countInstrument(definition: InstrumentDefinition, atLeast?: Units): Instrument {
  const tick = decimal(definition.tickSize, 'tickSize');
  const lot = decimal(definition.lotSize, 'lotSize');
  const minQuantity = decimal(definition.minQuantity, 'minQuantity');
  invariant(
    tick.mantissa > 0 && lot.mantissa > 0,
    `${definition.instrument}: tick size and lot size must be above zero`,
  );
  const priceScale = greatest(tick.scale, atLeast?.priceScale ?? 0);
  const sizeScale = greatest(lot.scale, minQuantity.scale, atLeast?.sizeScale ?? 0);
  return {
    definition,
    units: { instrument: definition.instrument, priceScale, sizeScale },
    tickTicks: counted(rescaled(tick, priceScale), priceScale, 'tickSize'),
    lotLots: counted(rescaledSize(lot, sizeScale), sizeScale, 'lotSize'),
    minQuantityLots: counted(rescaledSize(minQuantity, sizeScale), sizeScale, 'minQuantity'),
    minNotional: decimal(definition.minNotional, 'minNotional'),
    multiplier: decimal(definition.multiplier, 'multiplier'),
  };
}

function greatest(...values: number[]): number {
  return values.reduce((a, b) => (b > a ? b : a));
}

export const priceText = (ticks: number, units: Units): string => formatScaled(ticks, units.priceScale);
export const sizeText = (lots: number | bigint, units: Units): string => formatScaled(lots, units.sizeScale);
