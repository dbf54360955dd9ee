import type { OrderOutcome } from '../../../core/orders/outcomes.js';
import { orderId, part, quantity } from './parts.js';
import { choice, count, fields, instant, maybe, text, word, type Fields, type Schema } from './schema.js';
import type { Shape } from './shape.js';

const SKIP_REASONS = [
  'book_untrusted',
  'book_partial',
  'book_crossed',
  'book_locked',
  'one_side_empty',
  'spread',
  'limit_price',
  'below_minimum',
  'insufficient_balance',
  'engine_down',
  'depth_exhausted',
  'beyond_known_depth',
  'participation',
  'self_cross',
  'would_cross',
];
export const skipReason = word(SKIP_REASONS, 'Why it was not done');
const detail = maybe(text('A sentence: with which numbers.'));
const slice = count('Number of the slice.', 1);
const dueAt = instant('When it was due.');
const plan = part('Plan', 'Its slices from here on.');
const parameters = part('Parameters', 'The order as it is now.');
const startAt = maybe(instant('When it starts by itself; absent: on command.'));
const actor = maybe(text('Who asked, an opaque id.'));

type OfOrder = Exclude<OrderOutcome['type'], `Child${string}`>;

export const ofExecution = (meaning: string, data: Fields): Shape => ({
  version: 1,
  meaning,
  stream: 'execution-<order id>',
  data: fields(data),
});
const ofOrder = (meaning: string, data: Fields = {}): Shape => ofExecution(meaning, { orderId, ...data });
const skipped = (lost: string): Readonly<Record<string, Schema | ReturnType<typeof maybe>>> => ({
  quantity: quantity(lost),
  reason: skipReason,
  detail,
});

/** What became of an order and of its schedule. */
export const ORDER_OUTCOMES: Readonly<Record<OfOrder, Shape>> = {
  OrderAccepted: ofOrder('An order was taken. It is `new`.', {
    parameters: part('Parameters', 'As it was asked for.'),
    quantity: quantity('To be filled; 0 while a target position is not read yet'),
    startAt,
    actor,
  }),
  OrderRefused: ofOrder('An order was not taken, and never will be.', {
    parameters: part('Parameters', 'As it was asked for.'),
    refusal: part('Refusal', 'Why.'),
    actor,
  }),
  OrderStarted: ofOrder('It is `running`, with this plan.', {
    plan,
    target: maybe(
      fields(
        { side: choice(['buy', 'sell'], 'Side.'), quantity: quantity('To be filled') },
        'For a target position: what follows from the position that was there.',
      ),
    ),
  }),
  SliceReleased: ofOrder('A slice fell due: from now on its quantity is wanted.', {
    slice,
    dueAt,
    quantity: quantity('Of the slice'),
  }),
  SliceSkipped: ofOrder('What was due with a slice could not be taken.', { slice, dueAt, ...skipped('Not done') }),
  AggressionEntered: ofOrder('It fell behind its floor line and takes.', {
    executed: quantity('Executed by now, takes in flight included'),
    cap: quantity('The cap line, up to which it takes'),
  }),
  AggressionLeft: ofOrder('It has caught up and takes no more.'),
  TakeSkipped: ofOrder('It should take and cannot. Said once for each cause.', skipped('That it would have taken')),
  QuoteSkipped: ofOrder('It should quote and cannot. Said once for each cause.', skipped('That it would have shown')),
  OrderAmended: ofOrder('It is other than before.', {
    parameters,
    quantity: quantity('To be filled'),
    startAt,
    plan: maybe(part('Plan', 'Where the rest is laid out anew: its slices from here on.')),
  }),
  OrderPaused: ofOrder('It is `paused`.'),
  OrderResumed: ofOrder('It is `running` again.', { plan }),
  OrderStopped: ofOrder('It is `stopped`.'),
  OrderCompleted: ofOrder('It is `completed`, which is final.', {
    reason: choice(['filled', 'window_over'], 'All of it is filled, or its window has ended.'),
  }),
  OrderCancelled: ofOrder('It is `cancelled`, which is final.'),
  OrderMeasured: ofOrder('Nothing about its costs can change any more. It is the last event of an order.', {
    measured: part('Measured', 'All that its costs are computed from.'),
  }),
};
