import type { EpochMicros } from '../time.js';
import type { Obstacle } from './obstacles.js';
import type { AnyOutcome } from './outcomes.js';
import type { OrderState } from './state.js';

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
