import type { OrderOutcome } from '../../../core/orders/outcomes.js';
import { ofExecution, skipReason } from './order-outcomes.js';
import { orderId, price, quantity } from './parts.js';
import { choice, count, decimal, instant, maybe, signedDecimal, text, word, yes, type Fields } from './schema.js';
import type { Shape } from './shape.js';

type OfChild = Extract<OrderOutcome['type'], `Child${string}`>;

const PULL_REASONS = [
  'repeg',
  'limit_price',
  'spread',
  'take',
  'ahead',
  'window_over',
  'order_paused',
  'order_stopped',
  'order_cancelled',
  'order_completed',
];
const childId = text('The child: order id, `/`, number.');
const ahead = (when: string): ReturnType<typeof maybe> => maybe(quantity(`Before it in the queue ${when}`));
const ofChild = (meaning: string, data: Fields): Shape => ofExecution(meaning, { orderId, childId, ...data });

/** What became of the child orders that an order sent to the simulated venue. */
export const CHILD_OUTCOMES: Readonly<Record<OfChild, Shape>> = {
  ChildPlaced: ofChild('A child order was sent to the venue.', {
    style: maybe(
      choice(
        ['take', 'quote'],
        '`take`: immediate or cancel, it crosses the spread; `quote`: post only, it rests. Absent in 0.1.0, where every child was a take.',
      ),
    ),
    slice: count('The last slice that was released.'),
    quantity: quantity('Of the child'),
    limitPrice: price('A take goes no further than this, a quote rests at it'),
    arrivesAt: instant('When it reaches the venue.'),
    reportAt: instant('When the order hears of it: at the latest for a take, at the earliest for a quote.'),
  }),
  ChildRested: ofChild('A quote reached the book and rests.', {
    price: price('At which it rests'),
    quantity: quantity('That rests'),
    ahead: ahead('as it came; absent where its price lies beyond the known depth'),
  }),
  ChildRejected: ofChild('The venue rejected a child on arrival.', {
    quantity: quantity('Of the child'),
    reason: skipReason,
  }),
  ChildFilled: ofChild('A child was filled, in whole or in part.', {
    quantity: quantity('Filled'),
    price: price('At which it was filled'),
    displayed: quantity('What it met in all: the level that it walked or that crossed it, or the trade'),
    metPrice: maybe(price('Of what it met, where that is not its own')),
    ahead: ahead('when the trade came, for a fill out of the queue'),
    mid: maybe(decimal('The last mid before the input that filled it, to half an increment.')),
    liquidity: choice(['maker', 'taker'], 'Whether it rested or took.'),
    rule: choice(['walk', 'queue', 'trade_through', 'crossed', 'gap'], 'Rule of the simulated venue (fills.md).'),
    fee: signedDecimal('Paid; negative is a rebate.'),
    feeCurrency: text('Of the fee.'),
  }),
  ChildPullRequested: ofChild('A quote is to be cancelled or made smaller.', {
    keep: quantity('To be left: 0 cancels it; more lets it keep its place'),
    reason: word(PULL_REASONS, 'Why'),
    effectiveAt: instant('When that reaches the venue.'),
  }),
  ChildReduced: ofChild('A quote was made smaller.', {
    quantity: quantity('Taken off'),
    leaves: quantity('That goes on resting'),
  }),
  ChildCancelled: ofChild('What was left of a child is cancelled.', {
    quantity: quantity('Cancelled'),
    reason: word([], 'Why: a reason of `ChildPullRequested` or of `SliceSkipped`.'),
  }),
  ChildReported: ofChild('The order hears what became of a child, one latency later.', {
    filled: quantity('Filled that it learns of'),
    leaves: quantity('Still open while it works, given up when it has ended'),
    working: maybe(yes('It goes on resting.')),
  }),
};
