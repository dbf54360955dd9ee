import { placed } from './children.js';
import { bookObstacle, takeLimit, takeObstacle, type Obstacle } from './obstacles.js';
import type { AnyOutcome } from './outcomes.js';
import { planDue } from './schedule.js';
import { executedLots, quotedLots, type OrderState } from './state.js';
import type { View } from './view.js';

/**
 * What becomes of the slice that falls due now. With floor 0 the order takes R(k) - E, as an IOC at its limit or, without one,
 * at the worst price of its own walk plus the take slack; what a participation cap holds back is taken with later trades. With any
 * other floor the slice is released into what should rest, and the lines say when to take.
 */
export function decideSlice(view: View, order: OrderState): AnyOutcome[] {
  const plan = order.plan!;
  const market = view.marketOf(order.parameters.instrument)!;
  const { orderId } = order;
  const slice = plan.firstSlice + plan.next;
  const dueAt = planDue(plan, plan.next);
  const sliceLots = plan.sliceLots[plan.next]!;
  const released = (lots: number): AnyOutcome => ({ type: 'SliceReleased', data: { orderId, slice, dueAt, lots } });
  const skipped = (lots: number, why: Obstacle): AnyOutcome[] => [
    { type: 'SliceSkipped', data: { orderId, slice, dueAt, lots, ...why } },
  ];
  if (!order.conduct.takesSlices)
    return view.engineDown ? skipped(sliceLots, { reason: 'engine_down' }) : [released(sliceLots)];
  const dueLots = order.targetLots + sliceLots - executedLots(order);
  if (dueLots <= 0) return [released(0)];
  // quotes of an order that quoted until it was amended may fill until their cancel is there: the next slice sees to the rest
  const free = order.quantityLots - executedLots(order) - quotedLots(order);
  const most = dueLots < free ? dueLots : free;
  if (most < dueLots && most < market.instrument.lotLots) return [released(0)];
  // an old level may have shown less than a lot, or the lot got coarser since: what is no whole lot waits
  const lots = most - (most % market.instrument.lotLots);
  const why = bookObstacle(view, order, market) ?? takeObstacle(view, order, market, lots);
  if (why?.reason === 'below_minimum' && order.waitsForMinimum) return [released(0)]; // the wait was said when it began
  if (why !== undefined) return skipped(dueLots, why);
  if (order.parameters.maxParticipation !== undefined) return [released(sliceLots)];
  return [released(lots), placed(view, order, 'take', lots, takeLimit(view, order, market, lots), slice)];
}

/**
 * The window closes: what stays open ends; a take decided before may still fill by its latency. An order that goes on quoting
 * does not end, nor one that is paused and whose end nobody fixed: its end moves on with its schedule.
 */
export function decideEnd(order: OrderState): AnyOutcome[] {
  const { endTime, duration, afterWindow } = order.parameters;
  if (afterWindow === 'quote') return [];
  if (order.status === 'paused' && endTime === undefined && duration === undefined) return [];
  const reason = order.filledLots === order.quantityLots ? 'filled' : 'window_over';
  return [{ type: 'OrderCompleted', data: { orderId: order.orderId, reason } }];
}
