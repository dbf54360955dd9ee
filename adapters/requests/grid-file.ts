import { PARAMETER_KEYS, type TwapParameters } from '../../core/orders/parameters.js';
import { parseDuration, type EpochMicros, type Micros } from '../../core/time.js';
import { readTime } from './instant.js';
import { isObject, readJson, type JsonObject, type JsonSent } from './json-text.js';
import { nearest } from './nearest.js';
import { NumberText, plainDecimal } from './number-text.js';
import { DEFAULT_ACCOUNT } from './order-request.js';
import { PARAMETER_SCHEMAS, type ObjectSchema } from './order-schema.js';
import { sentence, shortened, type Read, type RequestProblem } from './problem.js';
import { shapeReader } from './shape.js';
import { VENUE_READERS, VENUE_VALUE_KEYS, type VenueValueKey, type VenueValues } from './venue-values.js';

/** Parameters of an order, a quantity perhaps as a share of the market's volume: `"5%"`. */
export type ParameterSet = Readonly<Partial<Record<keyof TwapParameters, string | number | boolean>>>;

/** When the orders of a grid come in; `first`: once, as soon as the book is usable. */
export type Starts =
  | { readonly every: Micros }
  | { readonly at: readonly EpochMicros[] }
  | { readonly random: number }
  | { readonly first: true };

export type VenueLists = { readonly [Key in VenueValueKey]?: readonly VenueValues[Key][] };

/** What a grid asks for (docs/sweep.md), in one spelling. */
export interface Grid {
  readonly order: ParameterSet & { readonly instrument: string };
  readonly vary: Readonly<Partial<Record<keyof TwapParameters, readonly (string | number | boolean)[]>>>;
  readonly starts: Starts;
  readonly venue: VenueLists;
  readonly sample: { readonly kind: 'grid' } | { readonly kind: 'random'; readonly count: number };
  readonly baseline?: ParameterSet;
  /** So many from the seed of the run on, or just these. */
  readonly seeds?: number | readonly number[];
}

/** A grid that cannot be used. */
export class GridError extends Error {
  override readonly name = 'GridError';
  constructor(
    readonly fileName: string,
    readonly problem: RequestProblem,
  ) {
    super(`${fileName}: ${problem.where === '' ? '' : `${problem.where}: `}${sentence(problem)}`);
  }
}

const KEYS = ['order', 'vary', 'starts', 'venue', 'sample', 'baseline', 'seeds'] as const;
const MOST_SEEDS = 1_000;
const MOST_STARTS = 1_000_000;

/**
 * Reads a grid file.
 *
 * @param fileName  for messages
 * @throws {GridError} at the first thing that is wrong
 */
export function parseGrid(text: string, fileName: string): Grid {
  try {
    const sent = must(readJson(text.replace(/^\uFEFF/, '')));
    return gridOf(must(members(sent, '', 'a grid', KEYS)));
  } catch (error) {
    if (error instanceof Wrong) throw new GridError(fileName, error.problem);
    throw error;
  }
}

/** Carries a problem up to where the file's name is known. */
class Wrong extends Error {
  constructor(readonly problem: RequestProblem) {
    super(problem.what);
  }
}

function must<T>(read: Read<T>): T {
  if (read.problem !== undefined) throw new Wrong(read.problem);
  return read.ok;
}

const malformed = (where: string, what: string, mend: string, code = 'malformed'): Wrong =>
  new Wrong({ code, where, what, mend });

function members(sent: JsonSent | undefined, where: string, title: string, keys: readonly string[]): Read<JsonObject> {
  if (!isObject(sent))
    return {
      problem: {
        code: 'wrong_type',
        where,
        what: `${where === '' ? 'what was sent' : where.slice(1)} is no object`,
        mend: `send ${title} with ${keys.join(', ')}`,
      },
    };
  const unknown = Object.keys(sent).find((key) => !keys.includes(key));
  if (unknown === undefined) return { ok: sent };
  return {
    problem: {
      code: 'unknown_key',
      where: `${where}/${shortened(unknown)}`,
      what: `${JSON.stringify(shortened(unknown))} is no key of ${title}`,
      mend: `did you mean "${nearest(unknown, keys)}"?`,
    },
  };
}

