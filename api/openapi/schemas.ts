import { EXPLANATION_KINDS } from '../../core/orders/explanations/explanation.js';
import { COSTS } from './costs.js';
import { CHANGES_SCHEMA, ORDER_SCHEMA, PARAMETER_SCHEMAS } from '../../adapters/requests/order-schema.js';

type Schema = Readonly<Record<string, unknown>>;

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const count = { type: 'integer', minimum: 0 };
const flag = { type: 'boolean' };
const decimal = { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]+)?$', description: 'Plain decimal text.' };
const decimalOrNull = { ...decimal, type: ['string', 'null'] };
const instant = {
  type: 'string',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?Z$',
  description: 'ISO 8601 in UTC.',
};
const instantOrNull = { ...instant, type: ['string', 'null'] };
const position = {
  type: 'string',
  pattern: '^[0-9]+\\.[0-9]+$',
  description: '`seq.n`: the last input folded, the last outcome seen.',
};
const listOf = (items: Schema): Schema => ({ type: 'array', items });

/** An object of which every key is there, except those named. Later versions may add keys. */
function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  return { type: 'object', properties, required: Object.keys(properties).filter((key) => !optional.includes(key)) };
}

const refusal = object({ code: text, where: text, what: text, mend: text });
const fees = object({ maker: decimal, taker: decimal });

const order = object(
  {
    orderId: text,
    instrument: text,
    account: text,
    side: { enum: ['buy', 'sell', null] },
    state: { enum: ['new', 'running', 'paused', 'stopped', 'completed', 'cancelled', 'refused'] },
    reason: { ...textOrNull, description: 'Why it is final: `filled`, `window_over`, or the code of a refusal.' },
    quantity: decimal,
    filled: decimal,
    leaves: decimal,
    averagePrice: decimalOrNull,
    averagePriceHarmonic: { ...decimalOrNull, description: 'Inverse contracts only.' },
    notional: decimal,
    fees: decimal,
    feeCurrency: textOrNull,
    fills: count,
    slices: object({ released: count, skipped: count }),
    makerShare: decimalOrNull,
    settled: { ...flag, description: 'No child is open any more.' },
    acceptedAt: instant,
    startedAt: instantOrNull,
    window: { anyOf: [object({ from: instant, to: instant }), { type: 'null' }] },
    endedAt: instantOrNull,
    costs: {
      anyOf: [ref('Costs'), { type: 'null' }],
      description: 'Null for an order that was refused, or accepted by a version before 0.2.0.',
    },
    rules: { enum: ['file', 'recording', 'table', 'inferred', null] },
    trust: { ...text, description: 'Of its book. Not said as of a moment at which its costs were final.' },
    refusal,
    parameters: ref('Parameters'),
  },
  ['averagePriceHarmonic', 'trust', 'refusal'],
);

const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });

const preview = object(
  {
    acceptable: { ...flag, description: 'A submission would be accepted now.' },
    refusals: {
      ...listOf(object({ code: text, pointer: text, detail: text })),
      description: 'Every rule that would refuse it; a submission is told of the first.',
    },
    order: ref('Parameters'),
    side: { enum: ['buy', 'sell', null] },
    quantity: decimalOrNull,
    startsAt: { ...instantOrNull, description: 'Null: on command.' },
    window: orNull(object({ from: instant, to: instant })),
    sliceInterval: { ...textOrNull, description: 'From one slice to the next, a duration.' },
    slices: {
      ...listOf(object({ slice: count, dueAt: instant, quantity: decimal, cumulative: decimal })),
      maxItems: 1000,
      description: 'The first thousand, after what is too small has joined others.',
    },
    slicesTotal: count,
    lines: {
      ...listOf(object({ at: instant, schedule: decimal, floor: decimal, cap: decimal })),
      description: 'At these slices and at both ends of the window; none for an order that takes its slices.',
    },
    crossings: {
      ...orNull(object({ floor: instantOrNull, cap: instantOrNull })),
      description: 'When the lines rise above zero: at the floor an order that nobody fills would first take.',
    },
    notes: listOf(text),
  },
  ['side', 'quantity', 'startsAt', 'window', 'sliceInterval', 'slices', 'slicesTotal', 'lines', 'crossings', 'notes'],
);

const instrument = object(
  {
    instrument: text,
    kind: { enum: ['spot', 'linear', 'inverse'] },
    base: text,
    quote: text,
    settlement: text,
    tickSize: decimal,
    lotSize: decimal,
    minQuantity: decimal,
    minNotional: decimal,
    multiplier: decimal,
    rules: text,
    rulesAsOf: text,
    fees,
    startsEmpty: flag,
    publishedDepth: count,
    noTrades: flag,
    trust: { enum: ['trusted', 'partial', 'untrusted'] },
  },
  ['rulesAsOf', 'startsEmpty', 'publishedDepth', 'noTrades'],
);

const level = {
  type: 'array',
  prefixItems: [decimal, decimal],
  minItems: 2,
  maxItems: 2,
  description: 'Price, quantity.',
};

const problem = object(
  {
    type: text,
    title: text,
    status: { type: 'integer' },
    detail: { ...text, description: 'What is wrong, and how to mend it.' },
    code: { ...text, description: 'A stable word.' },
    pointer: { ...text, description: 'The field, as a JSON pointer into the body.' },
    parameter: { ...text, description: 'The query parameter or header.' },
    orderId: { ...text, description: 'The order that this is about.' },
  },
  ['pointer', 'parameter', 'orderId'],
);

