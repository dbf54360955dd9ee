import type { Engine } from '../../core/engine/engine.js';
import type { Json } from '../../core/json.js';
import { NO_LEVEL } from '../../core/market/book.js';
import { Side } from '../../core/market/columns.js';
import { priceText, sizeText } from '../../core/market/instrument.js';
import type { Market } from '../../core/market/market.js';
import { FINAL } from '../../core/orders/parameters.js';
import { projectionJson, type OrderProjection } from '../../core/orders/projection.js';
import type { BookView, OrderJson } from './live-run.js';

export function bookView(engine: Engine, market: Market, depth: number): BookView {
  return {
    instrument: market.units.instrument,
    trust: market.effectiveTrust(),
    reason: market.effectiveReason(),
    at: engine.clock,
    bookAt: market.bookAt,
    position: `${engine.seq}.${engine.n}`,
    bids: best(market, Side.bid, depth),
    asks: best(market, Side.ask, depth),
  };
}

function best({ book, units }: Market, side: Side, depth: number): [string, string][] {
  const levels: [string, string][] = [];
  for (let price = book.best(side); price !== NO_LEVEL && levels.length < depth; price = book.next(side, price))
    levels.push([priceText(price, units), sizeText(book.sizeAt(side, price), units)]);
  return levels;
}

export function accountView(engine: Engine, account: string): Json | undefined {
  const desk = engine.desks.get(account);
  if (desk === undefined) return undefined;
  const { cash, positions, limited } = desk.ledger.content();
  return {
    account,
    balances: cash,
    positions,
    limited,
    halted: desk.halted === '' ? null : desk.halted,
    openOrders: [...desk.orders.values()].filter(({ status }) => !FINAL.has(status)).length,
  };
}

/** An order as it stands, with what an engine of the same moment knows beside it. */
export function orderView(engine: Engine, order: OrderProjection): OrderJson {
  const market = engine.markets.get(order.parameters.instrument);
  return projectionJson(order, {
    definition: market?.instrument.definition,
    trust: market?.effectiveTrust() ?? 'untrusted',
    measured: engine.measured(order.parameters.account, order.orderId),
  });
}
