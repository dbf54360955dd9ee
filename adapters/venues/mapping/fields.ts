import { formatScaled, parseScaled, pow10 } from '../../../core/market/increments.js';
import { parseInstant, type EpochMicros } from '../../../core/time.js';
import { MessageFault } from './fault.js';
import { plainIso } from './plain-iso.js';

export type JsonRecord = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON of a frame. @throws {MessageFault} */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MessageFault('bad_line', `no JSON: ${shown(text)}${cause instanceof SyntaxError ? '' : ' (unreadable)'}`);
  }
}

/** A field that must be an object. @throws {MessageFault} */
export function record(field: string, value: unknown): JsonRecord {
  if (isRecord(value)) return value;
  throw fault(field, value, 'no object');
}

/** A field that must be a list. @throws {MessageFault} */
export function list(field: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw fault(field, value, 'no list');
}

/** A field that must be a text. @throws {MessageFault} */
export function text(field: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw fault(field, value, 'no text');
}

/** A field that must be a whole number which JavaScript counts exactly; also as text. @throws {MessageFault} */
export function whole(field: string, value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,19}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  if (typeof number === 'number' && number > Number.MAX_SAFE_INTEGER)
    throw new MessageFault('out_of_range', `"${field}" is ${number}, beyond 2^53`);
  throw fault(field, value, 'no whole number');
}

/** The id of a trade, which is kept where it is a whole number that JavaScript counts exactly, also as text; else 0. */
export function tradeId(value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : 0;
}

/** One of two words for the side of a taker. @throws {MessageFault} */
export function takerSide(field: string, value: unknown, buy: string, sell: string): 0 | 1 {
  if (value === buy) return 0;
  if (value === sell) return 1;
  throw fault(field, value, `neither "${buy}" nor "${sell}"`);
}

/** Milliseconds since 1970 (number or text of digits) in microseconds. @throws {MessageFault} */
export const fromMillis = (field: string, value: unknown): EpochMicros => inRange(field, whole(field, value) * 1_000);

/** Milliseconds since 1970 with a fraction (number or plain decimal text), cut to microseconds. @throws {MessageFault} */
export function fromFineMillis(field: string, value: unknown): EpochMicros {
  const [, millis, fraction = ''] = /^(\d{1,14})(?:\.(\d*))?$/.exec(String(value)) ?? [];
  if (millis === undefined) throw fault(field, value, 'no time in milliseconds');
  return inRange(field, Number(millis) * 1_000 + Number(fraction.slice(0, 3).padEnd(3, '0')));
}

/** Microseconds since 1970 (number or text of digits). @throws {MessageFault} */
export const fromMicros = (field: string, value: unknown): EpochMicros => inRange(field, whole(field, value));

/** Nanoseconds since 1970 as text of digits, cut to microseconds. @throws {MessageFault} */
export function fromNanos(field: string, value: unknown): EpochMicros {
  if (typeof value === 'string' && /^\d{4,19}$/.test(value)) return inRange(field, Number(value.slice(0, -3)));
  throw fault(field, value, 'no text of nanoseconds');
}

/** Seconds since 1970 as plain decimal text (or a number), cut to microseconds. @throws {MessageFault} */
export function fromSeconds(field: string, value: unknown): EpochMicros {
  const scaled = typeof value === 'string' ? parseScaled(value) : undefined;
  if (scaled !== undefined && scaled.scale <= 6) return inRange(field, scaled.mantissa * pow10(6 - scaled.scale));
  const [, seconds, fraction = ''] = /^(\d{1,11})(?:\.(\d*))?$/.exec(String(value)) ?? [];
  if (seconds === undefined) throw fault(field, value, 'no time in seconds');
  return inRange(field, Number(seconds) * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0')));
}

/** ISO 8601 with `Z`. @throws {MessageFault} */
export function fromIso(field: string, value: unknown): EpochMicros {
  const instant = typeof value === 'string' ? (plainIso(value) ?? parseInstant(value)) : undefined;
  if (instant === undefined) throw fault(field, value, 'no ISO 8601 time');
  return inRange(field, instant);
}

/** Times of the venue outside these years are no times. */
const EARLIEST: EpochMicros = 1_230_768_000_000_000; // 2009
const LATEST: EpochMicros = 4_102_444_800_000_000; // 2100

function inRange(field: string, at: EpochMicros): EpochMicros {
  if (at >= EARLIEST && at <= LATEST) return at;
  throw new MessageFault('bad_message', `"${field}" is no time between 2009 and 2100`);
}

/**
 * A JSON number as plain decimal text. A number of up to 15 significant digits comes through a double unharmed; one with
 * more is binary noise or has lost digits, and is refused: read such a frame with `exactNumbers`.
 *
 * @throws {MessageFault}
 */
export function decimalText(field: string, value: unknown): string {
  if (typeof value === 'string') return value.includes('e') || value.includes('E') ? unfolded(field, value) : value;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw fault(field, value, 'no number');
  const told = String(value);
  if (told.length > 15 && digitsOf(told) > 15)
    throw new MessageFault('out_of_range', `"${field}" is ${told}, more digits than a double carries`);
  return told.includes('e') ? unfolded(field, told) : told;
}

const digitsOf = (told: string): number => told.replace(/e.*$/i, '').replace(/[-.]/g, '').replace(/^0+/, '').length;

/** `1.1502e-4` as `0.00011502`. */
function unfolded(field: string, told: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,3})$/.exec(told);
  if (match === null) throw fault(field, told, 'no number');
  const [, sign = '', whole = '', fraction = '', power = ''] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(power);
  if (point < -18 || point > 18) throw new MessageFault('out_of_range', `"${field}" is ${told}`);
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = point <= 0 ? 1 : point;
  return sign + padded.slice(0, at) + (at < padded.length ? `.${padded.slice(at)}` : '');
}

/** JSON text with every number as text, so that no digit of it is lost. */
export function exactNumbers(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
}

function fault(field: string, value: unknown, what: string): MessageFault {
  return new MessageFault(
    'bad_message',
    value === undefined ? `"${field}" is missing` : `"${field}" is ${what}: ${shown(value)}`,
  );
}

/** A value as messages show it, cut where it is long. */
export function shown(value: unknown): string {
  const told = typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) as string | undefined);
  return told === undefined ? 'nothing' : told.length > 60 ? `${told.slice(0, 60)}…` : told;
}

/** A decimal (text or number) as plain text without trailing zeros, as definitions spell it. @throws {MessageFault} */
export function plainDecimal(field: string, value: unknown): string {
  const scaled = parseScaled(decimalText(field, value));
  if (scaled === undefined) throw fault(field, value, 'no plain decimal');
  return formatScaled(scaled.mantissa, scaled.scale);
}
