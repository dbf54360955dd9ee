import type { Assumption, VenueSettings } from '../../core/desk/settings.js';
import { formatDuration, parseDuration, type Micros } from '../../core/time.js';
import type { Read } from './problem.js';

/** The settings of a simulated venue that several values of can be compared. */
export const VENUE_VALUE_KEYS = ['assume', 'latency', 'fees', 'takeSlack', 'allowPartialBook'] as const;
export type VenueValueKey = (typeof VENUE_VALUE_KEYS)[number];

export const ASSUMPTIONS: readonly Assumption[] = ['optimistic', 'expected', 'pessimistic'];
const LONGEST_LATENCY: Micros = 3_600_000_000;
const RATE = /^-?\d+(\.\d{1,12})?$/;

export type VenueValues = Required<Pick<VenueSettings, VenueValueKey>>;
type Readers = { readonly [Key in VenueValueKey]: (value: unknown, where: string) => Read<VenueValues[Key]> };

/** One reader for each setting, whether it came as a flag, in a settings file or in a grid. */
export const VENUE_READERS: Readers = {
  assume: (value, where) => {
    const found = ASSUMPTIONS.find((assumption) => assumption === value);
    return found === undefined ? wrong(value, where, 'is unknown', `use ${ASSUMPTIONS.join(', ')}`) : { ok: found };
  },
  latency: (value, where) => {
    const latency = typeof value === 'string' ? parseDuration(value) : undefined;
    if (latency !== undefined && latency <= LONGEST_LATENCY) return { ok: latency };
    return wrong(
      value,
      where,
      'is no latency',
      `write a duration up to ${formatDuration(LONGEST_LATENCY)}, such as 10ms`,
    );
  },
  fees: (value, where) => {
    const [maker = '', taker = '', more] = typeof value === 'string' ? value.split(',') : [];
    if (more === undefined && RATE.test(maker) && RATE.test(taker)) return { ok: { maker, taker } };
    return wrong(value, where, 'is no pair of fees', 'write MAKER,TAKER as fractions, such as 0.0002,0.0005');
  },
  takeSlack: (value, where) => readCount(value, where),
  allowPartialBook: (value, where) =>
    typeof value === 'boolean' ? { ok: value } : wrong(value, where, 'is neither true nor false', 'send one of them'),
};

/** A whole number, 0 or more, as a number or as its digits. */
export function readCount(value: unknown, where: string): Read<number> {
  const count =
    typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : NaN;
  if (Number.isSafeInteger(count) && count >= 0) return { ok: count };
  return wrong(value, where, 'is no whole number', 'write 0 or more');
}

const wrong = (value: unknown, where: string, what: string, mend: string): Read<never> => ({
  problem: { code: 'malformed', where, what: `${JSON.stringify(value)} ${what}`, mend },
});
