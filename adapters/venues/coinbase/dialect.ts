import type { BookDelta, BookSnapshot, LevelText, MarketEvent, Traded } from '../../../core/market/events.js';
import { formatInstant, type EpochMicros } from '../../../core/time.js';
import type { Dialect, Received, Served, ServedInstrument, VenueServer } from '../loopback/dialect.js';
import { isRecord, type JsonRecord } from '../mapping/fields.js';
import type { Request } from '../venue.js';
import { UNKNOWN_TIME } from './advanced-messages.js';

/** Coinbase's own side (Advanced Trade). */
export const SERVER: VenueServer = { newDialect: () => new CoinbaseDialect(), reply };

const PRODUCT_CHANNELS: readonly unknown[] = ['level2', 'market_trades'];

class CoinbaseDialect implements Dialect {
  /** `sequence_num` of the next message, whatever its channel. */
  #number = 0;
  #beats = 0;
  #trades = 0;
  /** Latest time that was told: what the connection itself says bears it. */
  #told = UNKNOWN_TIME;
  readonly #subscribed: Record<string, string[]> = {};
  /** Books that began with their snapshot. */
  readonly #begun = new Set<string>();

  greeting(): readonly string[] {
    return [];
  }

  receive(text: string, served: Served): Received {
    const { type, channel, product_ids: ids = [] } = read(text);
    if ((type !== 'subscribe' && type !== 'unsubscribe') || typeof channel !== 'string' || !Array.isArray(ids))
      return { answers: [refusal('the message is no subscription')] };
    if (channel !== 'heartbeats' && !PRODUCT_CHANNELS.includes(channel))
      return { answers: [refusal(`${channel} is no channel`)] };
    const symbols = ids.map(String);
    const unknown = symbols.find((symbol) => !served.has(symbol));
    if (unknown !== undefined) return { answers: [refusal(`${unknown} is no product`)] };
    const others = (this.#subscribed[channel] ?? []).filter((symbol) => !symbols.includes(symbol));
    this.#subscribed[channel] = type === 'subscribe' ? [...others, ...symbols] : others;
    const answers = [this.#message('subscriptions', [{ subscriptions: this.#subscribed }], this.#told)];
    if (channel !== 'level2') return { answers };
    for (const symbol of symbols) this.#begun.delete(symbol);
    return { answers, ...(type === 'subscribe' ? { opens: symbols } : { closes: symbols }) };
  }

  refuse(text: string): readonly string[] | undefined {
    return read(text)['type'] === 'subscribe' ? [refusal('the subscription is refused')] : undefined;
  }

  opening(instrument: ServedInstrument): readonly string[] {
    const told = instrument.book.toldAt(0);
    return told?.type === 'BookSnapshot' ? this.say(told, instrument) : [];
  }

  say(event: MarketEvent, { symbol }: ServedInstrument): readonly string[] {
    switch (event.type) {
      case 'BookSnapshot':
        this.#begun.add(symbol);
        return [this.#book('snapshot', event, symbol)];
      case 'BookDelta':
        // what was left out before a snapshot will be left out again
        return event.data.dropped === true && this.#begun.has(symbol) ? [] : [this.#book('update', event, symbol)];
      case 'Traded':
        return this.#traded(event, symbol);
      case 'FeedInterrupted':
        if (event.data.reason !== 'silent') this.#number++; // the recording lost a message, and so does this connection
        return [];
      case 'FeedResumed':
      case 'InstrumentDefined':
        return [];
    }
  }

  heartbeat(): string {
    const event = { current_time: this.#told, heartbeat_counter: ++this.#beats };
    return this.#message('heartbeats', [event], this.#told);
  }

  #book(type: 'snapshot' | 'update', { data }: BookSnapshot | BookDelta, symbol: string): string {
    const time = textOf(data.venueAt);
    const updatesOf = (side: string, levels: readonly LevelText[]): object[] =>
      levels.map(([price_level, new_quantity]) => ({ side, event_time: time, price_level, new_quantity }));
    const updates = [...updatesOf('bid', data.bids), ...updatesOf('offer', data.asks)];
    return this.#message('l2_data', [{ type, product_id: symbol, updates }], time);
  }

  /** The feed tells market trades only. */
  #traded({ data }: Traded, symbol: string): readonly string[] {
    const time = textOf(data.venueAt);
    const trades = data.trades
      .filter(({ notMarket }) => notMarket !== true)
      .map(({ side, price, quantity, tradeId }) => ({
        trade_id: tradeId === undefined ? `unnumbered-${++this.#trades}` : String(tradeId),
        product_id: symbol,
        price,
        size: quantity,
        side: side === 'buy' ? 'SELL' : 'BUY', // the maker's
        time,
      }));
    return trades.length === 0 ? [] : [this.#message('market_trades', [{ type: 'update', trades }], time)];
  }

  #message(channel: string, events: readonly object[], timestamp: string): string {
    this.#told = timestamp;
    return JSON.stringify({ channel, client_id: '', timestamp, sequence_num: this.#number++, events });
  }
}

const textOf = (at: EpochMicros | undefined): string => (at === undefined ? UNKNOWN_TIME : formatInstant(at));

const refusal = (message: string): string => JSON.stringify({ type: 'error', message });

function read(text: string): JsonRecord {
  try {
    const message: unknown = JSON.parse(text);
    return isRecord(message) ? message : {};
  } catch {
    return {};
  }
}

/** `/api/v3/brokerage/market/products` */
function reply({ path }: Request, served: Served): string | undefined {
  const [route, query = ''] = path.split('?');
  if (route !== '/api/v3/brokerage/market/products') return undefined;
  const wanted = new URLSearchParams(query).getAll('product_ids');
  const products = [...served.values()]
    .filter(({ symbol }) => wanted.length === 0 || wanted.includes(symbol))
    .map(productOf);
  return JSON.stringify({ products, num_products: products.length });
}

function productOf({ symbol, definition }: ServedInstrument): object {
  const { kind, base, quote, tickSize, lotSize, minQuantity, minNotional, multiplier } = definition;
  const isFuture = kind !== 'spot';
  return {
    product_id: symbol,
    product_type: isFuture ? 'FUTURE' : 'SPOT',
    base_currency_id: isFuture ? '' : base,
    quote_currency_id: quote,
    price_increment: tickSize,
    quote_increment: tickSize,
    base_increment: lotSize,
    base_min_size: minQuantity,
    quote_min_size: minNotional,
    status: 'online',
    ...(isFuture ? { future_product_details: { contract_root_unit: base, contract_size: multiplier } } : {}),
  };
}
