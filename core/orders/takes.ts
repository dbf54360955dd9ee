import { walk } from '../desk/walk.js';
import type { Market } from '../market/market.js';
import { isPulling, placed, reduced } from './children.js';
import { hasReached, lineAt, nearestAbove, reachedAt, wholeLots, type Lines } from './lines.js';
import {
  balanceObstacle,
  bookObstacle,
  leastAt,
  participationRoom,
  takeLimit,
  takeObstacle,
  touchOf,
  type Obstacle,
} from './obstacles.js';
import type { AnyOutcome } from './outcomes.js';
import { attentionTo, both, NO_ATTENTION, said, type Attention, type Considered } from './attention.js';
import { lastReleasedAt } from './schedule.js';
import { executedLots, quotedLots, type OrderState } from './state.js';
import type { EpochMicros } from '../time.js';
import type { View } from './view.js';

/** What a look at the takes of an order comes to. */
interface Due extends Considered {
  /** What is to be taken by now and is not on its way. */
  readonly wantedLots: number;
}

/** The lines of an order under its present plan. */
export function linesOf({ plan, quantityLots, conduct }: OrderState): Lines {
  const { startAt, endAt, baseLots, lineLots } = plan!;
  return { startAt, endAt, baseLots, lineLots, quantityLots, pace: conduct.pace };
}

/**
 * Decides whether something is to be taken now, how much, and what stands in the way (docs/orders.md, taking). What quotes hold
 * is freed first, so that what is filled, rests and is in flight never exceeds the quantity.
 */
export function considerTakes(view: View, order: OrderState, market: Market): Considered {
  const due = takeDue(view, order, market);
  const { wantedLots } = due;
  if (due.outcomes.length > 0 || wantedLots === 0) return due;
  const done = (outcomes: readonly AnyOutcome[], attention = NO_ATTENTION): Considered => ({
    outcomes,
    attention: both(attention, due.attention),
  });
  const held = (obstacle: Obstacle): Considered =>
    done(said('TakeSkipped', order, wantedLots, obstacle), attentionTo(obstacle));

  // what stands in the way is asked of the smallest legal take: the answer must not change while the line rises
  const executed = executedLots(order);
  const quoted = quotedLots(order);
  const free = order.quantityLots - executed - quoted;
  const least = leastAt(market, touchOf(market, order.side));
  const room = participationRoom(order, market, executed + quoted);
  if (room < least) return held({ reason: 'participation' });
  let lots = room < wantedLots ? room : wantedLots;
  if (lots > free && isPulling(order)) return done([]); // its answer is awaited
  const blocked =
    bookObstacle(view, order, market) ??
    takeObstacle(view, order, market, lots < least ? lots : least) ??
    depthObstacle(view, order, market, lots);
  if (blocked !== undefined) return held(blocked);
  if (lots > free) {
    if (!order.madeRoom || free < least) return done(makeRoom(view, order, market, lots - free));
    lots = free - (free % market.instrument.lotLots);
  }
  lots = affordable(view, order, market, lots, least);
  return done([placed(view, order, 'take', lots, takeLimit(view, order, market, lots))]);
}

/** As much of a take as a limited account can pay for; at least the smallest legal one, which it can. */
function affordable(view: View, order: OrderState, market: Market, lots: number, least: number): number {
  if (!view.desk.ledger.limited) return lots;
  const { lotLots } = market.instrument;
  let most = lots;
  let fewest = least;
  const canPay = (some: number): boolean =>
    balanceObstacle(view, order, market, some, takeLimit(view, order, market, some), 'taker') === undefined;
  if (canPay(lots)) return lots;
  while (most - fewest > lotLots) {
    const half = fewest + Math.floor((most - fewest) / (2 * lotLots)) * lotLots;
    if (canPay(half)) fewest = half;
    else most = half;
  }
  return fewest;
}

