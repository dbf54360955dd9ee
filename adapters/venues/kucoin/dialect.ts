import type { BookDelta, LevelText, MarketEvent, Traded } from '../../../core/market/events.js';
import type { Dialect, ServedInstrument, VenueServer } from '../loopback/dialect.js';
import { isRecord, type JsonRecord } from '../mapping/fields.js';
import type { Request } from '../venue.js';

/** KuCoin's own side. */
export const SERVER: VenueServer = { newDialect: () => new KucoinDialect(), reply };

class KucoinDialect implements Dialect {
  /** The last update of each open book that was told. */
  readonly #updates = new Map<string, number>();
  /** Books of which the recording itself lost a message: the next one does not go on. */
  readonly #broken = new Set<string>();
  #trades = 0;

  greeting(): readonly string[] {
    return [JSON.stringify({ id: 'loopback', type: 'welcome' })];
  }

  receive(text: string, served: ReadonlyMap<string, ServedInstrument>): ReturnType<Dialect['receive']> {
    const { id: asked, type, topic, response } = read(text);
    const id = typeof asked === 'string' || typeof asked === 'number' ? String(asked) : '';
    if (type === 'ping') return { answers: [JSON.stringify({ id, type: 'pong' })] };
    const [, channel, names] = /^\/market\/(level2|match):(\S+)$/.exec(String(topic)) ?? [];
    const symbols = names?.split(',') ?? [];
    if (
      (type !== 'subscribe' && type !== 'unsubscribe') ||
      symbols.length === 0 ||
      !symbols.every((one) => served.has(one))
    )
      return {
        answers: [JSON.stringify({ id, type: 'error', code: 404, data: `topic ${String(topic)} is not found` })],
      };
    const answers = response === true ? [JSON.stringify({ id, type: 'ack' })] : [];
    if (channel !== 'level2') return { answers };
    return { answers, ...(type === 'subscribe' ? { opens: symbols } : { closes: symbols }) };
  }

  /** The book itself comes over REST. */
  opening({ symbol, book }: ServedInstrument): readonly string[] {
    const told = book.toldAt(0);
    this.#broken.delete(symbol);
    if (told?.type === 'BookSnapshot' && told.data.venueSeq !== undefined)
      this.#updates.set(symbol, told.data.venueSeq);
    else this.#updates.delete(symbol);
    return [];
  }

  say(event: MarketEvent, { symbol }: ServedInstrument): readonly string[] {
    switch (event.type) {
      case 'BookSnapshot':
        this.#broken.delete(symbol);
        this.#updates.set(symbol, Math.max(event.data.venueSeq ?? 0, this.#updates.get(symbol) ?? 0));
        return [];
      case 'BookDelta':
        return [this.#changed(event, symbol)];
      case 'Traded':
        return this.#traded(event, symbol);
      case 'FeedInterrupted':
        if (event.data.reason !== 'silent') this.#broken.add(symbol);
        return [];
      default:
        return [];
    }
  }

  #changed({ data: { bids, asks, venueAt, venueSeq } }: BookDelta, symbol: string): string {
    const last = this.#updates.get(symbol);
    const end = venueSeq ?? (last ?? 0) + 1;
    const start = last === undefined || this.#broken.delete(symbol) ? end : Math.min(last + 1, end);
    this.#updates.set(symbol, end);
    const changesOf = (levels: readonly LevelText[]): string[][] =>
      levels.map(([price, size]) => [price, size, String(end)]);
    // what changes no level still has a number
    const nothing = bids.length + asks.length === 0 ? [['0', '0', String(end)]] : [];
    const data = {
      changes: { asks: [...changesOf(asks), ...nothing], bids: changesOf(bids) },
      sequenceEnd: end,
      sequenceStart: start,
      symbol,
      ...(venueAt === undefined ? {} : { time: Math.floor(venueAt / 1_000) }),
    };
    return message(`/market/level2:${symbol}`, 'trade.l2update', data);
  }

  /** One message for each trade; the feed tells market trades only. */
  #traded({ at, data: { trades, venueAt = at } }: Traded, symbol: string): readonly string[] {
    return trades
      .filter(({ notMarket }) => notMarket !== true)
      .map(({ side, price, quantity, tradeId }) =>
        message(`/market/match:${symbol}`, 'trade.l3match', {
          symbol,
          side,
          price,
          size: quantity,
          tradeId: tradeId === undefined ? `f${(++this.#trades).toString(16).padStart(23, '0')}` : String(tradeId),
          time: `${venueAt}000`,
          type: 'match',
        }),
      );
  }
}

const message = (topic: string, subject: string, data: object): string =>
  JSON.stringify({ topic, type: 'message', subject, data });

function read(text: string): JsonRecord {
  try {
    const told: unknown = JSON.parse(text);
    return isRecord(told) ? told : {};
  } catch {
    return {};
  }
}

/** `bullet-public`, the order book and the symbols. */
function reply(
  { path }: Request,
  served: ReadonlyMap<string, ServedInstrument>,
  base: { readonly socket: string },
): string | undefined {
  const [route = '', query = ''] = path.split('?');
  if (route === '/api/v1/bullet-public') {
    const server = {
      endpoint: base.socket,
      encrypt: false,
      protocol: 'websocket',
      pingInterval: 18_000,
      pingTimeout: 10_000,
    };
    return ok({ token: 'loopback', instanceServers: [server] });
  }
  if (/^\/api\/v[12]\/symbols$/.test(route)) return ok([...served.values()].map(symbolOf));
  if (/^\/api\/v\d\/market\/orderbook\/level2(_\d+)?$/.test(route))
    return bookOf(served.get(new URLSearchParams(query).get('symbol') ?? ''));
  return undefined;
}

const ok = (data: unknown): string => JSON.stringify({ code: '200000', data });
const refused = (code: string, msg: string): string => JSON.stringify({ code, msg });

/** All of the book, however many levels were asked for: the session is to be told whole. */
function bookOf(instrument: ServedInstrument | undefined): string {
  if (instrument === undefined) return refused('400100', 'symbol not exists');
  const told = instrument.book.toldAt(0);
  if (told?.type !== 'BookSnapshot') return refused('503000', 'the book is not known now');
  const { bids, asks, venueAt, venueSeq = 0 } = told.data;
  const time = venueAt === undefined ? {} : { time: Math.floor(venueAt / 1_000) };
  return ok({ ...time, sequence: String(venueSeq), bids, asks });
}

function symbolOf({ symbol, definition }: ServedInstrument): object {
  const { base, quote, tickSize, lotSize, minQuantity, minNotional } = definition;
  return {
    symbol,
    name: symbol,
    baseCurrency: base,
    quoteCurrency: quote,
    baseMinSize: minQuantity,
    baseIncrement: lotSize,
    priceIncrement: tickSize,
    minFunds: minNotional,
    feeCategory: 1,
    makerFeeCoefficient: '1.00',
    takerFeeCoefficient: '1.00',
    enableTrading: true,
  };
}
