import { walk } from '../desk/walk.js';
import { NO_LEVEL } from '../market/book.js';
import { Side } from '../market/columns.js';
import type { Market } from '../market/market.js';
import { leastForNotional } from './notional.js';
import type { SkipReason } from './outcomes.js';
import type { OrderState } from './state.js';
import { tenTo } from './values.js';
import type { View } from './view.js';

/** Why something that is due cannot be done. */
export interface Obstacle {
  readonly reason: SkipReason;
  readonly detail?: string;
}

/** Why nothing can be decided in the book as it stands: it is not usable, or its spread is wider than the order allows. */
export function bookObstacle(view: View, order: OrderState, market: Market): Obstacle | undefined {
  if (view.engineDown) return { reason: 'engine_down' };
  const unusable = market.unusable(view.desk.venue.allowPartialBook);
  if (unusable === 'book_untrusted') return { reason: unusable, detail: market.effectiveReason() };
  if (unusable !== undefined) return { reason: unusable };
  const { maxSpreadTicks } = order.parameters;
  if (maxSpreadTicks === undefined) return undefined;
  const { book, instrument } = market;
  const spread = book.best(Side.ask) - book.best(Side.bid);
  if (spread <= maxSpreadTicks * instrument.tickTicks) return undefined;
  return { reason: 'spread', detail: `${Math.floor(spread / instrument.tickTicks)} ticks` };
}

/** Why a take of so many lots cannot be decided in a book without an obstacle of its own. */
export function takeObstacle(view: View, order: OrderState, market: Market, lots: number): Obstacle | undefined {
  const { side, limitTicks } = order;
  const touch = touchOf(market, side);
  if (limitTicks !== 0 && (side === Side.buy ? touch > limitTicks : touch < limitTicks))
    return { reason: 'limit_price' };
  if (lots === 0 || lots < leastAt(market, touch)) return { reason: 'below_minimum' };
  if (!view.desk.ledger.limited) return undefined; // whatever it may cost
  return balanceObstacle(view, order, market, lots, takeLimit(view, order, market, lots), 'taker');
}

/** Why a limited account cannot pay for so many lots at no worse than a price; undefined when it can. */
export function balanceObstacle(
  { desk, marketOf }: View,
  order: OrderState,
  { instrument }: Market,
  lots: number,
  worstTicks: number,
  liquidity: 'maker' | 'taker',
): Obstacle | undefined {
  const rate = desk.feeRate(instrument, liquidity);
  const short = desk.ledger.shortfall(instrument, order.side, lots, worstTicks, rate, (currency) =>
    desk.tied(currency, (name) => marketOf(name)!.instrument),
  );
  if (short === undefined) return undefined;
  return { reason: 'insufficient_balance', detail: `needs ${short.needed} ${short.currency}, has ${short.available}` };
}

/** Best price of the side that an order takes from; `NO_LEVEL` when it is empty. */
export function touchOf({ book }: Market, side: Side): number {
  return book.best(side === Side.buy ? Side.ask : Side.bid);
}

/** The smallest legal quantity at a price, in whole lots of the venue: its minimum quantity, its minimum notional, one lot. */
export function leastAt({ instrument }: Market, priceTicks: number): number {
  const { lotLots, minQuantityLots } = instrument;
  const worth = priceTicks === NO_LEVEL ? 0 : leastForNotional(instrument, priceTicks);
  const least = worth > minQuantityLots ? worth : minQuantityLots;
  return least <= lotLots ? lotLots : Math.floor((least + lotLots - 1) / lotLots) * lotLots;
}

/** How far an IOC may go: the order's limit, else the worst price of its own walk as of now plus the slack. */
export function takeLimit(view: View, order: OrderState, market: Market, lots: number): number {
  if (order.limitTicks !== 0) return order.limitTicks;
  const { desk } = view;
  const { instrument, book } = market;
  const consumption = desk.consumptionAt(instrument.definition.instrument);
  const { worstTicks } = walk(book, consumption, order.side, lots, 0);
  const worst = worstTicks === 0 ? touchOf(market, order.side) : worstTicks;
  const slack = desk.venue.takeSlack * instrument.tickTicks;
  const limit = order.side === Side.buy ? worst + slack : worst - slack;
  return limit > 0 ? limit : instrument.tickTicks;
}

/**
 * How many lots a participation cap still lets an order add to what is filled, rests or is in flight: ⌊p·V⌋ less that, V the
 * market's volume since the start, pauses left out. `Infinity` without a cap.
 */
export function participationRoom(order: OrderState, market: Market, exposedLots: number): number {
  const { participation } = order.conduct;
  if (participation === undefined) return Infinity;
  const { mantissa, scale } = participation;
  const volume = market.tape.volumeLots - order.uncountedVolumeLots;
  const room = Number((volume * BigInt(mantissa)) / tenTo(scale)) - exposedLots;
  return room > 0 ? room - (room % market.instrument.lotLots) : 0;
}
