import { readTime } from '../../adapters/requests/instant.js';
import { nearest } from '../../adapters/requests/nearest.js';
import { shortened } from '../../adapters/requests/problem.js';
import type { Moment } from '../../replay/moment.js';
import { Problem } from './problem.js';

export type Query = ReadonlyMap<string, string>;

/**
 * Reads a query string of which every parameter must be known and given once.
 *
 * @throws {Problem} 400 that names the parameter
 */
export function readQuery(text: string, known: readonly string[]): Query {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (!known.includes(name)) throw unknown(name, known);
    if (query.has(name)) throw wrong(name, `${name} is given twice; give it once`);
    query.set(name, value);
  }
  return query;
}

/** A whole number of a query. */
export function wholeNumber(query: Query, name: string, least: number, most: number, otherwise: number): number {
  const text = query.get(name);
  if (text === undefined) return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw wrong(name, `${name} is ${JSON.stringify(shortened(text))}; send a whole number from ${least} to ${most}`);
}

/** A text of a query, of one shape. */
export function matching(query: Query, name: string, shape: RegExp, wanted: string): string | undefined {
  const text = query.get(name);
  if (text === undefined || shape.test(text)) return text;
  throw wrong(name, `${name} is ${JSON.stringify(shortened(text))}; send ${wanted}`);
}

/** The moment that a query asks for, as commands and files spell a TIME; undefined for the present. */
export function momentOf(query: Query, name: string): Moment | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  const moment = readTime(text.replace(/ (?=\d\d:?\d\d$)/, '+')); // a plus in a query that was not encoded
  if (moment !== undefined) return moment;
  const wanted = 'a seq, an instant like 2024-01-01T00:00:00Z, or microseconds or nanoseconds since 1970';
  throw wrong(name, `${name} is ${JSON.stringify(shortened(text))}; send ${wanted}`);
}

/** Several words of a query, separated by commas. */
export function words<Word extends string>(
  query: Query,
  name: string,
  known: readonly Word[],
): readonly Word[] | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  return text.split(',').map((each) => {
    const word = known.find((candidate) => candidate === each.trim());
    if (word !== undefined) return word;
    throw wrong(name, `${JSON.stringify(shortened(each))} is no ${name}; did you mean "${nearest(each, known)}"?`);
  });
}

function wrong(parameter: string, detail: string): Problem {
  return new Problem(400, 'wrong_parameter', detail, { parameter });
}

function unknown(name: string, known: readonly string[]): Problem {
  const parameter = shortened(name);
  const mend = known.length === 0 ? 'leave it out' : `did you mean "${nearest(name, known)}"?`;
  return new Problem(400, 'unknown_parameter', `${JSON.stringify(parameter)} is no parameter here; ${mend}`, {
    parameter,
  });
}
