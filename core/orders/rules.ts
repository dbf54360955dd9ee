import type { Refusal } from '../errors.js';
import { Side } from '../market/columns.js';
import { formatScaled, parseScaled, pow10, rescaled } from '../market/increments.js';
import { priceText, sizeText, type Instrument } from '../market/instrument.js';
import { formatInstant, parseDuration, parseInstant, type EpochMicros } from '../time.js';
import { PARAMETER_KEYS, type TwapParameters } from './parameters.js';
import { MOST_SLICES, type ScheduleTerms } from './schedule.js';

/** An order's parameters, counted: what acceptance needs to know. */
export interface OrderTerms {
  readonly side: Side;
  readonly quantityLots: number;
  readonly limitTicks: number;
  readonly schedule: ScheduleTerms;
  /** When it starts by itself; undefined: on command. */
  readonly startAt: EpochMicros | undefined;
}

/** Longest span that an order may name, in microseconds: a year. */
const LONGEST = 366 * 86_400_000_000;
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

const refuse = (code: string, key: string, what: string, mend: string): Refusal => ({
  code,
  where: `/${key}`,
  what,
  mend,
});

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

/** Reads a quantity as whole lots of the instrument: above zero, a multiple of its lot size, not beyond safe integers. */
export function lots(text: string, key: string, instrument: Instrument): number | Refusal {
  const { lotSize, instrument: name } = instrument.definition;
  const value = parseScaled(text);
  if (value === undefined)
    return refuse(
      `${key}_invalid`,
      key,
      `${short(text)} is no plain decimal that can be counted exactly`,
      `send a number such as ${lotSize}`,
    );
  if (value.mantissa === 0)
    return refuse(`${key}_not_positive`, key, `${text} is not above zero`, `send at least ${lotSize}`);
  const { sizeScale } = instrument.units;
  const count = value.scale > sizeScale ? undefined : rescaled(value, sizeScale);
  if (count === undefined && value.scale <= sizeScale)
    return refuse(
      `${key}_too_large`,
      key,
      `${short(text)} is larger than ${name} can be counted in`,
      'send a smaller quantity',
    );
  if (count === undefined || count % instrument.lotLots !== 0) {
    const below =
      count === undefined ? floorTo(value, sizeScale, instrument.lotLots) : count - (count % instrument.lotLots);
    const around = below === 0 ? [instrument.lotLots] : [below, below + instrument.lotLots];
    return refuse(
      `${key}_not_lot_multiple`,
      key,
      `${text} is not a multiple of the lot size ${lotSize} of ${name}`,
      `send ${around.map((n) => sizeText(n, instrument.units)).join(' or ')}`,
    );
  }
  return count;
}

function floorTo(value: { mantissa: number; scale: number }, scale: number, multiple: number): number {
  const count = Math.floor(value.mantissa / pow10(value.scale - scale));
  return count - (count % multiple);
}

