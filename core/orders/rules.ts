import type { Refusal } from '../errors.js';
import { Side } from '../market/columns.js';
import { parseScaled } from '../market/increments.js';
import type { Instrument } from '../market/instrument.js';
import type { EpochMicros } from '../time.js';
import type { TwapParameters } from './parameters.js';
import type { ScheduleTerms } from './schedule.js';
import { lots, refuse, ticks } from './values.js';
import { readSchedule, readStart } from './window.js';

export type { Changes } from './amendment.js';

/** An order's parameters, counted: what acceptance needs to know. */
export interface OrderTerms {
  readonly side: Side;
  readonly quantityLots: number;
  readonly limitTicks: number;
  readonly schedule: ScheduleTerms;
  /** When it starts by itself; undefined: on command. */
  readonly startAt: EpochMicros | undefined;
}

const ORDER_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Keys that are understood and not executed yet; anything but their stated idle value is refused. */
const NOT_YET: readonly (readonly [keyof TwapParameters, idle: unknown])[] = [
  ['targetPosition', undefined],
  ['maxDisplayQuantity', undefined],
  ['maxParticipation', undefined],
  ['aggressionFloor', '0'],
  ['aggressionCap', '0'],
  ['guaranteed', false],
  ['quote', undefined],
  ['requoteInterval', undefined],
  ['randomizeSize', '0'],
  ['randomizeTime', '0'],
  ['afterWindow', 'stop'],
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
 * (contracts.md section 4, semantics.md section 1).
 *
 * @param now       the engine's time
 * @param startsAt  for an amended order that has started: when its first window began
 */
export function readTerms(
  parameters: TwapParameters,
  instrument: Instrument,
  now: EpochMicros,
  startsAt?: EpochMicros,
): OrderTerms | Refusal {
  for (const [key, idle] of NOT_YET) {
    const value = parameters[key];
    if (value === undefined || value === idle || (idle === '0' && isZero(value))) continue;
    return refuse('not_supported_yet', key, `${key} is not executed by this version`, `leave ${key} out`);
  }
  const { definition } = instrument;
  const { side, quantity } = parameters;
  if (side === undefined)
    return refuse('side_missing', 'side', 'an order by quantity needs a side', 'send "buy" or "sell"');
  if (quantity === undefined)
    return refuse('quantity_missing', 'quantity', 'the order names no quantity', 'send quantity as decimal text');
  const quantityLots = lots(quantity, 'quantity', instrument);
  if (typeof quantityLots !== 'number') return quantityLots;
  if (quantityLots < instrument.minQuantityLots)
    return refuse(
      'quantity_below_minimum',
      'quantity',
      `${quantity} is below the minimum of ${definition.minQuantity} of ${definition.instrument}`,
      `send at least ${definition.minQuantity}`,
    );
  const limitTicks = parameters.limitPrice === undefined ? 0 : ticks(parameters.limitPrice, instrument);
  if (typeof limitTicks !== 'number') return limitTicks;
  if (
    parameters.maxSpreadTicks !== undefined &&
    !(Number.isSafeInteger(parameters.maxSpreadTicks) && parameters.maxSpreadTicks > 0)
  )
    return refuse(
      'max_spread_invalid',
      'maxSpreadTicks',
      `${parameters.maxSpreadTicks} is no whole number of ticks above zero`,
      'send 1 or more',
    );
  const schedule = readSchedule(parameters, quantityLots, instrument, now, startsAt);
  if ('code' in schedule) return schedule;
  const startAt = readStart(parameters, now);
  if (typeof startAt === 'object') return startAt;
  return { side: side === 'buy' ? Side.buy : Side.sell, quantityLots, limitTicks, schedule, startAt };
}

function isZero(value: unknown): boolean {
  return typeof value === 'string' && parseScaled(value)?.mantissa === 0;
}
