import type { BookDelta, BookSnapshot, MarketEvent, Trade } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import type { Dialect, Received, Served, ServedInstrument } from '../loopback/dialect.js';
import { isRecord } from '../mapping/fields.js';
import { isSpot, type BinanceVenue } from './venue.js';

type Channel = 'depth' | 'trade' | 'aggTrade';

/** What one connection was given of one instrument. */
interface Given {
  /** The streams that are open, by channel, as the client named them. */
  readonly streams: Map<string, Channel>;
  /** Last update number that was given, or that of the snapshot that stands for all before it. */
  last: number | undefined;
  /** Messages are missing in the recording before the next one, */
  isBroken: boolean;
  /** which goes on from a snapshot of this number, where one came since. */
  anew: number | undefined;
}

/** Binance's side of a connection: a combined stream at `/stream`, bare events at `/ws`. */
export class BinanceDialect implements Dialect {
  readonly #given = new Map<string, Given>();
  #isCombined = true;

  constructor(readonly venue: BinanceVenue) {}

  greeting(): readonly string[] {
    return [];
  }

  connected(path: string, served: Served): Received {
    const url = new URL(path, 'ws://venue');
    const bare = /(?:^|\/)ws(?:\/(.*))?$/.exec(url.pathname);
    this.#isCombined = bare === null;
    const named = bare === null ? (url.searchParams.get('streams') ?? '') : (bare[1] ?? '');
    const streams = named.split('/').filter((stream) => stream !== '');
    return { answers: [], opens: this.#open(streams, served) };
  }

  receive(text: string, served: Served): Received {
    const request = requestIn(text);
    if (request === undefined) return { answers: [problem(null, 3, 'Invalid JSON: no request')] };
    const { id, method, params } = request;
    switch (method) {
      case 'SUBSCRIBE':
        return { answers: [result(id, null)], opens: this.#open(params, served) };
      case 'UNSUBSCRIBE':
        return { answers: [result(id, null)], closes: this.#close(params, served) };
      case 'LIST_SUBSCRIPTIONS':
        return {
          answers: [
            result(
              id,
              [...this.#given.values()].flatMap(({ streams }) => [...streams.keys()]),
            ),
          ],
        };
      default:
        return { answers: [problem(id, 2, `Invalid request: unknown method ${String(method)}`)] };
    }
  }

  refuse(text: string): readonly string[] | undefined {
    const request = requestIn(text);
    return request?.method === 'SUBSCRIBE' ? [problem(request.id, 2, 'Invalid request: refused')] : undefined;
  }

  /** The book comes over REST; what comes next goes on from what that will hold. */
  opening({ symbol, book }: ServedInstrument): readonly string[] {
    const given = this.#given.get(symbol)!;
    given.last = book.venueSeq;
    mend(given);
    return [];
  }

  say(event: MarketEvent, { symbol }: ServedInstrument): readonly string[] {
    const given = this.#given.get(symbol);
    if (given === undefined) return [];
    switch (event.type) {
      case 'BookDelta':
        return this.#in(given, 'depth', [this.#depth(event, symbol, given)]);
      case 'BookSnapshot':
        snapshotPassed(given, event);
        return [];
      case 'Traded':
        return event.data.trades.flatMap((trade) => [
          ...this.#in(given, 'trade', [this.#trade(trade, symbol, event.data.venueAt)]),
          ...this.#in(
            given,
            'aggTrade',
            trade.notMarket === true ? [] : [aggregated(trade, symbol, event.data.venueAt)],
          ),
        ]);
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

  #depth({ data: { venueAt, venueSeq, bids, asks } }: BookDelta, symbol: string, given: Given): object {
    const last = venueSeq ?? (given.last ?? 0) + 1;
    const numbers = isSpot(this.venue) ? spotNumbers(given, last) : numbersWithHoles(given, last);
    given.last = last;
    mend(given);
    return { e: 'depthUpdate', ...times(venueAt, !isSpot(this.venue)), s: symbol, ...numbers, b: bids, a: asks };
  }

  #trade({ side, price, quantity, tradeId = 0, notMarket }: Trade, symbol: string, venueAt?: EpochMicros): object {
    const kind = isSpot(this.venue)
      ? { M: true, ...(notMarket === true ? { X: 'NA' } : {}) }
      : { X: notMarket === true ? 'NA' : 'MARKET' };
    return {
      e: 'trade',
      ...times(venueAt, true),
      s: symbol,
      t: tradeId,
      p: price,
      q: quantity,
      m: side === 'sell',
      ...kind,
    };
  }

  /** The messages in each stream of a channel that is open. */
  #in({ streams }: Given, channel: Channel, events: readonly object[]): string[] {
    const said: string[] = [];
    for (const [stream, of] of streams)
      if (of === channel)
        for (const data of events) said.push(JSON.stringify(this.#isCombined ? { stream, data } : data));
    return said;
  }

  /** @returns the instruments of which nothing was open before */
  #open(streams: readonly unknown[], served: Served): string[] {
    const opened: string[] = [];
    for (const stream of streams) {
      const [symbol, channel] = partsOf(stream);
      if (channel === undefined || !served.has(symbol)) continue; // the venue takes any name, and sends nothing
      let given = this.#given.get(symbol);
      if (given === undefined) {
        given = { streams: new Map(), last: undefined, isBroken: false, anew: undefined };
        this.#given.set(symbol, given);
        opened.push(symbol);
      }
      given.streams.set(stream as string, channel);
    }
    return opened;
  }

  #close(streams: readonly unknown[], served: Served): string[] {
    const closed: string[] = [];
    for (const stream of streams) {
      const [symbol] = partsOf(stream);
      const given = served.has(symbol) ? this.#given.get(symbol) : undefined;
      given?.streams.delete(stream as string);
      if (given?.streams.size === 0 && this.#given.delete(symbol)) closed.push(symbol);
    }
    return closed;
  }
}

function mend(given: Given): void {
  given.isBroken = false;
  given.anew = undefined;
}

/** A snapshot in the recording: where it does not go on from what was given, neither does the next message, but from it. */
function snapshotPassed(given: Given, { data: { venueSeq } }: BookSnapshot): void {
  if (given.last === undefined) given.last = venueSeq;
  else if (venueSeq !== given.last) {
    given.isBroken = true;
    given.anew = venueSeq;
  }
}

/** Spot: a message begins with the number after the last one. */
function spotNumbers({ last, anew, isBroken }: Given, u: number): object {
  const from = isBroken ? anew : last;
  if (from !== undefined && from < u) return { U: from + 1, u };
  return { U: isBroken && last !== undefined && u === last + 1 ? last : u, u };
}

/** Derivatives: a message names the last one before it, and reaches over any snapshot between the two. */
function numbersWithHoles({ last, anew, isBroken }: Given, u: number): object {
  const from = isBroken ? anew : last;
  if (from !== undefined && from <= u) return { U: from, u, pu: from };
  return { U: u, u, pu: Math.max(u - 1 === last ? u - 2 : u - 1, 0) };
}

function aggregated({ side, price, quantity, tradeId = 0 }: Trade, symbol: string, venueAt?: EpochMicros): object {
  const first = { a: tradeId, p: price, q: quantity, f: tradeId, l: tradeId };
  return { e: 'aggTrade', ...times(venueAt, true), s: symbol, ...first, m: side === 'sell' };
}

/** Event and transaction time: milliseconds, or microseconds where the recording is that fine; neither where it has none. */
function times(venueAt: EpochMicros | undefined, hasTransactionTime: boolean): object {
  if (venueAt === undefined) return {};
  const time = venueAt % 1_000 === 0 ? venueAt / 1_000 : venueAt;
  return hasTransactionTime ? { E: time, T: time } : { E: time };
}

/** `btcusdt@depth@100ms`: the instrument, and the channel where it is one that is served. */
function partsOf(stream: unknown): [symbol: string, channel: Channel | undefined] {
  const match = typeof stream === 'string' ? /^([^@]+)@(depth|trade|aggTrade)(@\d+ms)?$/.exec(stream) : null;
  return match === null ? ['', undefined] : [match[1]!.toUpperCase(), match[2] as Channel];
}

interface ClientRequest {
  readonly id: unknown;
  readonly method: unknown;
  readonly params: readonly unknown[];
}

function requestIn(text: string): ClientRequest | undefined {
  let request: unknown;
  try {
    request = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(request)) return undefined;
  const { id = null, method, params } = request;
  return { id, method, params: Array.isArray(params) ? params : [] };
}

const result = (id: unknown, value: unknown): string => JSON.stringify({ result: value, id });
const problem = (id: unknown, code: number, msg: string): string => JSON.stringify({ error: { code, msg }, id });
