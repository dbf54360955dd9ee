import { Flag, Side } from '../../../core/market/columns.js';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { Definitions } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, type JsonRecord, parsed, record, whole } from '../mapping/fields.js';
import type { MarketLine } from '../mapping/market-line.js';
import { MarketLines } from '../mapping/market-lines.js';
import type { UpdateRange } from '../mapping/sequence.js';
import type { MarketSink } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { readInstruments } from './instruments.js';
import { describe, tableOf } from './rules.js';
import { type BinanceVenue, isSpot, sequenceOf } from './venue.js';

type Channel = 'depth' | 'trade' | 'aggTrade' | 'other';

const EVENTS: Readonly<Record<string, Channel>> = { depthUpdate: 'depth', trade: 'trade', aggTrade: 'aggTrade' };

/** Makes inputs of Binance's messages: spot, USD-M, COIN-M and Binance US speak alike but for the update numbers. */
export class BinanceMapper implements VenueMapper {
  readonly #venue: BinanceVenue;
  readonly #lines: MarketLines;
  readonly #definitions: Definitions;
  readonly #channels = new Map<string, Channel>();
  /** What each instrument traded at last, only for telling whose a reply without a symbol is. */
  readonly #touch = new Map<MarketLine, string>();
  /** Instruments whose single trades are recorded: aggregated ones would tell them twice. */
  readonly #single = new Set<MarketLine>();

