import type { Refusal } from '../errors.js';
import { parseScaled, pow10, rescaled, type Scaled } from '../market/increments.js';
import { priceText, sizeText, type Instrument } from '../market/instrument.js';
import { parseDuration } from '../time.js';

/** Longest span that an order may name, in microseconds: a year. */
export const LONGEST = 366 * 86_400_000_000;

export const refuse = (code: string, key: string, what: string, mend: string): Refusal => ({
  code,
  where: `/${key}`,
  what,
  mend,
});

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

/** Reads a price as whole ticks of the instrument: above zero and a multiple of its tick size. */
export function ticks(text: string, instrument: Instrument): number | Refusal {
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

/** Reads a duration in microseconds, above zero and at most a year. */
export function span(text: string, key: string): number | Refusal {
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

/** A text as messages quote it: not all of it when somebody sends a page. */
export function short(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 37)}…`;
}

function floorTo(value: Scaled, scale: number, multiple: number): number {
  const count = Math.floor(value.mantissa / pow10(value.scale - scale));
  return count - (count % multiple);
}
