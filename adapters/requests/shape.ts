import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { isObject, type JsonSent } from './json-text.js';
import { nearest } from './nearest.js';
import { NumberText, plainDecimal } from './number-text.js';
import type { KeySchema, ObjectSchema } from './order-schema.js';
import { shortened, type Read, type RequestProblem } from './problem.js';

export type Shaped = Readonly<Record<string, unknown>>;
export type ReadShape = (value: JsonSent) => Read<Shaped>;

const ajv = new Ajv2020({ allowUnionTypes: true, verbose: true });

/**
 * Makes the reader of one kind of object: unknown keys, wrong types and malformed texts are problems; numbers become plain
 * decimal text or whole numbers, as their key wants them.
 */
export function shapeReader(schema: ObjectSchema): ReadShape {
  const validate = ajv.compile(schema);
  return (value) => {
    if (!isObject(value)) return { problem: wrongType(value, '', schema.title) };
    const entries: [string, unknown][] = [];
    for (const [key, sent] of Object.entries(value)) {
      const known = Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
      const counted = known === undefined ? sent : counting(sent, known as KeySchema);
      if (counted === undefined) return { problem: uncountable(sent, key) };
      entries.push([key, counted]);
    }
    const shaped = Object.fromEntries(entries);
    if (!validate(shaped)) return { problem: problemOf(validate.errors![0]!, value, schema) };
    return { ok: plainly(shaped, schema) };
  };
}

const isDecimal = (key: KeySchema | undefined): boolean =>
  Array.isArray(key?.type) && key.type.includes('number') && key.pattern !== undefined;
const isInteger = (key: KeySchema): boolean => key.type === 'integer' || key.type.includes('integer');

/** A JSON number as its key wants it; undefined when it is too large or too fine to be written out. */
function counting(sent: JsonSent, key: KeySchema): unknown {
  if (!(sent instanceof NumberText) || !(isDecimal(key) || isInteger(key))) return sent;
  const plain = plainDecimal(sent.text);
  if (plain === undefined || isDecimal(key)) return plain;
  const count = Number(plain);
  if (plain.includes('.')) return sent; // no whole number: the schema says what is wanted
  return Number.isSafeInteger(count) ? count : undefined;
}

/** Decimals without superfluous zeros, so that one value is written in one way. */
function plainly(shaped: Record<string, unknown>, schema: ObjectSchema): Shaped {
  for (const [key, value] of Object.entries(shaped))
    if (typeof value === 'string' && isDecimal(schema.properties[key] as KeySchema | undefined))
      shaped[key] = plainDecimal(value) ?? value;
  return shaped;
}

function uncountable(sent: JsonSent, key: string): RequestProblem {
  return {
    code: 'number_out_of_range',
    where: pointer(key),
    what: `${key} is ${described(sent)}, which is too large or too fine`,
    mend: 'send a number of at most 64 digits and 18 decimal places',
  };
}

/** The first thing that ajv found, as a sentence. */
function problemOf(
  error: ErrorObject,
  value: { readonly [key: string]: JsonSent },
  schema: ObjectSchema,
): RequestProblem {
  const { keyword } = error;
  const params = error.params as Record<string, string | undefined>;
  if (keyword === 'additionalProperties') {
    const key = params['additionalProperty']!;
    const known = nearest(key, Object.keys(schema.properties));
    return {
      code: 'unknown_key',
      where: pointer(key),
      what: `${JSON.stringify(shortened(key))} is no key of ${schema.title}`,
      mend: `did you mean "${known}"?`,
    };
  }
  if (keyword === 'required') {
    const key = params['missingProperty']!;
    const { title } = schema.properties[key]!;
    return { code: 'missing_key', where: pointer(key), what: `${key} is missing`, mend: `send ${title}` };
  }
  if (keyword === 'minProperties')
    return { code: 'nothing_to_change', where: '', what: 'nothing is to be changed', mend: 'name at least one key' };
  const key = error.instancePath.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
  const sent = value[key];
  const { title } = schema.properties[key]!;
  if (keyword === 'type') return wrongType(sent, key, title);
  return {
    code: keyword === 'enum' ? 'unknown_word' : 'malformed',
    where: pointer(key),
    what: `${key} is ${described(sent)}`,
    mend: `send ${title}`,
  };
}

function wrongType(sent: JsonSent | undefined, key: string, wanted: string): RequestProblem {
  const name = key === '' ? 'what was sent' : key;
  return { code: 'wrong_type', where: pointer(key), what: `${name} is ${described(sent)}`, mend: `send ${wanted}` };
}

const pointer = (key: string): string =>
  key === '' ? '' : `/${shortened(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

function described(sent: JsonSent | undefined): string {
  if (sent === null) return 'null';
  if (sent === undefined) return 'missing';
  if (typeof sent === 'string') return `the text ${JSON.stringify(shortened(sent))}`;
  if (typeof sent === 'boolean') return String(sent);
  if (sent instanceof NumberText) return `the number ${shortened(sent.text)}`;
  return Array.isArray(sent) ? 'an array' : 'an object';
}