  constructor(venue: BinanceVenue, sink: MarketSink) {
    this.#venue = venue;
    this.#lines = new MarketLines(venue, sink, () => ({
      sequence: sequenceOf(venue),
      snapshots: 'rest',
      ahead: (reply, symbol) => this.#numberOf(reply, symbol),
    }));
    this.#definitions = new Definitions(
      venue,
      (symbol) => describe(venue, symbol),
      (reply) => readInstruments(venue, reply),
      tableOf(venue),
    );
  }

  accept(frame: Frame, source: Source): boolean | Promise<boolean> {
    if (frame.kind === 'reply' && this.#definitions.learn(frame)) return false;
    const message = parsed(frame.text);
    if (!isRecord(message)) throw new MessageFault('bad_line', 'no JSON object stands on this line');
    const { stream, data, e } = message;
    if (typeof stream === 'string') return this.#event(this.#channel(stream), data, frame.at, source);
    // a stream that is not combined sends its events bare
    if (typeof e === 'string') return this.#event(EVENTS[e] ?? 'other', message, frame.at, source);
    if (!('lastUpdateId' in message)) return false;
    this.#snapshot(message, frame, source);
    return true;
  }

  #event(channel: Channel, data: unknown, at: EpochMicros, source: Source): boolean | Promise<boolean> {
    switch (channel) {
      case 'depth':
        return this.#depth(record('data', data), at, source);
      case 'trade':
        return this.#trade(record('data', data), at, source, 't');
      case 'aggTrade':
        return this.#trade(record('data', data), at, source, 'a');
      case 'other':
        return false;
    }
  }

  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void {
    this.#lines.interrupt(source, at, reason, detail, symbols);
  }

  finish(): InstrumentDefinition[] {
    return this.#lines.finish((symbol, seen) => this.#definitions.define(symbol, seen));
  }

  #channel(stream: string): Channel {
    let channel = this.#channels.get(stream);
    if (channel === undefined) {
      const name = stream.slice(stream.indexOf('@') + 1);
      // `depth20@100ms` is the best twenty levels anew each time, no difference to what was
      if (/^depth(@\d+ms)?$/.test(name)) channel = 'depth';
      else channel = name === 'trade' || name === 'aggTrade' ? name : 'other';
      this.#channels.set(stream, channel);
    }
    return channel;
  }

  #trade(data: JsonRecord, receivedAt: EpochMicros, source: Source, id: 't' | 'a'): boolean {
    const line = this.#lines.line(data['s'], receivedAt, source);
    if (typeof data['m'] !== 'boolean') throw new MessageFault('bad_message', '"m" is missing or no boolean');
    if (id === 't') this.#single.add(line);
    else if (this.#single.has(line)) return false;
    const isMarket = data['X'] === undefined || data['X'] === 'MARKET';
    const trade = {
      side: data['m'] ? Side.sell : Side.buy, // m: the buyer was the maker, so the taker sold
      price: data['p'],
      size: data['q'],
      id: whole(id, data[id]),
      flags: isMarket ? 0 : Flag.notMarket,
    };
    line.trade({ receivedAt, venueAt: venueTime(data) }, [trade]);
    if (isMarket) this.#touch.set(line, data['p'] as string);
    return true;
  }

  #depth(data: JsonRecord, receivedAt: EpochMicros, source: Source): boolean | Promise<boolean> {
    const line = this.#lines.bookLine(data['s'], receivedAt, source);
    const range: UpdateRange = {
      first: whole('U', data['U']),
      last: whole('u', data['u']),
      previous: isSpot(this.#venue) ? undefined : whole('pu', data['pu']),
    };
    const taken = line.delta({ receivedAt, venueAt: venueTime(data), range }, data['b'], data['a']);
    return taken === undefined ? true : taken.then(() => true);
  }

  #snapshot(reply: JsonRecord, frame: Frame, source: Source): void {
    const line = this.#lines.line(this.#ownerOf(reply, frame, source) ?? source.symbol, frame.at, source);
    const id = whole('lastUpdateId', reply['lastUpdateId']);
    const head = { receivedAt: frame.at, venueAt: venueTime(reply), range: { first: id, last: id } };
    line.snapshot(head, reply['bids'], reply['asks']);
  }

  /** Whose reply it is: it or its request says so, or the source has one instrument, or its prices leave one only. */
  #ownerOf(reply: JsonRecord, frame: Frame, source: Source): string | undefined {
    const named = namedIn(reply, frame);
    if (named !== undefined) return named;
    const lines = this.#lines.of(source);
    if (lines.length <= 1) return lines[0]?.symbol;
    const owners = lines.filter((line) => this.#isOf(line, reply));
    if (owners.length === 1) return owners[0]!.symbol;
    throw new MessageFault(
      'ambiguous_snapshot',
      `a snapshot that names no instrument, in a recording of ${lines.map(({ symbol }) => symbol).join(', ')}`,
      'put the lines of each instrument into a file of its own',
    );
  }

  /** The number of the book in a reply that is this instrument's. */
  #numberOf(frame: Frame, symbol: string): number | undefined {
    const reply = parsed(frame.text);
    if (!isRecord(reply) || typeof reply['lastUpdateId'] !== 'number') return undefined;
    const named = namedIn(reply, frame);
    const line = this.#lines.find(symbol);
    const isMine = named === undefined ? line !== undefined && this.#isOf(line, reply) : named === symbol;
    return isMine ? whole('lastUpdateId', reply['lastUpdateId']) : undefined;
  }

  /** Whether a reply without a name can be of this instrument: by prices of the same order as its last trade. */
  #isOf(line: MarketLine, reply: JsonRecord): boolean {
    const bid = bestBid(reply['bids']);
    const touch = this.#touch.get(line);
    if (bid === undefined || touch === undefined) return true;
    const ratio = Number(bid) / Number(touch);
    return ratio > 0.5 && ratio < 2;
  }
}

/** The symbol that a reply (COIN-M) or its request names. */
function namedIn(reply: JsonRecord, { url }: Frame): string | undefined {
  if (typeof reply['symbol'] === 'string') return reply['symbol'];
  return url === undefined ? undefined : /[?&]symbol=([^&]+)/.exec(url)?.[1]?.toUpperCase();
}

function bestBid(bids: unknown): string | undefined {
  if (!Array.isArray(bids)) return undefined;
  let best: string | undefined;
  for (const level of bids as readonly unknown[]) {
    const price: unknown = Array.isArray(level) ? level[0] : undefined;
    if (typeof price === 'string' && (best === undefined || Number(price) > Number(best))) best = price;
  }
  return best;
}

/** Transaction time, else event time, in microseconds; 0 where there is neither. @throws {MessageFault} */
function venueTime({ T, E }: JsonRecord): EpochMicros {
  if (T !== undefined) return micros('T', T);
  return E === undefined ? 0 : micros('E', E);
}
const FIRST_IN_MICROS = 100_000_000_000_000;
const micros = (field: string, value: unknown): EpochMicros => {
  const time = whole(field, value);
  return time >= FIRST_IN_MICROS ? time : time * 1_000;
};
