import type { Pairs } from '../mini-recording.js';

/** Messages of Advanced Trade on one connection, numbered as they are made. */
export class AdvancedConnection {
  #number: number;

  constructor(first = 0) {
    this.#number = first;
  }

  /** The number of the next message is lost. */
  lose(): this {
    this.#number++;
    return this;
  }

  book(type: 'snapshot' | 'update', b: Pairs, a: Pairs, { symbol = 'AAA-USD', eventTime = TIME } = {}): object {
    return this.message('l2_data', [bookEvent(type, b, a, symbol, eventTime)]);
  }

  trades(type: 'snapshot' | 'update', trades: readonly object[]): object {
    const whole = trades.map((trade) => ({
      trade_id: '7',
      product_id: 'AAA-USD',
      price: '10.5',
      size: '2',
      side: 'SELL',
      time: TIME,
      ...trade,
    }));
    return this.message('market_trades', [{ type, trades: whole }]);
  }

  heartbeat(): object {
    return this.message('heartbeats', [{ current_time: TIME, heartbeat_counter: 1 }]);
  }

  message(channel: string, events: readonly object[]): object {
    const timestamp = '2024-01-01T00:00:00.123456789Z';
    return { channel, client_id: '', timestamp, sequence_num: this.#number++, events };
  }
}

const TIME = '2024-01-01T00:00:00.1Z';

export function bookEvent(type: string, b: Pairs, a: Pairs, symbol = 'AAA-USD', eventTime = TIME): object {
  const updatesOf = (side: string, levels: Pairs): object[] =>
    levels.map(([price_level, new_quantity]) => ({ side, event_time: eventTime, price_level, new_quantity }));
  return { type, product_id: symbol, updates: [...updatesOf('bid', b), ...updatesOf('offer', a)] };
}

/** Messages of the exchange's own feed, as in 2021. */
export const exchange = {
  snapshot: (bids: Pairs, asks: Pairs): object => ({ type: 'snapshot', product_id: 'AAA-USD', asks, bids }),
  update: (...changes: readonly (readonly string[])[]): object => ({
    type: 'l2update',
    product_id: 'AAA-USD',
    changes,
    time: TIME,
  }),
  match: (more: object = {}): object => ({
    type: 'match',
    trade_id: 7,
    maker_order_id: 'm',
    taker_order_id: 't',
    side: 'sell',
    size: '2',
    price: '10.5',
    product_id: 'AAA-USD',
    sequence: 99,
    time: TIME,
    ...more,
  }),
};
