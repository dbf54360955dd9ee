import { Side } from '../../../core/market/columns.js';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { Definitions } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import { decimalText, fromMicros, isRecord, type JsonRecord, parsed, record, shown, whole } from '../mapping/fields.js';
import type { BookHead } from '../mapping/line-rules.js';
import { MarketLines } from '../mapping/market-lines.js';
import { NEVER_FALLS } from '../mapping/sequence.js';
import type { MarketSink } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { bookPair, isBook, readInstruments } from './instruments.js';
import { BITSTAMP, describe } from './rules.js';

const BOOK = 'diff_order_book_';
const TRADES = 'live_trades_';

/** Makes inputs of Bitstamp's messages: differences of the whole book on a REST snapshot, and single trades. */
export class BitstampMapper implements VenueMapper {
  readonly #lines: MarketLines;
  readonly #definitions = new Definitions(BITSTAMP, describe, readInstruments);

  constructor(sink: MarketSink) {
    this.#lines = new MarketLines(BITSTAMP, sink, () => ({
      sequence: NEVER_FALLS,
      snapshots: 'rest',
      ahead: (reply, symbol) => (bookPair(reply) === symbol ? timeOf(parsed(reply.text)) : undefined),
    }));
  }

  accept(frame: Frame, source: Source): boolean | Promise<boolean> {
    if (frame.kind === 'reply') return !this.#definitions.learn(frame) && this.#reply(frame, source);
    const message = parsed(frame.text);
    if (!isRecord(message)) throw new MessageFault('bad_line', `no JSON object: ${shown(frame.text)}`);
    const { event, channel, data } = message;
    if (typeof channel !== 'string') return false;
    if (channel.startsWith(BOOK)) return this.#book(channel.slice(BOOK.length), event, data, frame.at, source);
    if (event !== 'trade' || !channel.startsWith(TRADES)) return false;
    this.#trade(channel.slice(TRADES.length), record('data', data), frame.at, source);
    return true;
  }

  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void {
    this.#lines.interrupt(source, at, reason, detail, symbols);
  }

  finish(): InstrumentDefinition[] {
    return this.#lines.finish((symbol, seen) => this.#definitions.define(symbol, seen));
  }

  #book(
    symbol: string,
    event: unknown,
    data: unknown,
    receivedAt: EpochMicros,
    source: Source,
  ): boolean | Promise<boolean> {
    if (event === 'bts:unsubscription_succeeded')
      this.#lines.find(symbol)?.interrupt(receivedAt, 'disconnected', 'the subscription of the book was ended');
    if (event !== 'data') return false;
    const changes = record('data', data);
    const head = headOf(changes, receivedAt);
    const taken = this.#lines.bookLine(symbol, receivedAt, source).delta(head, changes['bids'], changes['asks']);
    return taken === undefined ? true : taken.then(() => true);
  }

  #trade(symbol: string, data: JsonRecord, receivedAt: EpochMicros, source: Source): void {
    const venueAt = fromMicros('microtimestamp', data['microtimestamp']);
    const trade = {
      side: takerOf(data['type']),
      price: data['price_str'] ?? decimalText('price', data['price']),
      size: data['amount_str'] ?? decimalText('amount', data['amount']),
      id: whole('id', data['id']),
      flags: 0,
    };
    this.#lines.line(symbol, receivedAt, source).trade({ receivedAt, venueAt }, [trade]);
  }

  #reply(frame: Frame, source: Source): boolean {
    const symbol = bookPair(frame);
    if (symbol === undefined) return false;
    const reply = parsed(frame.text);
    if (!isBook(reply)) return false;
    const head = headOf(reply, frame.at);
    this.#lines.line(symbol, frame.at, source).snapshot(head, reply['bids'], reply['asks']);
    return true;
  }
}

/** The time of a book numbers it. */
function headOf(book: JsonRecord, receivedAt: EpochMicros): BookHead {
  const venueAt = fromMicros('microtimestamp', book['microtimestamp']);
  return { receivedAt, venueAt, range: { first: venueAt, last: venueAt } };
}

const timeOf = (reply: unknown): number | undefined =>
  isBook(reply) ? fromMicros('microtimestamp', reply['microtimestamp']) : undefined;

/** `type` is the taker's: in the recordings the order on that side is the newer of the two. */
function takerOf(type: unknown): Side {
  if (type === 0) return Side.buy;
  if (type === 1) return Side.sell;
  throw new MessageFault('bad_message', `"type" is neither 0 nor 1: ${shown(type)}`);
}
