import type { Refusal } from '../errors.js';
import type { Instrument } from '../market/instrument.js';
import { formatInstant, parseDuration, parseInstant, type EpochMicros } from '../time.js';
import type { TwapParameters } from './parameters.js';
import { MOST_SLICES, type ScheduleTerms } from './schedule.js';
import { LONGEST, lots, refuse, short, span } from './values.js';

/**
 * Reads what shapes a schedule: window, interval, number and size of slices (semantics.md section 1).
 *
 * @param startsAt  for an amended order that has started: when its first window began
 */
export function readSchedule(
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
