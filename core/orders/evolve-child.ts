import type { Desk } from '../desk/desk.js';
import { invariant, unreachable } from '../errors.js';
import { Side } from '../market/columns.js';
import type { Market } from '../market/market.js';
import { catchUp } from './evolve-plan.js';
import type { Hands } from './hands.js';
import type { OrderOutcome } from './outcomes.js';
import {
  executedLots,
  quotedLots,
  UNKNOWN_AHEAD,
  type ChildState,
  type OrderState,
  type PendingReport,
} from './state.js';

export type ChildOutcome = Extract<OrderOutcome, { readonly type: `Child${string}` }>;

/** Applies a fact about one of an order's children. */
export function evolveChild(desk: Desk, order: OrderState, outcome: ChildOutcome, hands: Hands): void {
  const market = hands.marketOf(order.parameters.instrument)!;
  const { childId } = outcome.data;
  if (outcome.type === 'ChildPlaced') {
    place(order, outcome.data, hands);
    return;
  }
  const child = order.children.find((candidate) => candidate.childId === childId);
  invariant(child !== undefined, `order ${order.orderId} has no child ${childId}`);
  const reportAt = hands.at + desk.venue.latency;
  switch (outcome.type) {
    case 'ChildRested': {
      const { aheadLots = UNKNOWN_AHEAD } = outcome.data;
      child.rests = true;
      child.aheadLots = aheadLots;
      child.unshrunkLots = aheadLots;
      child.joinedVenueAt = market.bookVenueAt;
      desk.restingAt(market.units.instrument).join(order.side, child);
      market.hold(order.side, child.limitTicks, desk);
      break;
    }
    case 'ChildRejected':
      child.rejected = true;
      end(desk, order, child, market, outcome.data.reason);
      report(order, child, { at: reportAt, filledLots: 0, reducedLots: 0, shrunk: false }, hands);
      break;
    case 'ChildFilled': {
      const { lots, priceTicks, metTicks = priceTicks, liquidity, rule, fee } = outcome.data;
      child.filledLots += lots;
      child.leavesLots -= lots;
      order.filledLots += lots;
      invariant(child.leavesLots >= 0, `child ${childId} filled more than it asked for`);
      invariant(order.filledLots <= order.quantityLots, `order ${order.orderId} filled more than ordered`);
      desk.ledger.book(market.instrument, order.side, lots, priceTicks, fee);
      const opposite: Side = order.side === Side.buy ? Side.ask : Side.bid;
      const { instrument } = market.units;
      const tookDepth = rule === 'walk' || rule === 'crossed' || rule === 'gap';
      if (tookDepth)
        desk.consumptionAt(instrument).take(opposite, metTicks, lots, () => market.logOf(opposite, metTicks));
      if (child.leavesLots === 0) end(desk, order, child, market, '');
      if (liquidity === 'maker')
        report(order, child, { at: reportAt, filledLots: lots, reducedLots: 0, shrunk: false }, hands);
      break;
    }
    case 'ChildPullRequested': {
      const { keepLots, reason, effectiveAt } = outcome.data;
      if (child.pullAt !== 0 && !child.pullAnswered && child.pullKeepLots > 0) {
        // what was sent first arrives first
        child.shrinkAt = child.pullAt;
        child.shrinkKeepLots = child.pullKeepLots;
      }
      child.pullAt = effectiveAt;
      child.pullKeepLots = keepLots;
      child.pullReason = reason;
      child.pullAnswered = false;
      if (reason === 'take') order.madeRoom = true;
      if (reason === 'spread') order.requoteFrom = order.quotedAt + order.conduct.requoteMicros;
      hands.setTimer(effectiveAt, 'pull', order, childId);
      break;
    }
    case 'ChildReduced':
      child.leavesLots -= outcome.data.lots;
      if (child.shrinkAt === 0) child.pullAnswered = true;
      child.shrinkAt = 0;
      child.shrinkKeepLots = 0;
      report(order, child, { at: reportAt, filledLots: 0, reducedLots: outcome.data.lots, shrunk: true }, hands);
      break;
    case 'ChildCancelled':
      end(desk, order, child, market, outcome.data.reason);
      if (child.style === 'quote')
        report(order, child, { at: reportAt, filledLots: 0, reducedLots: 0, shrunk: false }, hands);
      break;
    case 'ChildReported':
      learn(order, child, outcome.data, hands);
      break;
    default:
      unreachable(outcome);
  }
}

