import type { Assumption, VenueSettings } from '../../../core/desk/settings.js';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { Refusal } from '../../../core/errors.js';
import type { TwapParameters } from '../../../core/orders/parameters.js';
import { PARAMETER_KEYS } from '../../../core/orders/parameters.js';
import { PARAMETER_SCHEMAS } from '../../requests/order-schema.js';
import { MEASURED_PARTS } from './measured-parts.js';
import {
  choice,
  count,
  decimal,
  fields,
  flag,
  givenDecimal,
  instant,
  integer,
  listOf,
  maybe,
  micros,
  open,
  pair,
  text,
  wholeText,
  yes,
  type Fields,
  type Schema,
} from './schema.js';

export const instrument = text('`SYMBOL@venue`.');
export const account = text('Whose desk it is.');
export const orderId = text("The caller's own name of the order.");
export const price = (description: string): Schema => decimal(`${description}, quote currency for one unit of base.`);
export const quantity = (description: string): Schema =>
  decimal(`${description}, in the unit that the instrument trades in.`);
export const level = pair(
  price('Price'),
  quantity('Quantity; 0 takes the level away'),
  '`[price, quantity]`',
  'One level of a book.',
);

const fees = fields<InstrumentDefinition['fees']>({
  maker: givenDecimal('Of a resting order, fraction of notional; negative is a rebate.'),
  taker: givenDecimal('Of an order that takes, fraction of notional.'),
});

const definition: Fields<InstrumentDefinition> = {
  instrument,
  kind: choice(['spot', 'linear', 'inverse'], 'What is traded: the coin, a contract in quote, a contract in coin.'),
  base: text('Currency that is bought and sold.'),
  quote: text('Currency that prices are in.'),
  settlement: text('Currency that fills and fees are paid in.'),
  tickSize: givenDecimal('Smallest price step, above 0.'),
  lotSize: givenDecimal('Smallest quantity step, above 0; contracts where the venue trades in contracts.'),
  minQuantity: givenDecimal('Smallest order quantity, 0 when there is none.'),
  minNotional: givenDecimal(
    'Smallest order value in the quote currency (inverse: contracts x multiplier), 0 when there is none.',
  ),
  multiplier: givenDecimal('Base units per contract (linear), quote units per contract (inverse), 1 for spot.'),
  rules: choice(['file', 'recording', 'table', 'inferred'], 'Where these rules come from, best first.'),
  rulesAsOf: maybe(text('Day on which the rules were true, `yyyy-mm-dd`.')),
  fees: { $ref: '#/$defs/Fees', title: '[Fees](#fees)', description: "The venue's public base tier." },
  startsEmpty: maybe(yes('Its recording has no snapshot: the book starts empty and is `partial`.')),
  publishedDepth: maybe(count('Levels a side that the feed publishes, where it publishes only the best.', 1)),
  noTrades: maybe(yes('Its source has no trades: volume is unknown.')),
};

/** A feed's mapper and a captured session may know more of an instrument than this version does. */
export const instrumentDefinition = open<InstrumentDefinition>(definition);

const venue: Fields<VenueSettings> = {
  assume: choice(
    ['optimistic', 'expected', 'pessimistic'] satisfies Assumption[],
    'What is assumed about what cannot be seen.',
  ),
  latency: micros('From decision to effect, one way.'),
  fees: maybe({ $ref: '#/$defs/Fees', title: '[Fees](#fees)', description: "Replace every venue's base tier." }),
  takeSlack: count('Ticks that a take may go beyond the worst price of its own walk.'),
  allowPartialBook: flag('Whether orders may trade on a book that is `partial`.'),
};
export const venueSettings = fields<VenueSettings>(venue, 'Everything about the simulated venue that sways a fill.');

/** Rules of a file may name any of a definition's keys. */
export const rulesOfFile: Schema = {
  type: 'object',
  title: 'object',
  description: 'Keys of `InstrumentDefined` that replace those of the feed.',
};

/** A key of an order as it stands in the log: the door has made plain text of decimals. What it is worth, the rules judge. */
function parameter(key: keyof TwapParameters): Schema {
  const { type, title, description, enum: words } = PARAMETER_SCHEMAS[key];
  if (words !== undefined) return { type: 'string', title, description };
  return Array.isArray(type) // of text and numbers, as the door takes decimals
    ? { type: 'string', title: 'decimal text', description }
    : { type, title, description };
}

const parameters = Object.fromEntries(
  PARAMETER_KEYS.map((key) => [
    key,
    key === 'instrument' || key === 'account' ? parameter(key) : maybe(parameter(key)),
  ]),
) as unknown as Fields<TwapParameters>;

/** Every key of an order may be changed or, set to null, be taken out. */
const changes = Object.fromEntries(
  PARAMETER_KEYS.map((key) => {
    const { type, title, ...rest } = parameter(key);
    return [key, maybe({ ...rest, type: [type, 'null'], title: `${title!}, or \`null\`` })];
  }),
);

/** The fields of an order, for events that hold them beside others. */
export const parameterFields = parameters;

/** Objects that stand in several events. */
export const PARTS: Readonly<Record<string, Schema>> = {
  Fees: { ...fees, description: 'Fractions of notional.' },
  Parameters: fields<TwapParameters>(
    parameters,
    'An order as it was asked for (orders.md says what each key means and does).',
  ),
  Changes: fields(changes, 'What an amendment asks to change; `null` takes a key out.'),
  Refusal: fields<Refusal>(
    {
      code: text('Stable word for the rule that refuses.'),
      where: text('JSON pointer to the field, or `/` and the name of the command.'),
      what: text('A sentence: what is wrong.'),
      mend: text('A sentence: what would be right.'),
    },
    'Why a request is not served.',
  ),
  Plan: fields(
    {
      startAt: instant('Where the plan begins.'),
      endAt: instant('Where the window ends.'),
      interval: pair(
        wholeText('Numerator, in µs.'),
        wholeText('Denominator.'),
        '`[numerator, denominator]`',
        'From one slice to the next in µs, an exact fraction of two whole numbers as text.',
      ),
      shifts: maybe(listOf(integer('µs.'), 'Where instants are randomised: how far each slice is moved, in µs.')),
      firstSlice: count("Number of the plan's first slice; an order's slices are numbered on over all its plans.", 1),
      slices: listOf(
        pair(quantity('Size'), count('How many in a row.', 1), '`[quantity, times]`', 'Slices of one size.'),
        'Sizes of the slices, as runs of equal ones.',
      ),
      carried: maybe(
        fields(
          {
            next: count('Index in this plan of the next slice to fall due, from 0.'),
            line: pair(
              quantity('At its start'),
              quantity('Rise until its end'),
              '`[quantity, quantity]`',
              'The schedule: what was due at the start of the plan, and how far it rises by its end.',
            ),
            target: quantity('What was released so far and is wanted'),
          },
          'Of a plan that goes on after a pause: where it stood.',
        ),
      ),
    },
    'The slices of an order over its window.',
  ),
  ...MEASURED_PARTS,
};

/** One of the parts, in its place. */
export const part = (name: string, description: string): Schema => ({
  $ref: `#/$defs/${name}`,
  title: `[${name}](#${name.toLowerCase()})`,
  description,
});
