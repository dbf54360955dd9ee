import type { Refusal } from '../errors.js';
import { rescaled, parseScaled } from '../market/increments.js';
import type { Instrument } from '../market/instrument.js';
import { formatDuration, formatInstant, parseDuration, parseInstant, type EpochMicros } from '../time.js';
import type { TwapParameters } from './parameters.js';
import { MOST_SLICES, type ScheduleTerms } from './schedule.js';
import { LONGEST, lots, refuse, short, span } from './values.js';

/** The keys that shape a schedule beside the quantity. */
export const WINDOW_KEYS = ['endTime', 'duration', 'sliceInterval', 'slices', 'sliceQuantity'] as const;

/** Which of the keys that shape a schedule may stand together. */
export function combinationRefusal(parameters: TwapParameters): Refusal | undefined {
  const { endTime, duration, sliceInterval, slices, sliceQuantity } = parameters;
  const shape = [sliceInterval, slices, sliceQuantity].filter((value) => value !== undefined).length;
  if (endTime !== undefined && duration !== undefined)
    return refuse('overdetermined', 'endTime', 'endTime and duration both fix the end', 'send one of them');
  const hasWindow = endTime !== undefined || duration !== undefined;
  if (hasWindow && shape > 1)
    return refuse(
      'overdetermined',
      sliceInterval === undefined ? 'slices' : 'sliceInterval',
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
  return undefined;
}

export function spanRefusal(parameters: TwapParameters, key: 'sliceInterval' | 'duration'): Refusal | undefined {
  const text = parameters[key];
  const read = text === undefined ? 0 : span(text, key);
  return typeof read === 'number' ? undefined : read;
}

export function sliceQuantityRefusal({ sliceQuantity }: TwapParameters, instrument: Instrument): Refusal | undefined {
  const read = sliceQuantity === undefined ? 0 : lots(sliceQuantity, 'sliceQuantity', instrument);
  return typeof read === 'number' ? undefined : read;
}

export function slicesRefusal({ slices }: TwapParameters): Refusal | undefined {
  if (slices === undefined || (Number.isSafeInteger(slices) && slices >= 1)) return undefined;
  return refuse(
    'slices_invalid',
    'slices',
    `${slices} is no number of slices`,
    `send a whole number from 1 to ${MOST_SLICES}`,
  );
}

export function endRefusal({ endTime }: TwapParameters): Refusal | undefined {
  if (endTime === undefined || parseInstant(endTime) !== undefined) return undefined;
  return refuse(
    'end_time_invalid',
    'endTime',
    `${JSON.stringify(short(endTime))} is no instant`,
    'write it like 2024-08-08T23:59:00Z',
  );
}

/**
 * The keys that shape a schedule, counted at the instrument's present units and judged no more: rules may have changed since they were
 * accepted. A slice quantity that is no multiple of the lot size any longer is cut to one.
 */
export function countWindow(parameters: TwapParameters, instrument: Instrument): ScheduleTerms {
  const { endTime, duration, sliceInterval, slices, sliceQuantity } = parameters;
  const endAt = endTime === undefined ? undefined : parseInstant(endTime);
  const length = duration === undefined ? undefined : parseDuration(duration);
  const interval = sliceInterval === undefined ? undefined : parseDuration(sliceInterval);
  const sliceLots = sliceQuantity === undefined ? undefined : wholeLots(sliceQuantity, instrument);
  return {
    ...(endAt === undefined ? {} : { endAt }),
    ...(length === undefined ? {} : { duration: length }),
    ...(interval === undefined ? {} : { interval }),
    ...(slices === undefined ? {} : { slices }),
    ...(sliceLots === undefined ? {} : { sliceLots }),
  };
}

function wholeLots(text: string, { units, lotLots }: Instrument): number {
  const count = rescaled(parseScaled(text)!, units.sizeScale)!;
  return count < lotLots ? lotLots : count - (count % lotLots);
}

/**
 * Whether a window has any time left.
 *
 * @param beginsAt  when it begins or began
 */
export function windowOver(parameters: TwapParameters, now: EpochMicros, beginsAt: EpochMicros): Refusal | undefined {
  const { endTime, duration } = parameters;
  const endAt = endTime === undefined ? undefined : parseInstant(endTime);
  const length = duration === undefined ? undefined : parseDuration(duration);
  const end = endAt ?? (length === undefined ? undefined : beginsAt + length);
  if (end === undefined) return undefined;
  const from = beginsAt > now ? beginsAt : now;
  const key = endAt === undefined ? 'duration' : 'endTime';
  if (end <= from)
    return refuse(
      'window_over',
      key,
      `the window ends at ${formatInstant(end)}, and it is ${formatInstant(from)} when it begins or goes on`,
      endAt === undefined ? 'send a longer duration' : 'send a later endTime',
    );
  if (endAt !== undefined && endAt - now > LONGEST)
    return refuse('end_time_too_far', 'endTime', `${formatInstant(endAt)} is over a year away`, 'send an earlier one');
  return undefined;
}

/** Whether a schedule has more slices than an order may have, or goes on for over a year. */
export function scheduleRefusal(
  terms: ScheduleTerms,
  quantityLots: number,
  beginsAt: EpochMicros,
): Refusal | undefined {
  const { slices, sliceLots, interval, endAt, duration } = terms;
  const window = duration ?? (endAt === undefined ? undefined : endAt - beginsAt);
  const [count, key] =
    slices !== undefined
      ? [slices, 'slices']
      : sliceLots !== undefined
        ? [quantityLots / sliceLots, 'sliceQuantity']
        : [window === undefined || interval === undefined ? 0 : window / interval, 'sliceInterval'];
  if (count > MOST_SLICES)
    return refuse('too_many_slices', key, `that makes more than ${MOST_SLICES} slices`, 'make the slices fewer');
  if (window === undefined && interval !== undefined && interval * count > LONGEST)
    return refuse(
      'window_too_long',
      'sliceInterval',
      `slice by slice the order would take over a year, ${formatDuration(LONGEST)}`,
      'make the interval shorter or the slices larger',
    );
  return undefined;
}

/** When an order starts by itself; undefined: it waits for a command. */
export function readStart(parameters: TwapParameters, now: EpochMicros): EpochMicros | undefined | Refusal {
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
