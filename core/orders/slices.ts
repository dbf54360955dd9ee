import { Side } from '../market/columns.js';
import { feeOf } from '../desk/money.js';
import type { Market } from '../market/market.js';
import { plain } from '../decimal.js';
import { walk } from '../desk/walk.js';
import type { View } from './decide.js';
import type { AnyOutcome, SkipReason } from './outcomes.js';
import { belowMinNotional } from './notional.js';
import { dueAt } from './schedule.js';
import { executedLots, type ChildState, type OrderState } from './state.js';

type Skip = { reason: SkipReason; detail?: string };

/**
 * What becomes of the slice that falls due now: with floor 0 the order takes R(k) - E, as an IOC at its limit or, without
 * one, at the worst price of its own walk plus the take slack.
 *
 * @param engineDown  the slice was due while the engine was dead
 */
export function decideSlice(view: View, order: OrderState, engineDown: boolean): AnyOutcome[] {
  const plan = order.plan!;
  const market = view.marketOf(order.parameters.instrument)!;
  const { orderId } = order;
  const due = dueAt(plan.startAt, plan.cadence, plan.next);
  const slice = plan.firstSlice + plan.next;
  const dueLots = order.targetLots + plan.sliceLots[plan.next]! - executedLots(order);
  const nothing: AnyOutcome = { type: 'SliceReleased', data: { orderId, slice, dueAt: due, lots: 0 } };
  if (dueLots <= 0) return [nothing];
  // an old level may have shown less than a lot, or the lot got coarser since: what is no whole lot waits
  const lots = dueLots - (dueLots % market.instrument.lotLots);
  const skip = engineDown ? { reason: 'engine_down' as const } : whyNot(view, order, market, lots);
  if (skip?.reason === 'below_minimum' && order.waitsForMinimum) return [nothing]; // the wait was said when it began
  if (skip !== undefined)
    return [{ type: 'SliceSkipped', data: { orderId, slice, dueAt: due, lots: dueLots, ...skip } }];
  const { latency } = view.desk.venue;
  return [
    { type: 'SliceReleased', data: { orderId, slice, dueAt: due, lots } },
    {
      type: 'ChildPlaced',
      data: {
        orderId,
        childId: `${orderId}/${order.nextChild}`,
        style: 'take',
        slice,
        lots,
        limitTicks: takeLimit(view, order, market, lots),
        arrivesAt: view.at + latency,
        reportAt: view.at + 2 * latency,
      },
    },
  ];
}

function whyNot(view: View, order: OrderState, market: Market, lots: number): Skip | undefined {
  const { desk } = view;
  const unusable = market.unusable(desk.venue.allowPartialBook);
  if (unusable !== undefined)
    return unusable === 'book_untrusted'
      ? { reason: unusable, detail: market.effectiveReason() }
      : { reason: unusable };
  const { book, instrument } = market;
  const bid = book.best(Side.bid);
  const ask = book.best(Side.ask);
  const { maxSpreadTicks } = order.parameters;
  if (maxSpreadTicks !== undefined && ask - bid > maxSpreadTicks * instrument.tickTicks)
    return { reason: 'spread', detail: `${Math.floor((ask - bid) / instrument.tickTicks)} ticks` };
  const touch = order.side === Side.buy ? ask : bid;
  if (order.limitTicks !== 0 && (order.side === Side.buy ? touch > order.limitTicks : touch < order.limitTicks))
    return { reason: 'limit_price' };
  if (lots === 0 || lots < instrument.minQuantityLots || belowMinNotional(instrument, lots, touch))
    return { reason: 'below_minimum' };
  const short = desk.ledger.shortfall(
    instrument,
    order.side,
    lots,
    takeLimit(view, order, market, lots),
    desk.feeRate(instrument, 'taker'),
    (currency) => desk.tied(currency, (name) => view.marketOf(name)!.instrument),
  );
  if (short === undefined) return undefined;
  return { reason: 'insufficient_balance', detail: `needs ${short.needed} ${short.currency}, has ${short.available}` };
}

