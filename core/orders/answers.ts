import { feeText } from '../desk/money.js';
import type { RestingFill } from '../desk/resting.js';
import { walk } from '../desk/walk.js';
import { NO_LEVEL } from '../market/book.js';
import { Side } from '../market/columns.js';
import { exactLots } from '../market/lots.js';
import type { Market } from '../market/market.js';
import { touchOf } from './obstacles.js';
import type { AnyOutcome, PullReason, SkipReason } from './outcomes.js';
import { UNKNOWN_AHEAD, type ChildState, type OrderState } from './state.js';
import type { View } from './view.js';

/**
 * A child reaches the venue, one latency after it was decided. Nothing is taken and nothing new rests in a book that is not
 * usable then.
 */
export function decideArrival(view: View, order: OrderState, child: ChildState): AnyOutcome[] {
  const { orderId } = order;
  const { childId, leavesLots: lots } = child;
  if (view.engineDown) return [{ type: 'ChildCancelled', data: { orderId, childId, lots, reason: 'engine_down' } }];
  const market = view.marketOf(order.parameters.instrument)!;
  const unusable = market.unusable(view.desk.venue.allowPartialBook);
  return child.style === 'take'
    ? takeArrives(view, order, child, market, unusable)
    : quoteArrives(order, child, market, unusable);
}

/**
 * An IOC meets the book of its arrival: it walks the opposite side within its limit, and what it does not get is cancelled.
 *
 * What is unrealistic: the market does not react to the take, and levels that others would have taken first in the same
 * microsecond are still there.
 */
function takeArrives(
  { desk }: View,
  order: OrderState,
  child: ChildState,
  market: Market,
  unusable: SkipReason | undefined,
): AnyOutcome[] {
  const { orderId } = order;
  const { childId, leavesLots } = child;
  const cancelled = (lots: number, reason: SkipReason): AnyOutcome => ({
    type: 'ChildCancelled',
    data: { orderId, childId, lots, reason },
  });
  if (unusable !== undefined) return [cancelled(leavesLots, unusable)];
  const { instrument, book } = market;
  const consumption = desk.consumptionAt(instrument.definition.instrument);
  const { steps, filledLots, stopped } = walk(book, consumption, order.side, leavesLots, child.limitTicks);
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
      fee: feeText(instrument, lots, priceTicks, rate),
      feeCurrency: instrument.definition.settlement,
    },
  }));
  if (filledLots === leavesLots) return outcomes;
  const topOnly = stopped === 'depth_exhausted' && instrument.definition.publishedDepth !== undefined;
  const reason = topOnly ? 'beyond_known_depth' : (stopped ?? 'depth_exhausted');
  return [...outcomes, cancelled(leavesLots - filledLots, reason)];
}

/**
 * A post-only order comes to rest behind what its level displays; it is rejected where it would meet the other side.
 *
 * What is unrealistic: whatever else is on its way to the same level in the same microsecond stands behind it.
 */
function quoteArrives(
  order: OrderState,
  child: ChildState,
  market: Market,
  unusable: SkipReason | undefined,
): AnyOutcome[] {
  const { orderId, side } = order;
  const { childId, leavesLots: lots, limitTicks: priceTicks } = child;
  const rejected = (reason: SkipReason): AnyOutcome[] => [
    { type: 'ChildRejected', data: { orderId, childId, lots, reason } },
  ];
  if (unusable !== undefined) return rejected(unusable);
  const touch = touchOf(market, side);
  if (touch !== NO_LEVEL && (side === Side.buy ? priceTicks >= touch : priceTicks <= touch))
    return rejected('would_cross');
  const aheadLots = market.knows(side, priceTicks) ? exactLots(market.book.sizeAt(side, priceTicks)) : undefined;
  return [
    {
      type: 'ChildRested',
      data: { orderId, childId, priceTicks, lots, ...(aheadLots === undefined ? {} : { aheadLots }) },
    },
  ];
}

/** A cancel or a shrink reaches the venue. What filled before it stays filled. */
export function decidePull(order: OrderState, child: ChildState): AnyOutcome[] {
  const { orderId } = order;
  const { childId, leavesLots, shrinkAt } = child;
  const keepLots = shrinkAt === 0 ? child.pullKeepLots : child.shrinkKeepLots;
  if (keepLots > 0 && leavesLots > 0) {
    const lots = leavesLots > keepLots ? leavesLots - keepLots : 0;
    return [{ type: 'ChildReduced', data: { orderId, childId, lots, leavesLots: leavesLots - lots } }];
  }
  return [restCancelled(order, child)];
}

/** The rest of a quote is cancelled, as it was asked for. */
export function restCancelled({ orderId }: OrderState, { childId, leavesLots, pullReason }: ChildState): AnyOutcome {
  return { type: 'ChildCancelled', data: { orderId, childId, lots: leavesLots, reason: pullReason as PullReason } };
}

/** An answer of the venue reaches the planner, one latency after it was given. */
export function decideReport(view: View, order: OrderState, child: ChildState): AnyOutcome[] {
  const { orderId } = order;
  const { childId, style, filledLots: allFilled, openLots, reports, ended } = child;
  let filledLots = style === 'take' ? allFilled : 0;
  let reducedLots = 0;
  let waiting = 0;
  for (const report of reports)
    if (report.at <= view.at) {
      filledLots += report.filledLots;
      reducedLots += report.reducedLots;
    } else waiting++;
  if (style === 'quote' && waiting === reports.length) return []; // an earlier report took this one along
  const leavesLots = openLots - filledLots - reducedLots;
  const working = style === 'quote' && (!ended || waiting > 0);
  const outcomes: AnyOutcome[] = [
    { type: 'ChildReported', data: { orderId, childId, filledLots, leavesLots, ...(working ? { working } : {}) } },
  ];
  const active = order.status === 'running' || order.status === 'paused';
  if (active && order.reportedLots + filledLots === order.quantityLots)
    outcomes.push({ type: 'OrderCompleted', data: { orderId, reason: 'filled' } });
  return outcomes;
}

/** A fill that the market brought to a child that rests: at its own price, for the maker's fee. */
export function restingFilled(view: View, order: OrderState, fill: RestingFill): AnyOutcome {
  const { child, lots, rule, metTicks, displayedLots, aheadLots } = fill;
  const { desk } = view;
  const { instrument, mids } = view.marketOf(order.parameters.instrument)!;
  const { childId, limitTicks: priceTicks } = child;
  return {
    type: 'ChildFilled',
    data: {
      orderId: order.orderId,
      childId,
      lots,
      priceTicks,
      displayedLots,
      ...(metTicks === priceTicks ? {} : { metTicks }),
      ...(aheadLots === undefined || aheadLots === UNKNOWN_AHEAD ? {} : { aheadLots }),
      mid2: mids.before2,
      liquidity: 'maker',
      rule,
      fee: feeText(instrument, lots, priceTicks, desk.feeRate(instrument, 'maker')),
      feeCurrency: instrument.definition.settlement,
    },
  };
}
