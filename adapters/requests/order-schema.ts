import { PARAMETER_KEYS, type TwapParameters } from '../../core/orders/parameters.js';
import { LONGEST_DECIMAL } from './number-text.js';

/**
 * One key of a request as JSON Schema 2020-12. `title` is what is wanted, as a noun phrase that error messages quote;
 * `description` what it means.
 */
export interface KeySchema {
  readonly type: string | readonly string[];
  readonly title: string;
  readonly description: string;
  readonly enum?: readonly (string | null)[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

const DURATION = '(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?([0-9]+us)?';
const INSTANT = '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})';
const LONGEST_TEXT = 64;
const ID = '^[A-Za-z0-9._-]{1,64}$';

const word = (title: string, pattern: string, description: string): KeySchema => ({
  type: 'string',
  title,
  pattern,
  maxLength: 128,
  description,
});
const decimal = (description: string): KeySchema => ({
  type: ['string', 'number'],
  title: 'a decimal as text, such as "0.5"',
  pattern: '^-?[0-9]+(\\.[0-9]+)?$',
  maxLength: LONGEST_DECIMAL,
  description,
});
const integer = (description: string): KeySchema => ({
  type: 'integer',
  title: 'a whole number',
  minimum: -Number.MAX_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
  description,
});
const duration = (description: string): KeySchema => ({
  type: 'string',
  title: 'a duration such as "90s", "5m" or "1h30m"',
  pattern: `^${DURATION}$`,
  maxLength: LONGEST_TEXT,
  description,
});
const choice = (words: readonly string[], description: string): KeySchema => ({
  type: 'string',
  title: words.map((each) => `"${each}"`).join(' or '),
  enum: words,
  description,
});

/** Every key of a TWAP (docs/orders.md): what the door lets in. Whether it makes sense is for the core's rules. */
export const PARAMETER_SCHEMAS: Readonly<Record<keyof TwapParameters, KeySchema>> = {
  instrument: word('SYMBOL@venue', '^[^@\\s]{1,64}@[^@\\s]{1,32}$', 'What to trade, a symbol as its venue writes it.'),
  account: {
    ...word('1 to 64 of A-Z a-z 0-9 . _ @ : + -', '^[A-Za-z0-9._@:+-]{1,64}$', 'Whose order it is.'),
    default: 'default',
  },
  side: choice(['buy', 'sell'], 'Required with quantity, refused with targetPosition.'),
  quantity: decimal('How much, in the unit that the instrument trades in.'),
  targetPosition: decimal('The position to hold afterwards, signed; instead of side and quantity.'),
  startTime: {
    type: 'string',
    title: 'an instant such as "2024-08-08T23:55:00Z", a delay such as "+5m", or "manual"',
    pattern: `^(manual|\\+${DURATION}|${INSTANT})$`,
    maxLength: LONGEST_TEXT,
    description: 'When it starts; absent: at once, in an orders file as soon as the book is usable.',
  },
  endTime: {
    type: 'string',
    title: 'an instant such as "2024-08-08T23:59:00Z"',
    pattern: `^${INSTANT}$`,
    maxLength: LONGEST_TEXT,
    description: 'When its window ends; instead of duration.',
  },
  duration: duration('How long its window is; instead of endTime.'),
  sliceInterval: duration('From one slice to the next.'),
  slices: integer('How many slices; 60 when nothing says.'),
  sliceQuantity: decimal('Quantity of one slice.'),
  limitPrice: decimal('Never worse than this.'),
  maxSpreadTicks: integer('Nothing is taken and nothing quoted while the spread is wider, in ticks of the instrument.'),
  maxDisplayQuantity: decimal("Most that may rest at once, at least the venue's minimum."),
  maxParticipation: decimal("Most of the market's volume since the start, above 0 and at most 1."),
  aggressionFloor: {
    ...decimal('How far behind its schedule it begins to take: percentage points of the full quantity, 0 to 100.'),
    default: '0',
  },
  aggressionCap: {
    ...decimal('How far behind its schedule it stops taking: percentage points of the full quantity, 0 to the floor.'),
    default: '0',
  },
  guaranteed: {
    type: 'boolean',
    title: 'true or false',
    default: false,
    description: 'Both offsets shrink to zero by the end of the window.',
  },
  quote: { ...choice(['join', 'improve', 'inside'], 'Where a passive child rests.'), default: 'improve' },
  requoteInterval: { ...duration('How often a passive child may move, 1 ms to a day.'), default: '1s' },
  randomizeSize: { ...decimal('Share of a slice by which its size varies, 0 to below 1.'), default: '0' },
  randomizeTime: { ...decimal('Share of a slice by which its instant varies, 0 to below 1.'), default: '0' },
  catchUp: {
    ...choice(['spread', 'next', 'none'], 'What becomes of a slice that could not be done.'),
    default: 'spread',
  },
  afterWindow: { ...choice(['stop', 'quote'], 'What becomes of the rest.'), default: 'stop' },
};

export const ORDER_ID_SCHEMA: KeySchema = word(
  '1 to 64 of A-Z a-z 0-9 . _ -',
  ID,
  "The caller's own name for the order; made at the door when absent.",
);

/** In a file: when an order or a command comes in. */
const AT_SCHEMA: KeySchema = {
  type: ['string', 'number'],
  title: 'an instant such as "2024-08-08T23:55:00Z", or microseconds or nanoseconds since 1970',
  pattern: `^([0-9]{15,22}|${INSTANT})$`,
  maxLength: LONGEST_TEXT,
  description: 'When it comes in.',
};

export const COMMANDS = ['start', 'pause', 'resume', 'stop', 'cancel', 'amend'] as const;

export interface ObjectSchema {
  readonly type: 'object';
  readonly title: string;
  readonly properties: Readonly<Record<string, KeySchema | { readonly type: 'object'; readonly title: string }>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
  readonly minProperties?: number;
}

/** The body of `POST /v1/orders`. */
export const ORDER_SCHEMA: ObjectSchema = {
  type: 'object',
  title: 'an order',
  properties: { orderId: ORDER_ID_SCHEMA, ...PARAMETER_SCHEMAS },
  required: ['instrument'],
  additionalProperties: false,
};

/** An order in a file. */
export const FILE_ORDER_SCHEMA: ObjectSchema = {
  ...ORDER_SCHEMA,
  properties: { at: AT_SCHEMA, ...ORDER_SCHEMA.properties },
};

/** The body of `PATCH /v1/orders/{id}`: null takes a key out, as in a JSON merge patch (RFC 7396). */
export const CHANGES_SCHEMA: ObjectSchema = {
  type: 'object',
  title: 'an object of changes',
  properties: Object.fromEntries(PARAMETER_KEYS.map((key) => [key, changeable(key)])),
  additionalProperties: false,
  minProperties: 1,
};

/** What a past order is to be run again with: a key set to null is taken out. Its account stays: its balances are there. */
export const AMEND_SCHEMA: ObjectSchema = {
  type: 'object',
  title: 'an order to run again',
  properties: {
    orderId: ORDER_ID_SCHEMA,
    ...Object.fromEntries(PARAMETER_KEYS.filter((key) => key !== 'account').map((key) => [key, changeable(key)])),
  },
  required: ['orderId'],
  additionalProperties: false,
};

/** A command in a file. */
export const COMMAND_SCHEMA: ObjectSchema = {
  type: 'object',
  title: 'a command',
  properties: {
    at: AT_SCHEMA,
    command: choice(COMMANDS, 'What to do.'),
    orderId: ORDER_ID_SCHEMA,
    changes: { type: 'object', title: 'an object of changes' },
  },
  required: ['at', 'command', 'orderId'],
  additionalProperties: false,
};

/** An order always has an instrument and an account; anything else may be taken out. */
function changeable(key: keyof TwapParameters): KeySchema {
  const { default: _, ...schema } = PARAMETER_SCHEMAS[key];
  if (key === 'instrument' || key === 'account') return schema;
  const types = typeof schema.type === 'string' ? [schema.type] : schema.type;
  return {
    ...schema,
    type: [...types, 'null'],
    title: `${schema.title}, or null to take it out`,
    ...(schema.enum === undefined ? {} : { enum: [...schema.enum, null] }),
  };
}
