import type { BookDelta, BookSnapshot, MarketEvent, Traded } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import type { Dialect, Received, Served, ServedInstrument, VenueServer } from '../loopback/dialect.js';
import { isRecord, type JsonRecord } from '../mapping/fields.js';
import type { Request } from '../venue.js';
import { categoryOf, readTopic, type BybitVenue, type Category } from './venue.js';

/** Bybit's own side (v5). */
export function serverOf(venue: BybitVenue): VenueServer {
  return {
    newDialect: () => new BybitDialect(),
    reply: (request, served) => reply(venue, request, served),
  };
}

class BybitDialect implements Dialect {
  /** The topic by which each open book goes. */
  readonly #topics = new Map<string, string>();
  /** `u` of the last message of each book that began with its snapshot. */
  readonly #updates = new Map<string, number>();
  /** Books of which the recording itself lost a message: the next one does not go on. */
  readonly #broken = new Set<string>();
  #trades = 0;

  greeting(): readonly string[] {
    return [];
  }

  receive(text: string, served: Served): Received {
    const message = read(text);
    const { op, req_id, args } = message;
    const told = typeof req_id === 'string' ? { req_id } : {};
    if (op === 'ping') return { answers: [answer({ success: true, ret_msg: 'pong', ...told, op })] };
    if ((op !== 'subscribe' && op !== 'unsubscribe') || !Array.isArray(args))
      return { answers: [answer({ success: false, ret_msg: 'Request parameter error', ...told, op: String(op) })] };
    const topics = args.map((name) => ({ name: String(name), topic: readTopic(String(name)) }));
    const unknown = topics.find(({ topic }) => topic?.form !== 'v5' || !served.has(topic.symbol));
    if (unknown !== undefined)
      return { answers: [answer({ success: false, ret_msg: `handler not found,topic:${unknown.name}`, ...told, op })] };
    const books = topics.flatMap(({ name, topic }) => (topic?.kind === 'book' ? [{ name, symbol: topic.symbol }] : []));
    for (const { name, symbol } of books) {
      this.#updates.delete(symbol);
      if (op === 'subscribe') this.#topics.set(symbol, name);
    }
    const symbols = books.map(({ symbol }) => symbol);
    return {
      answers: [answer({ success: true, ret_msg: '', ...told, op })],
      ...(op === 'subscribe' ? { opens: symbols } : { closes: symbols }),
    };
  }

  refuse(text: string): readonly string[] | undefined {
    const { op, req_id } = read(text);
    if (op !== 'subscribe') return undefined;
    return [answer({ success: false, ret_msg: 'refused', ...(typeof req_id === 'string' ? { req_id } : {}), op })];
  }

  opening(instrument: ServedInstrument): readonly string[] {
    const told = instrument.book.toldAt(0);
    return told?.type === 'BookSnapshot' ? this.say(told, instrument) : [];
  }

  say(event: MarketEvent, { symbol }: ServedInstrument): readonly string[] {
    switch (event.type) {
      case 'BookSnapshot':
        return [this.#snapshot(event, symbol)];
      case 'BookDelta':
        return this.#delta(event, symbol);
      case 'Traded':
        return [this.#traded(event, symbol)];
      case 'FeedInterrupted':
        if (event.data.reason !== 'silent') this.#broken.add(symbol);
        return [];
      case 'FeedResumed':
        this.#broken.delete(symbol);
        return [];
      case 'InstrumentDefined':
        return [];
    }
  }

  #snapshot(event: BookSnapshot, symbol: string): string {
    this.#broken.delete(symbol);
    const update = event.data.venueSeq ?? (this.#updates.get(symbol) ?? 0) + 1;
    this.#updates.set(symbol, update);
    return this.#book('snapshot', event, symbol, update);
  }

  #delta(event: BookDelta, symbol: string): readonly string[] {
    const last = this.#updates.get(symbol);
    const { venueSeq, dropped } = event.data;
    // what was left out is said again where it will be left out again: before a snapshot, or as older than one
    if (last === undefined || dropped === true)
      return venueSeq === undefined || venueSeq > (last ?? Infinity)
        ? []
        : [this.#book('delta', event, symbol, venueSeq)];
    const update = this.#broken.delete(symbol) ? Math.max(venueSeq ?? 0, last + 2) : last + 1;
    this.#updates.set(symbol, update);
    return [this.#book('delta', event, symbol, update)];
  }

  #book(type: 'snapshot' | 'delta', event: BookSnapshot | BookDelta, symbol: string, update: number): string {
    const { bids, asks, venueAt = event.at } = event.data;
    const at = millis(venueAt);
    const data = { s: symbol, b: bids, a: asks, u: update, seq: update };
    return JSON.stringify({ topic: this.#topics.get(symbol), type, ts: at, data, cts: at });
  }

  #traded({ at, data: { venueAt = at, trades } }: Traded, symbol: string): string {
    const T = millis(venueAt);
    const data = trades.map(({ side, price, quantity, tradeId, notMarket }) => ({
      T,
      s: symbol,
      S: side === 'buy' ? 'Buy' : 'Sell',
      v: quantity,
      p: price,
      i:
        tradeId === undefined ? `00000000-0000-5000-8000-${String(++this.#trades).padStart(12, '0')}` : String(tradeId),
      BT: notMarket === true,
    }));
    return JSON.stringify({ topic: `publicTrade.${symbol}`, type: 'snapshot', ts: T, data });
  }
}

const millis = (at: EpochMicros): number => Math.floor(at / 1_000);

const answer = (message: object): string => JSON.stringify({ ...message, conn_id: 'loopback' });

function read(text: string): JsonRecord {
  try {
    const message: unknown = JSON.parse(text);
    return isRecord(message) ? message : {};
  } catch {
    return {};
  }
}

/** `/v5/market/instruments-info` */
function reply(venue: BybitVenue, { path }: Request, served: Served): string | undefined {
  const [route, query = ''] = path.split('?');
  if (route !== '/v5/market/instruments-info') return undefined;
  const category = categoryOf(venue);
  const parameters = new URLSearchParams(query);
  const wanted = parameters.get('symbol');
  const isRight = parameters.get('category') === category;
  const list = [...served.values()]
    .filter(({ symbol }) => isRight && (wanted === null || wanted === symbol))
    .map((instrument) => instrumentOf(category, instrument));
  return JSON.stringify({ retCode: 0, retMsg: 'OK', result: { category, list, nextPageCursor: '' } });
}

function instrumentOf(category: Category, { symbol, definition }: ServedInstrument): object {
  const { base, quote, settlement, tickSize, lotSize, minQuantity, minNotional } = definition;
  const common = { symbol, baseCoin: base, quoteCoin: quote, status: 'Trading', priceFilter: { tickSize } };
  const minimum = { minOrderQty: minQuantity };
  return category === 'spot'
    ? { ...common, lotSizeFilter: { basePrecision: lotSize, ...minimum, minOrderAmt: minNotional } }
    : {
        ...common,
        contractType: category === 'linear' ? 'LinearPerpetual' : 'InversePerpetual',
        settleCoin: settlement,
        lotSizeFilter: { qtyStep: lotSize, ...minimum, minNotionalValue: minNotional },
      };
}