function short(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 37)}…`;
}

function ticks(text: string, instrument: Instrument): number | Refusal {
  const { tickSize, instrument: name } = instrument.definition;
  const value = parseScaled(text);
  if (value === undefined || value.mantissa === 0)
    return refuse(
      'limit_price_invalid',
      'limitPrice',
      `${short(text)} is no price above zero that can be counted exactly`,
      `send a multiple of ${tickSize}`,
    );
  const { priceScale } = instrument.units;
  const count = value.scale > priceScale ? undefined : rescaled(value, priceScale);
  if (count === undefined || count % instrument.tickTicks !== 0) {
    const below =
      value.scale > priceScale
        ? floorTo(value, priceScale, instrument.tickTicks)
        : (count ?? 0) - ((count ?? 0) % instrument.tickTicks);
    const around = [below, below + instrument.tickTicks]
      .filter((n) => n > 0)
      .map((n) => priceText(n, instrument.units));
    return refuse(
      'limit_price_not_tick_multiple',
      'limitPrice',
      `${short(text)} is not a multiple of the tick size ${tickSize} of ${name}`,
      `send ${around.join(' or ')}`,
    );
  }
  return count;
}

function span(text: string, key: string): number | Refusal {
  const value = parseDuration(text);
  if (value === undefined)
    return refuse(
      `${key}_invalid`,
      key,
      `${JSON.stringify(short(text))} is no duration`,
      'write it like 90s, 5m or 1h30m',
    );
  if (value === 0) return refuse(`${key}_not_positive`, key, 'a duration of zero leaves no time', 'send a longer one');
  if (value > LONGEST) return refuse(`${key}_too_long`, key, `${text} is over a year`, 'send at most 366d');
  return value;
}

function readSchedule(
  parameters: TwapParameters,
  quantityLots: number,
  instrument: Instrument,
  now: EpochMicros,
  startsAt: EpochMicros | undefined,
): ScheduleTerms | Refusal {
  const { endTime, duration, sliceInterval, slices, sliceQuantity } = parameters;
  const shape = [sliceInterval, slices, sliceQuantity].filter((value) => value !== undefined).length;
  if (endTime !== undefined && duration !== undefined)
    return refuse('overdetermined', 'endTime', 'endTime and duration both fix the end', 'send one of them');
  const hasWindow = endTime !== undefined || duration !== undefined;
  if (hasWindow && shape > 1)
    return refuse(
      'overdetermined',
      'sliceInterval',
      'beside a window at most one of sliceInterval, slices and sliceQuantity has room',
      'leave the others out',
    );
  if (!hasWindow && (sliceInterval === undefined || sliceQuantity === undefined))
    return refuse(
      'window_missing',
      'duration',
      'nothing says when the order ends',
      'send duration or endTime, or sliceInterval together with sliceQuantity',
    );
  if (!hasWindow && slices !== undefined)
    return refuse(
      'overdetermined',
      'slices',
      'the number of slices follows from sliceQuantity here',
      'leave slices out',
    );
  let interval: number | undefined;
  let length: number | undefined;
  let sliceLots: number | undefined;
  if (sliceInterval !== undefined) {
    const read = span(sliceInterval, 'sliceInterval');
    if (typeof read !== 'number') return read;
    interval = read;
  }
  if (duration !== undefined) {
    const read = span(duration, 'duration');
    if (typeof read !== 'number') return read;
    length = read;
  }
  if (sliceQuantity !== undefined) {
    const read = lots(sliceQuantity, 'sliceQuantity', instrument);
    if (typeof read !== 'number') return read;
    sliceLots = read;
  }
  if (slices !== undefined && !(Number.isSafeInteger(slices) && slices >= 1))
    return refuse(
      'slices_invalid',
      'slices',
      `${slices} is no number of slices`,
      `send a whole number from 1 to ${MOST_SLICES}`,
    );
  let endAt: EpochMicros | undefined;
  if (endTime !== undefined) {
    endAt = parseInstant(endTime);
    if (endAt === undefined)
      return refuse(
        'end_time_invalid',
        'endTime',
        `${JSON.stringify(short(endTime))} is no instant`,
        'write it like 2024-08-08T23:59:00Z',
      );
    const from = futureStart(parameters, now);
    if (endAt <= (from ?? now))
      return refuse(
        'window_over',
        'endTime',
        `the window ends at ${formatInstant(endAt)}, and it is ${formatInstant(from ?? now)} when it begins`,
        'send a later endTime',
      );
    if (endAt - now > LONGEST)
      return refuse('end_time_too_far', 'endTime', `${endTime} is over a year away`, 'send an earlier one');
  } else if (length !== undefined && startsAt !== undefined && startsAt + length <= now) {
    return refuse(
      'window_over',
      'duration',
      `the window would have ended at ${formatInstant(startsAt + length)}`,
      'send a longer duration',
    );
  }
  const window = length ?? (endAt === undefined ? undefined : endAt - (futureStart(parameters, now) ?? now));
  const count =
    slices ??
    (sliceLots !== undefined
      ? quantityLots / sliceLots
      : interval !== undefined && window !== undefined
        ? window / interval
        : 0);
  if (count > MOST_SLICES)
    return refuse(
      'too_many_slices',
      slices !== undefined ? 'slices' : sliceLots !== undefined ? 'sliceQuantity' : 'sliceInterval',
      `that makes more than ${MOST_SLICES} slices`,
      'make the slices fewer',
    );
  return {
    ...(endAt === undefined ? {} : { endAt }),
    ...(length === undefined ? {} : { duration: length }),
    ...(interval === undefined ? {} : { interval }),
    ...(slices === undefined ? {} : { slices }),
    ...(sliceLots === undefined ? {} : { sliceLots }),
  };
}

/** The instant at which a not yet started order begins by its own words, when that is ahead. */
function futureStart(parameters: TwapParameters, now: EpochMicros): EpochMicros | undefined {
  const { startTime } = parameters;
  if (startTime === undefined || startTime === 'manual') return undefined;
  const at = startTime.startsWith('+') ? now + (parseDuration(startTime.slice(1)) ?? 0) : parseInstant(startTime);
  return at !== undefined && at > now ? at : undefined;
}

function readStart(parameters: TwapParameters, now: EpochMicros): EpochMicros | undefined | Refusal {
  const { startTime } = parameters;
  if (startTime === undefined) return now;
  if (startTime === 'manual') return undefined;
  if (startTime.startsWith('+')) {
    const delay = parseDuration(startTime.slice(1));
    if (delay === undefined || delay > LONGEST)
      return refuse(
        'start_time_invalid',
        'startTime',
        `${JSON.stringify(short(startTime))} is no delay`,
        'write it like +5m',
      );
    return now + delay;
  }
  const at = parseInstant(startTime);
  if (at === undefined)
    return refuse(
      'start_time_invalid',
      'startTime',
      `${JSON.stringify(short(startTime))} is no instant`,
      'write it like 2024-08-08T23:55:00Z, +5m or manual',
    );
  if (at < now)
    return refuse(
      'start_time_past',
      'startTime',
      `${formatInstant(at)} is past, it is ${formatInstant(now)}`,
      'leave startTime out to start at once',
    );
  if (at - now > LONGEST)
    return refuse('start_time_too_far', 'startTime', `${startTime} is over a year away`, 'send an earlier one');
  return at;
}

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

function tenTo(exponent: number): bigint {
  let value = 1n;
  for (let i = 0; i < exponent; i++) value *= 10n;
  return value;
}

/** What an instrument's notional comes to, as plain text; for messages. */
export function notionalText(instrument: Instrument, quantityLots: number, priceTicks: number): string {
  const { multiplier, units, definition } = instrument;
  const inverse = definition.kind === 'inverse';
  const worth = BigInt(quantityLots) * BigInt(multiplier.mantissa) * (inverse ? 1n : BigInt(priceTicks));
  return formatScaled(worth, units.sizeScale + multiplier.scale + (inverse ? 0 : units.priceScale));
}

const BOOKKEEPING = new Set<string>(['instrument', 'account', 'side', 'startTime']);
/** Keys whose change re-anchors the schedule. */
const SHAPES = new Set<string>(['quantity', 'endTime', 'duration', 'sliceInterval', 'slices', 'sliceQuantity']);

/** What an amendment asks to change. A key set to null is taken out; a value equal to the present one is no change. */
export type Changes = { readonly [K in keyof TwapParameters]?: TwapParameters[K] | null };

/** The parameters after an amendment, and which keys really changed. */
export function amended(
  parameters: TwapParameters,
  changes: Changes,
): { parameters: TwapParameters; changed: string[] } {
  const next: Record<string, unknown> = { ...parameters };
  const changed: string[] = [];
  for (const key of PARAMETER_KEYS) {
    const value = changes[key];
    if (value === undefined) continue;
    const before = next[key];
    if (value === null ? before === undefined : value === before) continue;
    changed.push(key);
    if (value === null) Reflect.deleteProperty(next, key);
    else next[key] = value;
  }
  // the end is fixed in one way: naming the other one replaces it
  if (changed.includes('endTime') && changes.duration === undefined) Reflect.deleteProperty(next, 'duration');
  if (changed.includes('duration') && changes.endTime === undefined) Reflect.deleteProperty(next, 'endTime');
  return { parameters: next as unknown as TwapParameters, changed };
}

export const onlyWhileNew = (key: string): boolean => BOOKKEEPING.has(key);
export const reanchors = (key: string): boolean => SHAPES.has(key);
