import type { Refusal } from '../errors.js';
import { formatScaled, parseScaled } from '../market/increments.js';
import type { Instrument } from '../market/instrument.js';
import { formatDuration, parseDuration, type Micros } from '../time.js';

/** Longest span that an order may name, in microseconds: a year. */
export const LONGEST = 366 * 86_400_000_000;
/**
 * Most lots or ticks that an order may name. It does not depend on how the instrument is counted at present, and leaves
 * three digits for increments that get finer.
 */
export const MOST_STEPS = 1_000_000_000_000;

export const refuse = (code: string, key: string, what: string, mend: string): Refusal => ({
  code,
  where: `/${key}`,
  what,
  mend,
});

/** Reads a quantity as whole lots of the instrument: above zero, a multiple of its lot size, at most `MOST_STEPS` of them. */
export function lots(text: string, key: string, instrument: Instrument): number | Refusal {
  const { definition, lotLots } = instrument;
  return onGrid(text, { key, step: definition.lotSize, steps: lotLots, name: 'lot', of: definition.instrument });
}

/** Reads a position as whole lots of the instrument: signed, zero allowed, at most `MOST_STEPS` lots on either side. */
export function position(text: string, key: string, instrument: Instrument): number | Refusal {
  const { definition, lotLots } = instrument;
  const sign = text.startsWith('-') ? '-' : '';
  const size = text.slice(sign.length);
  if (parseScaled(size)?.mantissa === 0) return 0;
  const grid: Grid = { key, step: definition.lotSize, steps: lotLots, name: 'lot', of: definition.instrument, sign };
  if (size.startsWith('-')) return notDecimal(text, grid);
  const count = onGrid(size, grid);
  return typeof count === 'number' && sign === '-' ? -count : count;
}

/** Reads a price as whole ticks of the instrument: above zero, a multiple of its tick size, at most `MOST_STEPS` of them. */
export function ticks(text: string, key: string, instrument: Instrument): number | Refusal {
  const { definition, tickTicks } = instrument;
  return onGrid(text, { key, step: definition.tickSize, steps: tickTicks, name: 'tick', of: definition.instrument });
}

interface Grid {
  readonly key: string;
  /** The venue's own step, as text. */
  readonly step: string;
  /** The same, counted in increments. */
  readonly steps: number;
  readonly name: 'lot' | 'tick';
  readonly of: string;
  /** What stood before the text. */
  readonly sign?: '-' | '';
}

function onGrid(text: string, grid: Grid): number | Refusal {
  const { key, step, name, sign = '' } = grid;
  const code = codeOf(key);
  const value = parseScaled(text);
  if (value === undefined) return unreadable(text, grid);
  if (value.mantissa === 0) return notPositive(text, grid);
  const size = parseScaled(step)!;
  const dividend = BigInt(value.mantissa) * tenTo(size.scale);
  const divisor = BigInt(size.mantissa) * tenTo(value.scale);
  const whole = dividend / divisor;
  const stepsText = (count: bigint): string => sign + formatScaled(count * BigInt(size.mantissa), size.scale);
  if (whole > BigInt(MOST_STEPS) || !Number.isSafeInteger(Number(whole) * grid.steps))
    return tooLarge(text, grid, stepsText(BigInt(MOST_STEPS)));
  if (whole * divisor === dividend) return Number(whole) * grid.steps;
  const around = whole === 0n ? [1n] : [whole, whole + 1n];
  return refuse(
    `${code}_not_${name}_multiple`,
    key,
    `${short(sign + text)} is not a multiple of the ${name} size ${step} of ${grid.of}`,
    `send ${around.map(stepsText).join(' or ')}`,
  );
}

const notPositive = (text: string, { key, step }: Grid): Refusal =>
  refuse(`${codeOf(key)}_not_positive`, key, `${short(text)} is not above zero`, `send at least ${step}`);