function gridOf(sent: JsonObject): Grid {
  if (sent['order'] === undefined)
    throw malformed('/order', 'order is missing', 'send the part of the order that stays', 'missing_key');
  const order = readParameters(sent['order'], '/order', ORDER);
  const vary = readVary(sent['vary'], order);
  const baseline = sent['baseline'] === undefined ? undefined : readParameters(sent['baseline'], '/baseline', PART);
  const seeds = sent['seeds'] === undefined ? undefined : readSeeds(sent['seeds']);
  return {
    order: order as Grid['order'],
    vary,
    starts: readStarts(sent['starts']),
    venue: readVenue(sent['venue']),
    sample: readSample(sent['sample']),
    ...(baseline === undefined ? {} : { baseline }),
    ...(seeds === undefined ? {} : { seeds }),
  };
}

const PART: ObjectSchema = {
  type: 'object',
  title: 'an order in a grid',
  properties: PARAMETER_SCHEMAS,
  additionalProperties: false,
};
const ORDER: ObjectSchema = { ...PART, required: ['instrument'] };
const READERS = new Map([ORDER, PART].map((schema) => [schema, shapeReader(schema)]));

function readParameters(sent: JsonSent, where: string, schema: ObjectSchema): ParameterSet {
  const { quantity } = isObject(sent) ? sent : {};
  const isShare = typeof quantity === 'string' && quantity.includes('%');
  const plain = isShare
    ? Object.fromEntries(Object.entries(sent as JsonObject).filter(([k]) => k !== 'quantity'))
    : sent;
  const read = READERS.get(schema)!(plain);
  if (read.problem !== undefined) throw new Wrong({ ...read.problem, where: where + read.problem.where });
  const shaped = read.ok as ParameterSet;
  const { startTime } = shaped;
  if (typeof startTime === 'string' && !startTime.startsWith('+'))
    throw malformed(
      `${where}/startTime`,
      `startTime is ${JSON.stringify(startTime)}, and the starts of the grid say when an order comes in`,
      'use "starts", or a delay such as "+5m"',
    );
  const known = { account: DEFAULT_ACCOUNT, ...shaped, ...(isShare ? { quantity: readShare(quantity, where) } : {}) };
  const keys = PARAMETER_KEYS.filter((key) => key in known && (schema === ORDER || key in (sent as JsonObject)));
  return Object.fromEntries(keys.map((key) => [key, known[key]]));
}

/** A share of the market's volume, above 0 and at most 100 %, in one spelling. */
function readShare(text: string, where: string): string {
  const digits = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(text)?.[1];
  const plain = digits === undefined ? undefined : plainDecimal(digits);
  if (plain !== undefined && plain !== '0' && Number(plain) <= 100) return `${plain}%`;
  throw malformed(
    `${where}/quantity`,
    `${JSON.stringify(shortened(text))} is no share of the market's volume`,
    'write it like "5%", above 0 and at most 100, with at most 6 places',
  );
}

function readVary(sent: JsonSent | undefined, order: ParameterSet): Grid['vary'] {
  if (sent === undefined) return {};
  const lists = must(members(sent, '/vary', 'vary', VARIABLE));
  const read = PARAMETER_KEYS.filter((key) => key in lists).map((key) => {
    const where = `/vary/${key}`;
    if (key in order && !(key === 'account' && order.account === DEFAULT_ACCOUNT))
      throw malformed(where, `${key} stands in order and in vary`, 'leave it out of one of them', 'said_twice');
    const values = listOf(lists[key]!, where).map(
      (value, i) => readParameters({ [key]: value }, where, PART)[key] ?? fail(where, i),
    );
    return [key, values] as const;
  });
  for (const [key, values] of read) refuseRepeats(values, `/vary/${key}`);
  return Object.fromEntries(read);
}

const fail = (where: string, i: number): never => {
  throw malformed(`${where}/${i}`, 'the value cannot be read', 'write it as in an order');
};

/** What may vary: comparisons of several instruments or accounts say nothing. */
const VARIABLE = PARAMETER_KEYS.filter((key) => key !== 'instrument' && key !== 'account');

function listOf(sent: JsonSent, where: string): readonly JsonSent[] {
  if (!Array.isArray(sent))
    throw malformed(
      where,
      `${where.slice(where.lastIndexOf('/') + 1)} is no list`,
      'send a list of values',
      'wrong_type',
    );
  if (sent.length === 0)
    throw malformed(where, 'the list is empty', 'name at least one value, or leave the key out', 'empty_range');
  return sent as readonly JsonSent[];
}

