import type { Engine } from '../../core/engine/engine.js';
import { NO_LEVEL } from '../../core/market/book.js';
import { Side } from '../../core/market/columns.js';
import type { MarketEvent } from '../../core/market/events.js';
import { priceText, sizeText } from '../../core/market/instrument.js';
import type { Market } from '../../core/market/market.js';
import { formatInstant } from '../../core/time.js';
import type { StoredOutcome } from '../../replay/conclusions.js';
import type { BookView, Frame, OrderJson } from './live-run.js';

/** Levels a side in a `book:` frame. */
const FRAME_DEPTH = 20;

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

export function bookFrame(engine: Engine, market: Market): Frame {
  const { at, bookAt, position, ...view } = bookView(engine, market, FRAME_DEPTH);
  return {
    channel: `book:${view.instrument}`,
    position,
    type: 'Book',
    data: { ...view, at: formatInstant(at), bookAt: formatInstant(bookAt) },
  };
}

/** A trade's frame; `seq` is that of its input, `n` the last outcome before it. */
export function tradeFrame(event: MarketEvent & { type: 'Traded' }, seq: number, n: number): Frame {
  const { instrument, venueAt, trades } = event.data;
  return {
    channel: `trades:${instrument}`,
    position: `${seq}.${n}`,
    type: 'Traded',
    data: {
      instrument,
      receivedAt: formatInstant(event.at),
      ...(venueAt === undefined ? {} : { venueAt: formatInstant(venueAt) }),
      trades: trades.map((trade) => ({ ...trade })),
    },
  };
}

/** An outcome on its order's own channel. */
export function outcomeFrame(outcome: StoredOutcome, orderId: string, seq: number): Frame {
  const { n = 0, at, cause, type, data } = outcome;
  return {
    channel: `order:${orderId}`,
    position: `${seq}.${n}`,
    type,
    data: { ...(data as object), at: formatInstant(at), cause },
  };
}

/** The order as it stands after an outcome, on the channel of all orders. `json` is asked only when somebody looks. */
export function orderFrame(json: () => OrderJson, outcome: StoredOutcome, seq: number): Frame {
  return {
    channel: 'orders',
    position: `${seq}.${outcome.n ?? 0}`,
    type: outcome.type,
    get data() {
      return json();
    },
  };
}
