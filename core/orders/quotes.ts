import { Side } from '../market/columns.js';
import { rescaled } from '../market/increments.js';
import type { Market } from '../market/market.js';
import type { EpochMicros } from '../time.js';
import { isPulling, liveQuotes, placed, pulled, reduced } from './children.js';
import { hasReached, lineAt, nearestAbove } from './lines.js';
import { balanceObstacle, bookObstacle, leastAt, participationRoom, type Obstacle } from './obstacles.js';
import type { AnyOutcome, PullReason } from './outcomes.js';
import { attentionTo, both, NO_ATTENTION, said, type Attention, type Considered } from './attention.js';
import { planDue } from './schedule.js';
import { executedLots, quotedLots, type OrderState } from './state.js';
import { linesOf } from './takes.js';
import type { View } from './view.js';

/**
 * Decides what should rest and at which price, and whether the quotes are to be pulled, shrunk, moved or added to
 * (docs/orders.md, quoting). A quote moves at most once per `requoteInterval` and only when its price differs: it is cancelled,
 * and a new one is sent when the cancel is confirmed.
 */
export function considerQuotes(view: View, order: OrderState, market: Market): Considered {
  const done = (outcomes: readonly AnyOutcome[], attention = NO_ATTENTION): Considered => ({ outcomes, attention });
  const desired = desiredLots(view, order, market);
  const live = liveQuotes(order);
  const heldLots = live.reduce((sum, { openLots }) => sum + openLots, 0);
  // what rests for a slice that falls due at this very instant, as behind an amendment, keeps its place
  const excess = heldLots - desired.lots - (desired.reason === 'ahead' ? lotsDueAt(view, order) : 0);
  if (excess > 0) return done(reduced(view, order, excess, desired.reason));
  const ahead: Attention = { ...NO_ATTENTION, lookAt: desired.lookAt };
  if (desired.lots === 0) return done([], ahead);

  const all = (reason: PullReason): AnyOutcome[] => live.map((child) => pulled(view, order, child, 0, reason));
  const obstacle = bookObstacle(view, order, market);
  if (obstacle?.reason === 'spread' && live.length > 0) return done(all('spread'));
  const [first] = live;
  if (first !== undefined && isBeyondLimit(order, first.limitTicks)) return done(all('limit_price'));
  const toAdd = desired.lots - quotedLots(order);
  const adds = toAdd >= market.instrument.lotLots;
  const moveAt = order.quotedAt + order.conduct.requoteMicros;
  const price = obstacle === undefined ? quotePrice(order, market) : undefined;
  const misplaced = first !== undefined && price !== undefined && price !== first.limitTicks;
  if (misplaced && view.at >= moveAt && !isPulling(order)) return done(all('repeg'));

  const waitsForMove = first !== undefined && view.at < moveAt;
  const watched: Attention = {
    ...ahead,
    lookAt: waitsForMove && moveAt < ahead.lookAt ? moveAt : ahead.lookAt,
    watch: !waitsForMove || adds || order.parameters.maxSpreadTicks !== undefined ? 'touch' : undefined,
  };
  if (!adds || isPulling(order) || misplaced) return done([], watched);
  if (first === undefined && view.at < order.requoteFrom)
    return done([], { ...ahead, lookAt: order.requoteFrom < ahead.lookAt ? order.requoteFrom : ahead.lookAt });
  return added(view, order, market, toAdd, price ?? obstacle!, watched);
}

/** Adds to what rests, at a price, or says what stands in the way. */
function added(
  view: View,
  order: OrderState,
  market: Market,
  toAdd: number,
  price: number | Obstacle,
  watched: Attention,
): Considered {
  const held = (why: Obstacle): Considered => ({
    outcomes: said('QuoteSkipped', order, toAdd, why),
    attention: both(attentionTo(why), watched),
  });
  const room = participationRoom(order, market, executedLots(order) + quotedLots(order));
  if (room < market.instrument.lotLots) return held({ reason: 'participation' });
  if (typeof price !== 'number') return held(price);
  const lots = room < toAdd ? room : toAdd;
  if (lots < leastAt(market, price)) return held({ reason: room < toAdd ? 'participation' : 'below_minimum' });
  if (crossesOwn(view, order, price)) return held({ reason: 'self_cross' });
  const short = balanceObstacle(view, order, market, lots, price, 'maker');
  if (short !== undefined) return held(short);
  return { outcomes: [placed(view, order, 'quote', lots, price)], attention: watched };
}

