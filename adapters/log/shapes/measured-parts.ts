import type { MarkContent, MarkoutContent, Measured, Stretch } from '../../../core/measures/measured.js';
import {
  choice,
  count,
  decimal,
  fields,
  flag,
  instant,
  listOf,
  micros,
  orNull,
  pair,
  signedDecimal,
  wholeText,
  type Schema,
} from './schema.js';

const ref = (name: string, description: string): Schema => ({
  $ref: `#/$defs/${name}`,
  title: `[${name}](#${name.toLowerCase()})`,
  description,
});
const refOrNull = (name: string, description: string): Schema => ({
  anyOf: [{ $ref: `#/$defs/${name}` }, { type: 'null' }],
  title: `[${name}](#${name.toLowerCase()}) or \`null\``,
  description,
});
const fraction = (description: string): Schema =>
  pair(wholeText('Numerator.'), wholeText('Denominator.'), '`[numerator, denominator]`', description);

const quantity = decimal('In the unit that the instrument trades in.');

/** What an order's costs are computed from (docs/costs.md), and the objects in it. */
export const MEASURED_PARTS: Readonly<Record<string, Schema>> = {
  Measured: fields<Measured>(
    {
      side: choice(['buy', 'sell'], 'Of the order.'),
      kind: choice(['spot', 'linear', 'inverse'], 'Of the instrument.'),
      multiplier: decimal('Of the contract.'),
      quantity: decimal('That was ordered.'),
      arrival: ref('Mark', 'Mid when the order was accepted.'),
      start: ref('Mark', 'Mid when it started.'),
      end: ref('Mark', "Mid at the planned window's end."),
      paid: ref('PriceSum', 'Fills at their prices.'),
      decided: ref('PriceSum', 'Fills at the mid when their child was decided.'),
      met: ref('PriceSum', 'Fills at the mid when they happened.'),
      makerQuantity: decimal('Filled while resting.'),
      fees: signedDecimal('In the currency of the fills; negative is a rebate.'),
      window: refOrNull('Stretch', "The market from the start to the planned window's end; `null` before the start."),
      untilLastFill: refOrNull('Stretch', 'The market from the start to the last fill.'),
      whole: flag('Whether the planned window has come to its end.'),
      allIn: {
        anyOf: [
          fields<NonNullable<Measured['allIn']>>({
            paid: ref('PriceSum', 'Fills, and the rest at what it would have cost.'),
            fees: signedDecimal('With those of the rest.'),
          }),
          { type: 'null' },
        ],
        title: 'object or `null`',
        description:
          "With the rest taken at the window's end: `paid` and `fees`; `null` where the book did not hold it.",
      },
      markouts: listOf(
        fields<MarkoutContent>({
          horizonMicros: micros('After the fill.'),
          paid: ref('PriceSum', 'Fills that have a mid at this horizon, at their prices.'),
          mid: ref('PriceSum', 'The same at the mid of then.'),
        }),
        'What the mid was a while after the fills, for each horizon.',
      ),
      scheduleError: fields<Measured['scheduleError']>(
        {
          area: fraction('Quantity x µs between what was executed and the schedule.'),
          worst: fraction('Its greatest value, a quantity.'),
          span: micros('Over which it was gathered.'),
        },
        'How far the execution was from its schedule.',
      ),
      partialBook: flag('It traded on a book that was `partial`.'),
      rulesInferred: flag("The instrument's rules were inferred from its data."),
    },
    'All that the costs of an order are computed from, exactly (costs.md has the formulas).',
  ),
  Mark: fields<MarkContent>(
    {
      mid: orNull(decimal('Mid, to half an increment; `null` where there was none.')),
      late: flag('There was none at the instant itself: it is the first one after it.'),
    },
    'The mid at an instant.',
  ),
  PriceSum: {
    anyOf: [
      fields({ quantity, value: decimal('Sum of price x quantity.') }),
      fields({
        quantity,
        prices: listOf(
          pair(decimal('Price.'), quantity, '`[price, quantity]`', 'A price and the quantity at it.'),
          'In the order of prices.',
        ),
      }),
    ],
    title: 'object',
    description:
      'Quantities at prices: `quantity` and `value`, the sum of price x quantity; of an inverse contract `quantity` and `prices`, a list of `[price, quantity]`. All decimal text.',
  },
  Stretch: fields<Stretch>(
    {
      startAt: instant('Its beginning.'),
      endAt: instant('Its end.'),
      midMicros: decimal('Mid x µs, summed.'),
      heldMicros: micros('With a mid.'),
      untrustedMicros: micros('Without trust in the book.'),
      volume: decimal("The market's volume."),
      notional: decimal('Sum of price x quantity of its trades.'),
      samples: decimal('Sum of the mids that were sampled.'),
      sampled: count('How many were sampled.'),
    },
    'What a market came to over a stretch of time.',
  ),
};
