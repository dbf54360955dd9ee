import { readTime } from '../../adapters/requests/instant.js';
import { parseDuration, type Micros } from '../../core/time.js';
import type { Moment } from '../../replay/moment.js';
import { WrongRequest } from './failures.js';

/** A TIME of the command line. */
export function moment(text: string, flag: string): Moment {
  const time = readTime(text);
  if (time === undefined)
    throw new WrongRequest(
      `${flag}: "${text}" is no time; write 2024-01-01T00:00:00Z, a seq, or microseconds since 1970`,
    );
  return time;
}

/** A duration of the command line, above zero. */
export function duration(text: string, flag: string): Micros {
  const span = parseDuration(text);
  if (span === undefined || span === 0)
    throw new WrongRequest(`${flag}: "${text}" is no duration; write it like 90s, 5m or 1h30m`);
  return span;
}
