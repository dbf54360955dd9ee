import type { Refusal } from '../errors.js';
import type { Instrument } from '../market/instrument.js';
import { MICROS } from '../time.js';
import type { TwapParameters } from './parameters.js';
import { readParticipation } from './shares.js';
import { lots, refuse, span } from './values.js';

export function spreadRefusal({ maxSpreadTicks }: TwapParameters): Refusal | undefined {
  if (maxSpreadTicks === undefined || (Number.isSafeInteger(maxSpreadTicks) && maxSpreadTicks > 0)) return undefined;
  return refuse(
    'max_spread_invalid',
    'maxSpreadTicks',
    `${maxSpreadTicks} is no whole number of ticks above zero`,
    'send 1 or more',
  );
}

export function displayRefusal({ maxDisplayQuantity }: TwapParameters, instrument: Instrument): Refusal | undefined {
  if (maxDisplayQuantity === undefined) return undefined;
  const display = lots(maxDisplayQuantity, 'maxDisplayQuantity', instrument);
  if (typeof display !== 'number') return display;
  if (display >= instrument.minQuantityLots) return undefined;
  const { minQuantity, instrument: name } = instrument.definition;
  return refuse(
    'max_display_quantity_below_minimum',
    'maxDisplayQuantity',
    `${maxDisplayQuantity} is below the minimum of ${minQuantity} of ${name}: nothing could rest`,
    `send at least ${minQuantity}`,
  );
}

export function participationRefusal(
  { maxParticipation }: TwapParameters,
  instrument: Instrument,
): Refusal | undefined {
  if (maxParticipation === undefined) return undefined;
  const share = readParticipation(maxParticipation);
  if (typeof share !== 'number') return share;
  const { noTrades, instrument: name } = instrument.definition;
  if (noTrades !== true) return undefined;
  return refuse(
    'no_trade_feed',
    'maxParticipation',
    `no trades of ${name} are received, so there is no volume of which ${maxParticipation} could be a share`,
    'leave maxParticipation out',
  );
}

/** Shortest time between two places of a quote, and the longest. */
const REQUOTE = { least: MICROS.ms, most: MICROS.d };

export function requoteRefusal({ requoteInterval }: TwapParameters): Refusal | undefined {
  if (requoteInterval === undefined) return undefined;
  const read = span(requoteInterval, 'requoteInterval', REQUOTE);
  return typeof read === 'number' ? undefined : read;
}
