import type { EpochMicros } from '../time.js';
import { liveQuotes, pulled } from './children.js';
import type { Obstacle } from './obstacles.js';
import type { AnyOutcome, PullReason } from './outcomes.js';
import { FINAL } from './parameters.js';
import { considerQuotes } from './quotes.js';
import type { OrderState } from './state.js';
import { considerTakes } from './takes.js';
import type { View } from './view.js';

/** What an order waits for: whoever holds it looks at it again then. */
export interface Attention {
  /** An instant at which something may be due; `Infinity` when only events matter. */
  readonly lookAt: EpochMicros;
  /** `touch`: a best price or the book's trust changes. `book`: any change of the book. */
  readonly watch: 'touch' | 'book' | undefined;
  /** Every trade: it is short of volume. */
  readonly trades: boolean;
  /** Anything else on its desk: own quotes in the way, or money. */
  readonly desk: boolean;
}

export const NO_ATTENTION: Attention = { lookAt: Infinity, watch: undefined, trades: false, desk: false };

/** What a look at an order comes to: outcomes, to be evolved before the next look, or what it waits for. */
export interface Considered {
  readonly outcomes: readonly AnyOutcome[];
  readonly attention: Attention;
}

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

/** An obstacle as an outcome, once for each cause until what is due has been done. */
export function said(
  type: 'TakeSkipped' | 'QuoteSkipped',
  order: OrderState,
  lots: number,
  { reason, detail }: Obstacle,
): AnyOutcome[] {
  const { orderId, takeHeld, quoteHeld } = order;
  const causes = type === 'TakeSkipped' ? takeHeld : quoteHeld;
  // a book that a dead engine left behind is no new cause
  if (causes.has(reason) || (detail === 'engine_down' && causes.has('engine_down'))) return [];
  return [{ type, data: { orderId, lots, reason, ...(detail === undefined ? {} : { detail }) } }];
}

/** Waits for whatever may remove an obstacle. */
export function attentionTo({ reason }: Obstacle): Attention {
  switch (reason) {
    case 'participation':
      return { ...NO_ATTENTION, watch: 'touch', trades: true };
    case 'limit_price': // what lies within it may have been taken, and come again
    case 'depth_exhausted':
    case 'beyond_known_depth':
      return { ...NO_ATTENTION, watch: 'book' };
    case 'self_cross':
    case 'insufficient_balance':
      return { ...NO_ATTENTION, watch: 'touch', desk: true };
    default:
      return { ...NO_ATTENTION, watch: 'touch' };
  }
}

export function both(a: Attention, b: Attention): Attention {
  return {
    lookAt: a.lookAt < b.lookAt ? a.lookAt : b.lookAt,
    watch: a.watch === 'book' || b.watch === 'book' ? 'book' : (a.watch ?? b.watch),
    trades: a.trades || b.trades,
    desk: a.desk || b.desk,
  };
}
