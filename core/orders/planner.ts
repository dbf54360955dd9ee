import { both, NO_ATTENTION, type Considered } from './attention.js';
import { liveQuotes, pulled } from './children.js';
import type { AnyOutcome, PullReason } from './outcomes.js';
import { FINAL } from './parameters.js';
import { considerQuotes } from './quotes.js';
import type { OrderState } from './state.js';
import { considerTakes } from './takes.js';
import type { View } from './view.js';

/**
 * Looks at an order as it stands now and decides what is to be done about it. A function of the state and the instant alone:
 * whoever looks once more without a change finds nothing to do, so it makes no difference why or how often one looks.
 */
export function consider(view: View, order: OrderState): Considered {
  if (order.status !== 'running') return { outcomes: withdrawn(view, order), attention: NO_ATTENTION };
  const market = view.marketOf(order.parameters.instrument)!;
  const takes = considerTakes(view, order, market);
  if (takes.outcomes.length > 0) return takes;
  const quotes = considerQuotes(view, order, market);
  return { outcomes: quotes.outcomes, attention: both(takes.attention, quotes.attention) };
}

/** An order that does not run keeps nothing in the book. */
function withdrawn(view: View, order: OrderState): AnyOutcome[] {
  if (order.status === 'new') return [];
  const reason: PullReason = FINAL.has(order.status)
    ? order.status === 'cancelled'
      ? 'order_cancelled'
      : 'order_completed'
    : order.status === 'paused'
      ? 'order_paused'
      : 'order_stopped';
  // a cancel follows behind a shrink that is on its way
  const shrinking = order.children.filter(
    ({ style, pullAt, pullKeepLots }) => style === 'quote' && pullAt !== 0 && pullKeepLots > 0,
  );
  return [...liveQuotes(order), ...shrinking].map((child) => pulled(view, order, child, 0, reason));
}
