import type { AnyOutcome, PullReason } from './outcomes.js';
import type { ChildState, OrderState } from './state.js';
import type { View } from './view.js';

/** Sends a child on its way: it reaches the venue one latency from now. */
export function placed(
  { at, desk }: View,
  order: OrderState,
  style: 'take' | 'quote',
  lots: number,
  limitTicks: number,
  slice = lastSlice(order),
): AnyOutcome {
  const { orderId, nextChild } = order;
  const { latency } = desk.venue;
  return {
    type: 'ChildPlaced',
    data: {
      orderId,
      childId: `${orderId}/${nextChild}`,
      style,
      slice,
      lots,
      limitTicks,
      arrivesAt: at + latency,
      reportAt: at + 2 * latency,
    },
  };
}

/** Number of the last slice that fell due; the first one before any has. */
function lastSlice({ plan }: OrderState): number {
  const { firstSlice, next } = plan!;
  return firstSlice + (next > 0 ? next - 1 : 0);
}

/** Asks for a quote to be cancelled, or with `keepLots` above zero to be shrunk to that. */
export function pulled(
  { at, desk }: View,
  order: OrderState,
  { childId }: ChildState,
  keepLots: number,
  reason: PullReason,
): AnyOutcome {
  const effectiveAt = at + desk.venue.latency;
  return { type: 'ChildPullRequested', data: { orderId: order.orderId, childId, keepLots, reason, effectiveAt } };
}

/** Its quotes as the planner knows them: those that it has not asked to be pulled. */
export function liveQuotes({ children }: OrderState): ChildState[] {
  return children.filter(({ style, pullAt }) => style === 'quote' && pullAt === 0);
}

/** Whether a cancel or a shrink is on its way, or its answer. */
export function isPulling({ children }: OrderState): boolean {
  return children.some(({ style, pullAt }) => style === 'quote' && pullAt !== 0);
}

/** Takes so many lots off the quotes: the newest give way first, because they are last in the queue. */
export function reduced(view: View, order: OrderState, excessLots: number, reason: PullReason): AnyOutcome[] {
  const outcomes: AnyOutcome[] = [];
  let excess = excessLots;
  for (const child of liveQuotes(order).reverse()) {
    if (excess <= 0) break;
    const keepLots = child.openLots > excess ? child.openLots - excess : 0;
    outcomes.push(pulled(view, order, child, keepLots, reason));
    excess -= child.openLots - keepLots;
  }
  return outcomes;
}