function refuseRepeats(values: readonly unknown[], where: string): void {
  const texts = values.map((value) => JSON.stringify(value));
  const again = texts.findIndex((text, i) => texts.indexOf(text) < i);
  if (again >= 0) throw malformed(`${where}/${again}`, `${texts[again]!} is said twice`, 'say it once', 'said_twice');
}

function readStarts(sent: JsonSent | undefined): Starts {
  if (sent === undefined) return { first: true };
  if (Array.isArray(sent)) return { at: readInstants(sent as readonly JsonSent[], '/starts') };
  const asked = must(members(sent, '/starts', 'starts', ['every', 'at', 'random']));
  const [kind, more] = Object.keys(asked);
  if (kind === undefined || more !== undefined)
    throw malformed('/starts', 'starts needs exactly one of every, at and random', 'send one of them');
  const value = asked[kind]!;
  if (kind === 'at') return { at: readInstants(listOf(value, '/starts/at'), '/starts/at') };
  if (kind === 'random') return { random: wholeFrom(value, '/starts/random', 1, MOST_STARTS) };
  const every = typeof value === 'string' ? parseDuration(value) : undefined;
  if (every === undefined || every === 0)
    throw malformed('/starts/every', `every is ${shown(value)}`, 'write a duration such as "30s", above zero');
  return { every };
}

function readInstants(sent: readonly JsonSent[], where: string): EpochMicros[] {
  listOf(sent, where);
  const instants = sent.map((value, i) => {
    const text = value instanceof NumberText ? value.text : value;
    const time = typeof text === 'string' ? readTime(text) : undefined;
    if (time !== undefined && 'at' in time) return time.at;
    throw malformed(`${where}/${i}`, `${shown(value)} is no instant`, 'write it like 2024-08-08T23:55:00Z');
  });
  refuseRepeats(instants, where);
  return instants.sort((a, b) => a - b);
}

function readVenue(sent: JsonSent | undefined): VenueLists {
  if (sent === undefined) return {};
  const lists = must(members(sent, '/venue', 'venue', VENUE_VALUE_KEYS));
  const read = VENUE_VALUE_KEYS.filter((key) => key in lists).map((key) => {
    const where = `/venue/${key}`;
    const value = lists[key]!;
    const values = Array.isArray(value) ? listOf(value, where) : [value];
    const taken = values.map((each, i) => {
      const plain = each instanceof NumberText ? Number(each.text) : each;
      return must<unknown>(VENUE_READERS[key](plain, Array.isArray(value) ? `${where}/${i}` : where));
    });
    refuseRepeats(taken, where);
    return [key, taken] as const;
  });
  return Object.fromEntries(read);
}

function readSample(sent: JsonSent | undefined): Grid['sample'] {
  if (sent === undefined) return { kind: 'grid' };
  const asked = must(members(sent, '/sample', 'sample', ['kind', 'count']));
  const { kind, count } = asked;
  if (kind === 'grid') {
    if (count !== undefined)
      throw malformed('/sample/count', 'the whole grid has no count', 'leave count out, or send "kind": "random"');
    return { kind };
  }
  if (kind !== 'random')
    throw malformed('/sample/kind', `kind is ${shown(kind)}`, 'send "grid" or "random"', 'unknown_word');
  return { kind, count: wholeFrom(count, '/sample/count', 1, MOST_STARTS) };
}

function readSeeds(sent: JsonSent): number | number[] {
  if (Array.isArray(sent)) {
    const seeds = listOf(sent, '/seeds').map((value, i) => wholeFrom(value, `/seeds/${i}`, 0, Number.MAX_SAFE_INTEGER));
    refuseRepeats(seeds, '/seeds');
    return seeds;
  }
  return wholeFrom(sent, '/seeds', 1, MOST_SEEDS);
}

function wholeFrom(sent: JsonSent | undefined, where: string, least: number, most: number): number {
  const count = sent instanceof NumberText ? Number(plainDecimal(sent.text) ?? NaN) : NaN;
  if (Number.isSafeInteger(count) && count >= least && count <= most) return count;
  throw malformed(
    where,
    `${where.slice(where.lastIndexOf('/') + 1)} is ${shown(sent)}`,
    `send a whole number from ${least} to ${most}`,
  );
}

function shown(sent: JsonSent | undefined): string {
  if (sent === undefined) return 'missing';
  if (sent instanceof NumberText) return shortened(sent.text);
  return shortened(JSON.stringify(sent));
}
