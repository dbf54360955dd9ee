import type { EpochMicros } from '../../../core/time.js';

const ZERO = 48;
/** Days that a month has every year; a 29 February is left to the slow way. */
const DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads `2021-04-17T16:43:37.075687Z` digit by digit: some venues stamp every message so, and the general reading costs as
 * much as half a `JSON.parse` of it. What is finer than a microsecond is cut.
 *
 * @returns undefined for any other form, which may be a time all the same
 */
export function plainIso(text: string): EpochMicros | undefined {
  const end = text.length - 1;
  if (end < 19 || end > 29 || text[4] !== '-' || text[7] !== '-' || text[10] !== 'T') return undefined;
  if (text[13] !== ':' || text[16] !== ':' || text[end] !== 'Z' || (end > 19 && text[19] !== '.')) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  if (!(year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= DAYS[month]!)) return undefined;
  if (!(hour <= 23 && minute <= 59 && second <= 59) || end === 20) return undefined;
  let micros = 0;
  for (let at = 20; at < 26; at++) micros = micros * 10 + (at < end ? digits(text, at, at + 1) : 0);
  if (end > 26 && Number.isNaN(digits(text, 26, end))) return undefined;
  const told = Date.UTC(year, month - 1, day, hour, minute, second) * 1_000 + micros;
  return Number.isNaN(told) ? undefined : told;
}

/** The number that these characters spell; NaN where one is no digit. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : NaN;
  }
  return number;
}