/** How much is to be taken by now, whatever stands in the way; and when that changes by itself. */
function takeDue(view: View, order: OrderState, market: Market): Due {
  const { parameters, quantityLots, targetLots } = order;
  const plan = order.plan!;
  const { lotLots } = market.instrument;
  const whole = (lots: number): number => (lots < lotLots ? 0 : lots - (lots % lotLots));
  const nothing: Due = { outcomes: [], wantedLots: 0, attention: NO_ATTENTION };
  const executed = executedLots(order);
  if (parameters.guaranteed === true && view.at >= plan.endAt)
    return { ...nothing, wantedLots: whole(quantityLots - executed) };
  if (order.conduct.takesSlices) {
    // slices take when they are due; only what waits for volume is taken later
    if (parameters.maxParticipation === undefined || view.at > plan.endAt) return nothing;
    return { ...nothing, wantedLots: whole(targetLots - executed) };
  }
  const lines = linesOf(order);
  if (!order.aggressive && neverTakes(lines)) return nothing;
  let lots = nearestAbove(lineAt(lines, 'cap', view.at), executed, lotLots);
  if (lots > quantityLots - executed) lots = whole(quantityLots - executed);
  const least = leastAt(market, touchOf(market, order.side));
  const left = quantityLots - executed - lots;
  if (lots > 0 && left > 0 && left < least) lots = whole(quantityLots - executed); // nobody could take what would be left
  // the instant from which on what is due rounds to a legal order
  const enoughAt = later(view, reachedAt(lines, 'cap', executed + least - lotLots / 2));
  if (!order.aggressive) return whetherToEnter(view, order, lines, { lots, least, lotLots, enoughAt });
  if (lots === 0) return { ...nothing, outcomes: [{ type: 'AggressionLeft', data: { orderId: order.orderId } }] };
  // too little for the venue now, it may be enough later
  return { outcomes: [], wantedLots: lots, attention: { ...NO_ATTENTION, lookAt: lots < least ? enoughAt : Infinity } };
}

/**
 * A passive order becomes aggressive when it is at its floor line or below. Where the lines are closer together than the
 * smallest legal order, they are looked at only when a slice is due and at the end, or each lot of the way would be an order.
 */
function whetherToEnter(
  view: View,
  order: OrderState,
  lines: Lines,
  due: { readonly lots: number; readonly least: number; readonly lotLots: number; readonly enoughAt: EpochMicros },
): Due {
  const { lots, least, lotLots, enoughAt } = due;
  const executed = executedLots(order);
  const waits = (attention: Attention): Due => ({ outcomes: [], wantedLots: 0, attention });
  if (!hasReached(lineAt(lines, 'floor', view.at), executed))
    return waits({ ...NO_ATTENTION, lookAt: later(view, reachedAt(lines, 'floor', executed)) });
  if (lots === 0) return waits({ ...NO_ATTENTION, lookAt: enoughAt, watch: 'touch' });
  const { plan, orderId } = order;
  const isBorder = view.at >= plan!.endAt || lastReleasedAt(plan!) === view.at;
  if (!isBorder && bandLots(lines, view, lotLots) < least) return waits({ ...NO_ATTENTION, watch: 'touch' });
  const capLots = wholeLots(lineAt(lines, 'cap', view.at), lotLots);
  return {
    ...waits(NO_ATTENTION),
    outcomes: [{ type: 'AggressionEntered', data: { orderId, executedLots: executed, capLots } }],
  };
}

/** With a floor of 100 that does not shrink the floor line never rises above zero. */
function neverTakes({ pace, baseLots, lineLots, quantityLots }: Lines): boolean {
  const { floor, guaranteed } = pace;
  return !guaranteed && floor.scale === 0 && floor.mantissa === 100 && baseLots + lineLots <= quantityLots;
}

/** How far the lines are apart, in whole lots. */
function bandLots(lines: Lines, { at }: View, lotLots: number): number {
  const cap = lineAt(lines, 'cap', at);
  const floor = lineAt(lines, 'floor', at);
  const numerator = cap.numerator * floor.denominator - floor.numerator * cap.denominator;
  return wholeLots({ numerator, denominator: cap.denominator * floor.denominator }, lotLots);
}

/** Quotes give way to a take: as much as it needs by the time when their answer is back. */
function makeRoom(view: View, order: OrderState, market: Market, missingLots: number): AnyOutcome[] {
  const { at, desk } = view;
  const executed = executedLots(order);
  const back = at + 2 * desk.venue.latency;
  const plan = order.plan!;
  const takeLots =
    order.parameters.guaranteed === true && back >= plan.endAt
      ? order.quantityLots - executed
      : nearestAbove(lineAt(linesOf(order), 'cap', back), executed, market.instrument.lotLots);
  const rest = order.targetLots - executed - takeLots;
  const excess = quotedLots(order) - (rest > 0 ? rest : 0);
  return reduced(view, order, excess > missingLots ? excess : missingLots, 'take');
}

function depthObstacle(view: View, order: OrderState, market: Market, lots: number): Obstacle | undefined {
  const { book, instrument } = market;
  const { instrument: name, publishedDepth } = instrument.definition;
  const { filledLots, stopped } = walk(book, view.desk.consumptionAt(name), order.side, lots, order.limitTicks);
  if (filledLots > 0) return undefined;
  if (stopped === 'limit_price') return { reason: 'limit_price' };
  return { reason: publishedDepth === undefined ? 'depth_exhausted' : 'beyond_known_depth' };
}

/** An instant that lies ahead; one that has passed brings nothing. */
const later = ({ at }: View, instant: EpochMicros): EpochMicros => (instant > at ? instant : Infinity);