/** How far an IOC may go: the order's limit, else the worst price of its own walk as of now plus the slack. */
function takeLimit(view: View, order: OrderState, market: Market, lots: number): number {
  if (order.limitTicks !== 0) return order.limitTicks;
  const { desk } = view;
  const { instrument, book } = market;
  const consumption = desk.consumptionAt(instrument.definition.instrument);
  const { worstTicks } = walk(book, consumption, order.side, lots, 0);
  const touch = book.best(order.side === Side.buy ? Side.ask : Side.bid);
  const worst = worstTicks === 0 ? touch : worstTicks;
  const slack = desk.venue.takeSlack * instrument.tickTicks;
  const limit = order.side === Side.buy ? worst + slack : worst - slack;
  return limit > 0 ? limit : instrument.tickTicks;
}

/**
 * An IOC meets the book of its arrival: it walks the opposite side within its limit, and what it does not get is cancelled.
 * Nothing fills in a book that is not usable then.
 *
 * What is unrealistic: the market does not react to the take, and levels that others would have taken first in the same
 * microsecond are still there.
 */
export function decideArrival(view: View, order: OrderState, child: ChildState, engineDown: boolean): AnyOutcome[] {
  const market = view.marketOf(order.parameters.instrument)!;
  const { orderId } = order;
  const { childId } = child;
  const cancel = (lots: number, reason: SkipReason): AnyOutcome => ({
    type: 'ChildCancelled',
    data: { orderId, childId, lots, reason },
  });
  if (engineDown) return [cancel(child.lots, 'engine_down')];
  const { desk } = view;
  const unusable = market.unusable(desk.venue.allowPartialBook);
  if (unusable !== undefined) return [cancel(child.lots, unusable)];
  const { instrument, book } = market;
  const consumption = desk.consumptionAt(instrument.definition.instrument);
  const { steps, filledLots, stopped } = walk(book, consumption, order.side, child.lots, child.limitTicks);
  const rate = desk.feeRate(instrument, 'taker');
  const outcomes = steps.map(({ priceTicks, lots, displayedLots }): AnyOutcome => ({
    type: 'ChildFilled',
    data: {
      orderId,
      childId,
      lots,
      priceTicks,
      displayedLots,
      mid2: market.mids.last2,
      liquidity: 'taker',
      rule: 'walk',
      fee: plain(feeOf(instrument, lots, priceTicks, rate)),
      feeCurrency: instrument.definition.settlement,
    },
  }));
  if (filledLots < child.lots) {
    const topOnly = stopped === 'depth_exhausted' && instrument.definition.publishedDepth !== undefined;
    outcomes.push(cancel(child.lots - filledLots, topOnly ? 'beyond_known_depth' : (stopped ?? 'depth_exhausted')));
  }
  return outcomes;
}

/** The report of a child's end reaches the planner, one latency after the venue's answer. */
export function decideReport(order: OrderState, child: ChildState): AnyOutcome[] {
  const { orderId } = order;
  const { childId, filledLots, lots } = child;
  const outcomes: AnyOutcome[] = [
    { type: 'ChildReported', data: { orderId, childId, filledLots, leavesLots: lots - filledLots } },
  ];
  const active = order.status === 'running' || order.status === 'paused';
  if (active && order.reportedLots + filledLots === order.quantityLots)
    outcomes.push({ type: 'OrderCompleted', data: { orderId, reason: 'filled' } });
  return outcomes;
}

/**
 * The window closes: what stays open ends; a take decided before may still fill by its latency. While an order is paused
 * whose end nobody fixed, its end moves on with its schedule, and does not come.
 */
export function decideEnd(order: OrderState): AnyOutcome[] {
  const { endTime, duration } = order.parameters;
  if (order.status === 'paused' && endTime === undefined && duration === undefined) return [];
  const reason = order.filledLots === order.quantityLots ? 'filled' : 'window_over';
  return [{ type: 'OrderCompleted', data: { orderId: order.orderId, reason } }];
}