function place(order: OrderState, data: Extract<ChildOutcome, { type: 'ChildPlaced' }>['data'], hands: Hands): void {
  const { childId, style, slice, lots, limitTicks, arrivesAt, reportAt } = data;
  const takes = style === 'take';
  if (!takes && quotedLots(order) === 0) order.quotedAt = hands.at;
  order.children.push({
    childId,
    style,
    slice,
    lots,
    limitTicks,
    arrivesAt,
    filledLots: 0,
    leavesLots: lots,
    rests: false,
    ended: false,
    rejected: false,
    endReason: '',
    aheadLots: 0,
    unshrunkLots: 0,
    joinedVenueAt: 0,
    openLots: lots,
    pullAt: 0,
    pullKeepLots: 0,
    pullReason: '',
    shrinkAt: 0,
    shrinkKeepLots: 0,
    pullAnswered: false,
    reports: [],
  });
  order.nextChild++;
  if (takes) order.madeRoom = false;
  // a share of the volume comes in pieces: being short of it is one cause until all that was due is on its way
  const held = takes ? order.takeHeld : order.quoteHeld;
  const isShort = held.has('participation') && executedLots(order) + quotedLots(order) < order.targetLots;
  held.clear();
  if (isShort) held.add('participation');
  invariant(
    executedLots(order) + quotedLots(order) <= order.quantityLots,
    `order ${order.orderId}: filled, resting and in flight exceed its quantity`,
  );
  hands.setTimer(arrivesAt, 'arrival', order, childId);
  if (takes) hands.setTimer(reportAt, 'report', order, childId);
}

/** The venue has answered for the last time. */
function end(desk: Desk, order: OrderState, child: ChildState, market: Market, reason: string): void {
  child.ended = true;
  child.endReason = reason;
  child.leavesLots = 0;
  if (!child.rests) return;
  child.rests = false;
  child.aheadLots = 0;
  child.unshrunkLots = 0;
  child.joinedVenueAt = 0;
  desk.restingAt(market.units.instrument).leave(order.side, child);
}

/** An answer of the venue is on its way to the planner. */
function report(order: OrderState, child: ChildState, news: PendingReport, hands: Hands): void {
  const last = child.reports.at(-1);
  if (last?.at === news.at) {
    last.filledLots += news.filledLots;
    last.reducedLots += news.reducedLots;
    last.shrunk ||= news.shrunk;
    return;
  }
  child.reports.push(news);
  hands.setTimer(news.at, 'report', order, child.childId);
}

/** The planner hears what a child has come to. */
function learn(
  order: OrderState,
  child: ChildState,
  data: Extract<ChildOutcome, { type: 'ChildReported' }>['data'],
  hands: Hands,
): void {
  const { filledLots, leavesLots, working } = data;
  order.reportedLots += filledLots;
  if (working === true) {
    // a cancel may have gone out behind the shrink that is answered here
    const isAnswered = child.reports.some(({ at, shrunk }) => shrunk && at <= hands.at && child.pullAt <= at);
    if (isAnswered && child.pullKeepLots > 0) child.pullAt = 0;
    child.openLots = leavesLots;
    child.reports = child.reports.filter(({ at }) => at > hands.at);
    return;
  }
  if (child.rejected) order.requoteFrom = order.quotedAt + order.conduct.requoteMicros;
  order.children = order.children.filter((other) => other !== child);
  if (child.style === 'take' && leavesLots > 0 && order.conduct.takesSlices) catchUp(order, leavesLots, false, hands);
}