const tooLarge = (text: string, { key, name, of, sign = '' }: Grid, most: string): Refusal =>
  refuse(
    `${codeOf(key)}_too_large`,
    key,
    `${short(sign + text)} is more than ${MOST_STEPS} ${name}s of ${of}`,
    sign === '' ? `send at most ${most}` : `send ${most} or more`,
  );

const notDecimal = (text: string, { key, step }: Grid): Refusal =>
  refuse(`${codeOf(key)}_invalid`, key, `${JSON.stringify(short(text))} is no plain decimal`, `write it like ${step}`);

/** Why a text cannot be counted: no number, a negative one, or one with more digits than an exact count has. */
function unreadable(text: string, grid: Grid): Refusal {
  const { key, step, name, sign = '' } = grid;
  const digits = /^(-?)0*(\d+)(\.\d+)?$/.exec(text);
  if (digits === null) return notDecimal(sign + text, grid);
  if (digits[1] === '-') return notPositive(text, grid);
  if (digits[2]!.length > 15) {
    const size = parseScaled(step)!;
    return tooLarge(text, grid, sign + formatScaled(BigInt(MOST_STEPS) * BigInt(size.mantissa), size.scale));
  }
  return refuse(
    `${codeOf(key)}_too_precise`,
    key,
    `${short(sign + text)} has more digits than can be counted exactly`,
    `send a multiple of the ${name} size ${step}`,
  );
}

/** What a decimal may be that is a share or a percentage. */
interface Range {
  /** In millionths. */
  readonly within: (millionths: number) => boolean;
  /** The same in words. */
  readonly says: string;
}

/** Decimal places that shares and percentages may have. */
export const SHARE_PLACES = 6;

/** Reads a decimal of at most 6 places as whole millionths. */
export function millionths(text: string, key: string, { within, says }: Range): number | Refusal {
  const code = codeOf(key);
  const mend = `send a decimal ${says}, with at most ${SHARE_PLACES} places`;
  const digits = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (digits === null)
    return refuse(`${code}_invalid`, key, `${JSON.stringify(short(text))} is no plain decimal`, mend);
  const outside = refuse(`${code}_out_of_range`, key, `${short(text)} is not ${says}`, mend);
  const [, sign = '', whole = '', fraction = ''] = digits;
  const places = fraction.replace(/0+$/, '');
  const count = Number(whole + places.slice(0, SHARE_PLACES).padEnd(SHARE_PLACES, '0'));
  if (sign === '-' && (count > 0 || places.length > 0)) return outside;
  if (places.length <= SHARE_PLACES) return within(count) ? count : outside;
  return refuse(
    `${code}_too_precise`,
    key,
    `${short(text)} has ${places.length} decimal places, more than ${SHARE_PLACES}`,
    mend,
  );
}

/** Reads a duration in microseconds, above zero and at most a year, or within closer bounds. */
export function span(text: string, key: string, bounds: { least?: Micros; most?: Micros } = {}): number | Refusal {
  const { least = 1, most = LONGEST } = bounds;
  const code = codeOf(key);
  const value = parseDuration(text);
  if (value === undefined)
    return refuse(
      `${code}_invalid`,
      key,
      `${JSON.stringify(short(text))} is no duration`,
      'write it like 90s, 5m or 1h30m',
    );
  if (value === 0)
    return refuse(`${code}_not_positive`, key, `${short(text)} leaves no time`, 'send a longer one, such as 1s');
  if (value < least)
    return refuse(
      `${code}_too_short`,
      key,
      `${short(text)} is under ${formatDuration(least)}`,
      `send at least ${formatDuration(least)}`,
    );
  if (value > most)
    return refuse(
      `${code}_too_long`,
      key,
      `${short(text)} is over ${most === LONGEST ? 'a year' : formatDuration(most)}`,
      `send at most ${formatDuration(most)}`,
    );
  return value;
}

/** A text as messages quote it: not all of it when somebody sends a page. */
export function short(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 37)}…`;
}

/** Codes are written with underscores, keys in camel case. */
const codeOf = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export function tenTo(exponent: number): bigint {
  let value = 1n;
  for (let i = 0; i < exponent; i++) value *= 10n;
  return value;
}
