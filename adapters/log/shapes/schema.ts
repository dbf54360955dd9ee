/**
 * JSON Schema (2020-12). `title` says what kind of value it is, as a noun phrase that docs/events.md puts into its tables;
 * `description` what it means and in which unit.
 */
export interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly [keyword: string]: unknown;
}

/** A field that may be absent. */
export interface Optional {
  readonly optional: Schema;
}
export const maybe = (optional: Schema): Optional => ({ optional });

/** The fields of an object. Given the core's own type, a field too many, too few or wrongly required does not compile. */
export type Fields<T = never> = [T] extends [never]
  ? Readonly<Record<string, Schema | Optional>>
  : { readonly [K in keyof T]-?: object extends Pick<T, K> ? Optional : Schema };

const WHOLE = '(0|[1-9][0-9]*)';
/** What the core counts exactly: digits, and behind a point more of them. */
export const PLAIN_DECIMAL = '^[0-9]+(\\.[0-9]+)?$';

export const text = (description: string): Schema => ({ type: 'string', title: 'text', description });
export const flag = (description: string): Schema => ({ type: 'boolean', title: '`true` or `false`', description });
/** A field that is there only when it says yes. */
export const yes = (description: string): Schema => ({ const: true, title: '`true`', description });
export const decimal = (description: string): Schema => ({
  type: 'string',
  title: 'decimal text',
  pattern: PLAIN_DECIMAL,
  description,
});
export const signedDecimal = (description: string): Schema => ({
  type: 'string',
  title: 'decimal text, may be negative',
  pattern: `^-?${PLAIN_DECIMAL.slice(1)}`,
  description,
});
/** From a file or a setting, which may write a number in other ways too. */
export const givenDecimal = (description: string): Schema => ({ type: 'string', title: 'decimal text', description });
/** Of a fraction: too large for a number of JSON, perhaps. */
export const wholeText = (description: string): Schema => ({
  type: 'string',
  title: 'whole number as text',
  pattern: `^-?${WHOLE}$`,
  description,
});
export const instant = (description: string): Schema => ({
  type: 'integer',
  title: 'µs since 1970 UTC',
  minimum: 0,
  description,
});
export const micros = (description: string): Schema => ({ type: 'integer', title: 'µs', minimum: 0, description });
export const count = (description: string, minimum = 0): Schema => ({
  type: 'integer',
  title: `whole number from ${minimum}`,
  minimum,
  description,
});
export const integer = (description: string): Schema => ({ type: 'integer', title: 'whole number', description });
export const choice = (words: readonly string[], description: string): Schema => ({
  enum: words,
  title: words.map((word) => `\`${word}\``).join(', '),
  description,
});
/** A stable word; later versions may know more of them. */
export const word = (known: readonly string[], description: string): Schema => ({
  type: 'string',
  title: 'word',
  description: known.length === 0 ? description : `${description}: ${known.map((each) => `\`${each}\``).join(', ')}.`,
});
export const digest = (description: string): Schema => ({
  type: 'string',
  title: 'SHA-256, lower-case hex',
  pattern: '^[0-9a-f]{64}$',
  description,
});
export const orNull = (schema: Schema): Schema => ({
  ...schema,
  title: `${schema.title ?? 'object'} or \`null\``,
  type: [schema['type'] as string, 'null'],
});
export const listOf = (items: Schema, description: string, more: object = {}): Schema => ({
  type: 'array',
  title: `list of ${items.title ?? 'objects'}`,
  items,
  description,
  ...more,
});
export const pair = (first: Schema, second: Schema, title: string, description: string): Schema => ({
  type: 'array',
  title,
  prefixItems: [first, second],
  items: false,
  minItems: 2,
  description,
});
export const byName = (values: Schema, key: string, description: string): Schema => ({
  type: 'object',
  title: `object: ${values.title ?? 'object'} by ${key}`,
  additionalProperties: values,
  description,
});

/** An object with these fields and no other. */
export function fields<T = never>(of: Fields<NoInfer<T>>, description?: string): Schema {
  return { ...open(of, description), additionalProperties: false };
}

/** An object that may hold more than these fields: it comes from a file or a mapper that may be of a later version. */
export function open<T = never>(of: Fields<NoInfer<T>>, description?: string): Schema {
  const all = Object.entries<Schema | Optional>(of);
  const isOptional = (field: Schema | Optional): field is Optional => 'optional' in field;
  return {
    type: 'object',
    title: 'object',
    ...(description === undefined ? {} : { description }),
    required: all.filter(([, field]) => !isOptional(field)).map(([key]) => key),
    properties: Object.fromEntries(all.map(([key, field]) => [key, isOptional(field) ? field.optional : field])),
  };
}
