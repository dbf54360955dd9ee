import type { Refusal } from '../errors.js';
import { Side } from '../market/columns.js';
import { parseScaled } from '../market/increments.js';
import type { Instrument } from '../market/instrument.js';
import type { EpochMicros } from '../time.js';
import type { TwapParameters } from './parameters.js';
import type { ScheduleTerms } from './schedule.js';
import { lots, refuse, ticks } from './values.js';
import { countWindow, readStart, scheduleRefusal, windowOver, windowRefusal } from './window.js';

export type { Changes } from './amendment.js';

/** An order's parameters, counted: what acceptance needs to know. */
export interface OrderTerms {
  readonly side: Side;
  readonly quantityLots: number;
  /** 0: no limit. */
  readonly limitTicks: number;
  readonly schedule: ScheduleTerms;
  /** When it starts by itself; undefined: on command. */
  readonly startAt: EpochMicros | undefined;
}

const ORDER_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Keys that are understood and not executed yet; anything but their stated idle value is refused. */
const NOT_YET: readonly (readonly [keyof TwapParameters, idle: unknown])[] = [
  ['targetPosition', undefined],
  ['randomizeSize', '0'],
  ['randomizeTime', '0'],
];

export function orderIdRefusal(orderId: string): Refusal | undefined {
  if (ORDER_ID.test(orderId)) return undefined;
  return refuse(
    'order_id_invalid',
    'orderId',
    `${JSON.stringify(orderId)} is no order id`,
    'use 1 to 64 of A-Z a-z 0-9 . _ -',
  );
}

/**
 * Checks a TWAP against every rule that needs no market, and counts it at the instrument's present units
 * (docs/orders.md).
 *
 * @param now  the engine's time
 */
export function readTerms(parameters: TwapParameters, instrument: Instrument, now: EpochMicros): OrderTerms | Refusal {
  const early = notSupportedYet(parameters);
  if (early !== undefined) return early;
  const side = readSide(parameters);
  if (typeof side !== 'number') return side;
  const quantityLots = readQuantity(parameters, instrument);
  if (typeof quantityLots !== 'number') return quantityLots;
  const limitTicks = readLimit(parameters, instrument);
  if (typeof limitTicks !== 'number') return limitTicks;
  const misfit = spreadRefusal(parameters) ?? windowRefusal(parameters, instrument);
  if (misfit !== undefined) return misfit;
  const startAt = readStart(parameters, now);
  if (typeof startAt === 'object') return startAt;
  const schedule = countWindow(parameters, instrument);
  const beginsAt = startAt ?? now;
  const late = windowOver(schedule, now, beginsAt) ?? scheduleRefusal(schedule, quantityLots, beginsAt);
  return late ?? { side, quantityLots, limitTicks, schedule, startAt };
}

export function notSupportedYet(parameters: TwapParameters): Refusal | undefined {
  for (const [key, idle] of NOT_YET) {
    const value = parameters[key];
    if (value === undefined || value === idle || (idle === '0' && isZero(value))) continue;
    return refuse('not_supported_yet', key, `${key} is not executed by this version`, `leave ${key} out`);
  }
  return undefined;
}

function isZero(value: unknown): boolean {
  return typeof value === 'string' && parseScaled(value)?.mantissa === 0;
}

export function readSide({ side }: TwapParameters): Side | Refusal {
  if (side === undefined)
    return refuse('side_missing', 'side', 'an order by quantity needs a side', 'send "buy" or "sell"');
  return side === 'buy' ? Side.buy : Side.sell;
}

export function readQuantity({ quantity }: TwapParameters, instrument: Instrument): number | Refusal {
  if (quantity === undefined)
    return refuse('quantity_missing', 'quantity', 'the order names no quantity', 'send quantity as decimal text');
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

/** @returns 0 for an order without a limit */
export function readLimit({ limitPrice }: TwapParameters, instrument: Instrument): number | Refusal {
  return limitPrice === undefined ? 0 : ticks(limitPrice, 'limitPrice', instrument);
}

export function spreadRefusal({ maxSpreadTicks }: TwapParameters): Refusal | undefined {
  if (maxSpreadTicks === undefined || (Number.isSafeInteger(maxSpreadTicks) && maxSpreadTicks > 0)) return undefined;
  return refuse(
    'max_spread_invalid',
    'maxSpreadTicks',
    `${maxSpreadTicks} is no whole number of ticks above zero`,
    'send 1 or more',
  );
}
