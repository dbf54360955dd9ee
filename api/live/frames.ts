import type { Engine } from '../../core/engine/engine.js';
import type { MarketEvent } from '../../core/market/events.js';
import type { Market } from '../../core/market/market.js';
import { formatInstant } from '../../core/time.js';
import type { StoredOutcome } from '../../replay/conclusions.js';
import type { Frame, OrderJson } from './live-run.js';
import { bookView } from './views.js';

/** Levels a side in a `book:` frame. */
const FRAME_DEPTH = 20;

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