function lotsDueAt({ at }: View, { plan }: OrderState): number {
  const { next, sliceLots } = plan!;
  return next < sliceLots.length && planDue(plan!, next) <= at ? sliceLots[next]! : 0;
}

/** What should rest by now, why less than before, and when that changes without an event. */
function desiredLots(
  view: View,
  order: OrderState,
  market: Market,
): { lots: number; reason: PullReason; lookAt: EpochMicros } {
  const { parameters, quantityLots, targetLots } = order;
  const { endAt } = order.plan!;
  const over = view.at >= endAt;
  const goesOn = parameters.afterWindow === 'quote';
  const quotes = over ? goesOn && parameters.guaranteed !== true : !order.conduct.takesSlices;
  if (!quotes) return { lots: 0, reason: 'window_over', lookAt: Infinity };
  const executed = executedLots(order);
  let lots = (over ? quantityLots : targetLots) - executed;
  let reason: PullReason = 'ahead';
  let lookAt = Infinity;
  if (!goesOn) {
    // what the end will take must not rest by then: its cancel is confirmed two latencies later
    const clearAt = endAt - 2 * view.desk.venue.latency - 1;
    if (view.at < clearAt) lookAt = clearAt;
    else {
      const most = quantityLots - executed - takenAtTheEnd(order, market.instrument.lotLots);
      if (most < lots) {
        lots = most;
        reason = 'window_over';
      }
    }
  }
  const { display } = order.conduct;
  if (display !== undefined) {
    const most = rescaled(display, market.units.sizeScale)!;
    if (most < lots) lots = most;
  }
  const { lotLots } = market.instrument;
  return { lots: lots < lotLots ? 0 : lots - (lots % lotLots), reason, lookAt };
}

/** What the last look at the lines will take, if nothing fills until then. */
function takenAtTheEnd(order: OrderState, lotLots: number): number {
  const executed = executedLots(order);
  if (order.parameters.guaranteed === true) return order.quantityLots - executed;
  const lines = linesOf(order);
  if (!order.aggressive && !hasReached(lineAt(lines, 'floor', lines.endAt), executed)) return 0;
  return nearestAbove(lineAt(lines, 'cap', lines.endAt), executed, lotLots);
}

/**
 * Where a quote rests: `join` the best price of its own side, `improve` a tick better unless that would meet the other side,
 * `inside` a tick from the other side; never beyond the limit, and on the venue's ticks.
 */
export function quotePrice(order: OrderState, market: Market): number {
  const { book, instrument } = market;
  const { tickTicks } = instrument;
  const bid = book.best(Side.bid);
  const ask = book.best(Side.ask);
  const { quote = 'improve' } = order.parameters;
  const { limitTicks } = order;
  if (order.side === Side.buy) {
    const joined = bid - (bid % tickTicks);
    const inside = ask - 1 - ((ask - 1) % tickTicks);
    const improved = joined + tickTicks < ask ? joined + tickTicks : joined;
    const price = quote === 'join' ? joined : quote === 'inside' ? inside : improved;
    return limitTicks !== 0 && limitTicks < price ? limitTicks : price;
  }
  const joined = ask + ((tickTicks - (ask % tickTicks)) % tickTicks);
  const inside = bid - (bid % tickTicks) + tickTicks;
  const improved = joined - tickTicks > bid ? joined - tickTicks : joined;
  const price = quote === 'join' ? joined : quote === 'inside' ? inside : improved;
  return limitTicks > price ? limitTicks : price;
}

function isBeyondLimit({ side, limitTicks }: OrderState, price: number): boolean {
  return limitTicks !== 0 && (side === Side.buy ? price > limitTicks : price < limitTicks);
}

/** Whether a quote at this price would meet a quote of the same desk. */
function crossesOwn({ desk }: View, order: OrderState, price: number): boolean {
  for (const other of desk.orders.values()) {
    if (other.side === order.side || other.parameters.instrument !== order.parameters.instrument) continue;
    for (const { style, openLots, limitTicks } of other.children)
      if (style === 'quote' && openLots > 0 && (order.side === Side.buy ? price >= limitTicks : price <= limitTicks))
        return true;
  }
  return false;
}
