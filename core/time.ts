/**
 * Time in the core: whole microseconds since 1970-01-01T00:00:00Z, as a safe integer. Nothing here knows a clock; every
 * instant arrives with an input.
 */
export type EpochMicros = number;
/** A span in whole microseconds. */
export type Micros = number;

export const MICROS = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
} as const;

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/;

/** Days since 1970-01-01 of a proleptic Gregorian date (era arithmetic, 400-year cycles). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function civilFromDays(days: number): [year: number, month: number, day: number] {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * mp + 2) / 5) + 1];
}

/**
 * Reads an ISO 8601 instant with an explicit offset (`2024-08-08T23:54:13.937085Z`); digits past the microsecond are cut.
 *
 * @returns microseconds since 1970 UTC, or `undefined` when the text is no such instant
 */
export function parseInstant(text: string): EpochMicros | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  const days = daysFromCivil(year, month, day);
  const [y, m, d] = civilFromDays(days);
  if (y !== year || m !== month || d !== day) return undefined; // 31 February and its like
  const micros = Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'));
  const zone = match[8] as string;
  const offsetMinutes =
    zone === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
  return days * MICROS.d + hour * MICROS.h + (minute - offsetMinutes) * MICROS.m + second * MICROS.s + micros;
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** Writes an instant as ISO 8601 with `Z`, the fraction without trailing zeros. */
export function formatInstant(at: EpochMicros): string {
  const days = Math.floor(at / MICROS.d);
  const rest = at - days * MICROS.d;
  const [year, month, day] = civilFromDays(days);
  const seconds = Math.floor(rest / MICROS.s);
  const fraction = pad(rest - seconds * MICROS.s, 6).replace(/0+$/, '');
  const clock = `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${clock}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** The hour an instant falls into, as `yyyymmddhh` in UTC: the name of a market or clock stream's roll. */
export function hourOf(at: EpochMicros): string {
  const days = Math.floor(at / MICROS.d);
  const [year, month, day] = civilFromDays(days);
  return `${pad(year, 4)}${pad(month, 2)}${pad(day, 2)}${pad(Math.floor((at - days * MICROS.d) / MICROS.h), 2)}`;
}

const PART = /(\d+)(us|ms|d|h|m|s)/y;

/**
 * Reads a duration such as `90s`, `5m`, `1h30m`, `250ms` (units d h m s ms us, each at most once, largest first).
 *
 * @returns whole microseconds >= 0, or `undefined` when the text is no duration or is beyond a safe integer
 */
export function parseDuration(text: string): Micros | undefined {
  if (text === '') return undefined;
  let total = 0;
  let previous = Number.MAX_SAFE_INTEGER;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const match = PART.exec(text);
    if (match === null) return undefined;
    const unit = MICROS[match[2] as keyof typeof MICROS];
    if (unit >= previous) return undefined;
    previous = unit;
    total += Number(match[1]) * unit;
    if (!Number.isSafeInteger(total)) return undefined;
  }
  return total;
}

/** Writes a span the way `parseDuration` reads it. */
export function formatDuration(span: Micros): string {
  let rest = span;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms', 'us'] as const) {
    const count = Math.floor(rest / MICROS[unit]);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * MICROS[unit];
  }
  return text === '' ? '0s' : text;
}