/** The shapes of everything that goes in and out. What an order may say is the door's own schema. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  OrderRequest: { ...ORDER_SCHEMA },
  Changes: { ...CHANGES_SCHEMA },
  Parameters: { type: 'object', properties: PARAMETER_SCHEMAS, required: ['instrument', 'account'] },
  Order: order,
  Preview: preview,
  Costs: COSTS,
  OrderPage: object({ orders: listOf(ref('Order')), next: { ...textOrNull, description: 'Send it as `after`.' } }),
  Fills: object({
    orderId: text,
    fills: listOf(
      object(
        {
          n: count,
          cause: count,
          at: instant,
          childId: text,
          quantity: decimal,
          price: decimal,
          fee: decimal,
          feeCurrency: text,
          liquidity: { enum: ['maker', 'taker'] },
          rule: { ...text, description: 'The rule of the simulated venue by which it filled.' },
          displayed: { ...decimal, description: 'What it met, in all: the level walked or crossed, or the print.' },
          metPrice: { ...decimal, description: "Price of what it met, where that is not the fill's own." },
          mid: { ...decimalOrNull, description: 'The last mid before what filled it.' },
          spread: { ...decimalOrNull, description: 'What it paid of the spread; below zero where it earned it.' },
          ahead: { ...decimal, description: 'Of a fill out of the queue: what stood ahead when the print came.' },
        },
        ['metPrice', 'ahead'],
      ),
    ),
  }),
  Slices: object({
    orderId: text,
    slices: listOf(
      object(
        {
          slice: count,
          dueAt: instant,
          state: { enum: ['released', 'skipped'] },
          quantity: decimal,
          reason: textOrNull,
          detail: text,
          children: { ...listOf(text), description: 'Ids of those sent while it was the last slice due.' },
          filled: { ...decimalOrNull, description: 'What its children reported to be filled; null until one has.' },
        },
        ['detail'],
      ),
    ),
  }),
  Explanation: object(
    {
      at: instant,
      n: { ...count, description: 'The outcome that it begins with.' },
      cause: { ...count, description: 'Seq of the input that it met, or that set its timer.' },
      kind: { enum: EXPLANATION_KINDS },
      text: { ...text, description: 'A sentence or two. It may be worded better by a later version.' },
      rule: { ...text, description: 'The rule of the simulated venue by which it filled.' },
      reason: { ...text, description: 'A stable word: why it was not done, was pulled, ended or was refused.' },
      count: { ...count, description: 'How many moves of a quote are summed up.' },
      outcomes: { ...listOf(count), description: 'Ordinals of all outcomes that it tells of.' },
    },
    ['n', 'rule', 'reason', 'count'],
  ),
  Explanations: object({ orderId: text, explanations: listOf(ref('Explanation')) }),
  Events: object({
    orderId: text,
    events: listOf(
      object(
        {
          stream: text,
          revision: count,
          type: text,
          version: count,
          at: instant,
          seq: { ...count, description: 'Of an input: its place in the one order.' },
          n: { ...count, description: 'Of an outcome: its ordinal in the run.' },
          cause: { ...count, description: 'Of an outcome: the seq of the input that it met.' },
          data: { type: 'object' },
        },
        ['seq', 'n', 'cause'],
      ),
    ),
  }),
  Instruments: object({ instruments: listOf(instrument) }),
  Book: object({
    instrument: text,
    trust: { enum: ['trusted', 'partial', 'untrusted'] },
    reason: textOrNull,
    at: instant,
    bookAt: instantOrNull,
    ageMs: { type: ['number', 'null'], description: 'How long ago its last message came in.' },
    position,
    bids: listOf(level),
    asks: listOf(level),
  }),
  Account: { type: 'object' },
  Health: object(
    {
      status: { enum: ['ok', 'starting', 'stopping', 'failed'] },
      reason: text,
      clock: object(
        {
          at: { ...instant, description: 'The time that the market lives in: of a captured session its own.' },
          wallAt: { ...instant, description: "The machine's time." },
          speed: { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { const: 'step' }] },
          over: { type: 'boolean', description: 'Of a captured session: it has nothing more to say.' },
        },
        ['over'],
      ),
      engine: object({ seq: count, n: count, lagMs: { type: 'number' } }),
      feeds: listOf(
        object(
          {
            instrument: text,
            trust: text,
            reason: textOrNull,
            bookAt: instantOrNull,
            leftOut: count,
            connected: {
              type: 'boolean',
              description: 'Of a live venue, as all that follows: its connection is open.',
            },
            lastFrameAt: instantOrNull,
            interruptions: count,
            reconnects: count,
            skewMs: {
              ...object({ min: { type: 'number' }, median: { type: 'number' }, max: { type: 'number' } }),
              description: "Our receive time minus the venue's, over the newest messages. Nothing is corrected by it.",
            },
          },
          ['connected', 'lastFrameAt', 'interruptions', 'reconnects', 'skewMs'],
        ),
      ),
    },
    ['reason'],
  ),
  Stepped: object({ at: instant, position, over: { type: 'boolean' } }),
  Problem: problem,
  StreamRequest: {
    oneOf: [object({ subscribe: text, from: position }, ['from']), object({ unsubscribe: text })],
  },
  StreamFrame: {
    description: 'What a client of the stream gets, one JSON object a message.',
    oneOf: [
      object({ channel: text, position, type: text, data: { type: 'object' } }),
      object({ subscribed: text, position }),
      object({ unsubscribed: text }),
      object({ lost: object({ channel: text, after: position }) }),
      object({ error: object({ code: text, detail: text, channel: text }, ['channel']) }),
    ],
  },
};
