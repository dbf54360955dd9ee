import type { BookDelta, LevelText, MarketEvent, Traded } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import type { Dialect, Received, RestAnswer, Served, ServedInstrument, VenueServer } from '../loopback/dialect.js';
import { isRecord, type JsonRecord } from '../mapping/fields.js';
import type { Request } from '../venue.js';

/** KuCoin's own side. */
export const SERVER: VenueServer = { newDialect: () => new KucoinDialect(), reply };

class KucoinDialect implements Dialect {
  readonly #given = new Map<string, Given>();
  #trades = 0;

  greeting(): readonly string[] {
    return [JSON.stringify({ id: 'loopback', type: 'welcome' })];
  }

  receive(text: string, served: Served): Received {
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

  refuse(text: string): readonly string[] | undefined {
    const { id, type } = read(text);
    if (type !== 'subscribe') return undefined;
    return [JSON.stringify({ id, type: 'error', code: 403, data: 'the subscription is refused' })];
  }

  /** The book itself comes over REST; what comes next goes on from what that will hold. */
  opening({ symbol, book }: ServedInstrument): readonly string[] {
    this.#given.set(symbol, { last: book.venueSeq, isBroken: false, anew: undefined });
    return [];
  }

  say(event: MarketEvent, { symbol }: ServedInstrument): readonly string[] {
    const given = this.#given.get(symbol);
    if (given === undefined) return [];
    switch (event.type) {
      case 'BookSnapshot':
        snapshotPassed(given, event.data.venueSeq);
        return [];
      case 'BookDelta':
        return changed(event.data, symbol, given);
      case 'Traded':
        return this.#traded(event, symbol);
      case 'FeedInterrupted':
        given.isBroken ||= event.data.reason !== 'silent';
        return [];
      case 'FeedResumed':
        mend(given);
        return [];
      case 'InstrumentDefined':
        return [];
    }
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

/** What one connection was given of one book. */
interface Given {
  /** Last update that was given, or that of the snapshot that stands for all before it. */
  last: number | undefined;
  /** Messages are missing in the recording before the next one, */
  isBroken: boolean;
  /** which goes on from a snapshot of this number, where one came since. */
  anew: number | undefined;
}

function mend(given: Given): void {
  given.isBroken = false;
  given.anew = undefined;
}

/** A snapshot in the recording: where it does not go on from what was given, neither does the next message, but from it. */
function snapshotPassed(given: Given, sequence: number | undefined): void {
  if (given.last === undefined) given.last = sequence;
  else if (sequence !== given.last) {
    given.isBroken = true;
    given.anew = sequence;
  }
}

function changed({ bids, asks, venueAt, venueSeq }: BookDelta['data'], symbol: string, given: Given): string[] {
  const { last, isBroken, anew } = given;
  const sequenceEnd = venueSeq ?? (last ?? 0) + 1;
  const from = isBroken ? anew : last;
  const sequenceStart = from !== undefined && from < sequenceEnd ? from + 1 : sequenceEnd;
  given.last = sequenceEnd;
  mend(given);
  // where the numbers would go on, one that is too high comes before
  const isHidden = isBroken && last !== undefined && sequenceStart === last + 1;
  const ahead = isHidden ? [update(symbol, last + 2, last + 2, { bids: [], asks: [] })] : [];
  return [...ahead, update(symbol, sequenceStart, sequenceEnd, { bids, asks, venueAt })];
}

function update(
  symbol: string,
  sequenceStart: number,
  sequenceEnd: number,
  { bids, asks, venueAt }: Pick<BookDelta['data'], 'bids' | 'asks'> & { readonly venueAt?: EpochMicros | undefined },
): string {
  const changesOf = (levels: readonly LevelText[]): string[][] =>
    levels.map(([price, size]) => [price, size, String(sequenceEnd)]);
  // what changes no level still has a number
  const nothing = bids.length + asks.length === 0 ? [['0', '0', String(sequenceEnd)]] : [];
  return message(`/market/level2:${symbol}`, 'trade.l2update', {
    changes: { asks: [...changesOf(asks), ...nothing], bids: changesOf(bids) },
    sequenceEnd,
    sequenceStart,
    symbol,
    ...(venueAt === undefined ? {} : { time: Math.floor(venueAt / 1_000) }),
  });
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
function reply({ path }: Request, served: Served, base: { readonly socket: string }): string | RestAnswer | undefined {
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
const refused = (status: number, code: string, msg: string): RestAnswer => ({
  status,
  text: JSON.stringify({ code, msg }),
});

/** All of the book, however many levels were asked for: the session is to be told whole. */
function bookOf(instrument: ServedInstrument | undefined): string | RestAnswer {
  if (instrument === undefined) return refused(400, '400100', 'there is no such symbol');
  const told = instrument.book.toldAt(0);
  if (told?.type !== 'BookSnapshot') return refused(503, '503000', 'the book is not known now');
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
