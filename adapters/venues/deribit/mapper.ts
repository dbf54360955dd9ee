import { Flag } from '../../../core/market/columns.js';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { Definitions } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import {
  decimalText,
  fromMillis,
  isRecord,
  type JsonRecord,
  list,
  parsed,
  record,
  shown,
  takerSide,
  text,
  whole,
} from '../mapping/fields.js';
import { MarketLines } from '../mapping/market-lines.js';
import { NAMES_PREVIOUS } from '../mapping/sequence.js';
import type { MarketSink, TradeLine } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { readInstruments } from './instruments.js';
import { DERIBIT, describe, isKept } from './rules.js';

type Channel = 'book' | 'trades' | 'other';

/** Makes inputs of Deribit's JSON-RPC notifications: books that name the change before them, and trades. */
export class DeribitMapper implements VenueMapper {
  readonly #lines: MarketLines;
  readonly #definitions = new Definitions(DERIBIT, describe, readInstruments);
  readonly #channels = new Map<string, Channel>();

  constructor(sink: MarketSink) {
    this.#lines = new MarketLines(DERIBIT, sink, () => ({ sequence: NAMES_PREVIOUS, snapshots: 'feed' }));
  }

  accept(frame: Frame, source: Source): boolean {
    if (frame.kind === 'reply') {
      this.#definitions.learn(frame);
      return false;
    }
    const message = parsed(frame.text);
    if (!isRecord(message)) throw new MessageFault('bad_line', `no JSON object: ${shown(frame.text)}`);
    if (message['method'] !== 'subscription') return false;
    const { channel, data } = record('params', message['params']);
    switch (this.#channel(text('channel', channel))) {
      case 'book':
        this.#book(record('data', data), frame.at, source);
        return true;
      case 'trades':
        return this.#trades(list('data', data), frame.at, source);
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

  #channel(name: string): Channel {
    let channel = this.#channels.get(name);
    if (channel === undefined) this.#channels.set(name, (channel = channelOf(name)));
    return channel;
  }

  #book(data: JsonRecord, receivedAt: EpochMicros, source: Source): void {
    const isSnapshot = typeOf(data['type']) === 'snapshot';
    const id = whole('change_id', data['change_id']);
    const previous = isSnapshot ? undefined : whole('prev_change_id', data['prev_change_id']);
    const head = {
      receivedAt,
      venueAt: fromMillis('timestamp', data['timestamp']),
      range: { first: id, last: id, previous },
    };
    const bids = levelsOf('bids', data['bids']);
    const asks = levelsOf('asks', data['asks']);
    const line = this.#lines.bookLine(data['instrument_name'], receivedAt, source);
    if (isSnapshot) line.snapshot(head, bids, asks);
    else void line.delta(head, bids, asks); // it never has to wait: the snapshot comes in the feed
  }

  /** A channel of a whole currency tells trades of several instruments in one message. */
  #trades(entries: readonly unknown[], receivedAt: EpochMicros, source: Source): boolean {
    const read = entries.map((entry) => readTrade(record('data', entry))).filter(({ name }) => isKept(name));
    for (const name of new Set(read.map((trade) => trade.name))) {
      const own = read.filter((trade) => trade.name === name);
      const venueAt = own.reduce((last, trade) => (trade.venueAt > last ? trade.venueAt : last), 0);
      const line = this.#lines.line(name, receivedAt, source);
      line.trade(
        { receivedAt, venueAt },
        own.map((trade) => trade.line),
      );
    }
    return read.length > 0;
  }
}

/** `book.BTC-PERPETUAL.none.20.100ms` is the best twenty levels anew each time, no difference to what was. */
function channelOf(name: string): Channel {
  const book = /^book\.([^.]+)\.(?:raw|100ms|agg2)$/.exec(name);
  if (book !== null) return isKept(book[1]!) ? 'book' : 'other';
  return /^trades\./.test(name) ? 'trades' : 'other';
}

function typeOf(type: unknown): 'snapshot' | 'change' {
  if (type === 'snapshot' || type === 'change') return type;
  throw new MessageFault('bad_message', `"type" is neither "snapshot" nor "change": ${shown(type)}`);
}

/** `["new" | "change" | "delete", price, amount]` as price and amount; a level that is deleted has the amount 0. */
function levelsOf(field: string, value: unknown): [string, string][] {
  return list(field, value).map((level) => {
    const [action, price, amount] = list(field, level);
    if (action !== 'new' && action !== 'change' && action !== 'delete')
      throw new MessageFault('bad_message', `a level that is neither new nor changed nor deleted: ${shown(level)}`);
    const quantity = decimalText(field, amount);
    if ((action === 'delete') !== (Number(quantity) === 0))
      throw new MessageFault('bad_message', `a level whose amount is not what is done to it: ${shown(level)}`);
    return [decimalText(field, price), quantity];
  });
}

interface ReadTrade {
  readonly name: string;
  readonly venueAt: EpochMicros;
  readonly line: TradeLine;
}

function readTrade(trade: JsonRecord): ReadTrade {
  return {
    name: text('instrument_name', trade['instrument_name']),
    venueAt: fromMillis('timestamp', trade['timestamp']),
    line: {
      side: takerSide('direction', trade['direction'], 'buy', 'sell'),
      price: decimalText('price', trade['price']),
      size: decimalText('amount', trade['amount']),
      id: idOf(text('trade_id', trade['trade_id'])),
      flags: isOfBook(trade) ? 0 : Flag.notMarket,
    },
  };
}

/** Blocks are agreed upon elsewhere, and legs of a combo are priced by the combo: neither met an order of this book. A liquidation does. */
const isOfBook = (trade: JsonRecord): boolean =>
  isAbsent(trade['block_trade_id']) && isAbsent(trade['block_rfq_id']) && isAbsent(trade['combo_trade_id']);

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

/** `48079254`, `ETH-34066`: the number is the trade's within its currency. */
function idOf(id: string): number {
  const digits = /(?:^|-)(\d{1,15})$/.exec(id)?.[1];
  return digits === undefined ? 0 : Number(digits);
}
