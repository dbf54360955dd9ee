import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { Definitions } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import {
  decimalText,
  fromFineMillis,
  fromMillis,
  isRecord,
  type JsonRecord,
  parsed,
  record,
  shown,
  takerSide,
  whole,
} from '../mapping/fields.js';
import { MarketLines } from '../mapping/market-lines.js';
import { WITHOUT_HOLES } from '../mapping/sequence.js';
import type { MarketSink } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { bookPair, isBook, readInstruments } from './instruments.js';
import { describe, GATEIO } from './rules.js';

/** Makes inputs of Gate.io's spot messages: numbered differences on a REST snapshot, and single trades. */
export class GateioMapper implements VenueMapper {
  readonly #lines: MarketLines;
  readonly #definitions = new Definitions(GATEIO, describe, readInstruments);

  constructor(sink: MarketSink) {
    this.#lines = new MarketLines(GATEIO, sink, () => ({
      sequence: WITHOUT_HOLES,
      snapshots: 'rest',
      ahead: (reply, symbol) => (bookPair(reply) === symbol ? numberOf(parsed(reply.text)) : undefined),
    }));
  }

  accept(frame: Frame, source: Source): boolean | Promise<boolean> {
    if (frame.kind === 'reply') return !this.#definitions.learn(frame) && this.#reply(frame, source);
    const message = parsed(frame.text);
    if (!isRecord(message)) throw new MessageFault('bad_line', `no JSON object: ${shown(frame.text)}`);
    const { channel, event, result } = message;
    if (event !== 'update') return false;
    switch (channel) {
      case 'spot.order_book_update':
        return this.#book(record('result', result), frame.at, source);
      case 'spot.trades':
        this.#trade(record('result', result), frame.at, source);
        return true;
      default:
        return false;
    }
  }

  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void {
    this.#lines.interrupt(source, at, reason, detail, symbols);
  }

  finish(): InstrumentDefinition[] {
    return this.#lines.finish((symbol, seen) => this.#definitions.define(symbol, seen));
  }

  #book(data: JsonRecord, receivedAt: EpochMicros, source: Source): boolean | Promise<boolean> {
    const venueAt = fromMillis('t', data['t']);
    const range = { first: whole('U', data['U']), last: whole('u', data['u']) };
    const line = this.#lines.bookLine(data['s'], receivedAt, source);
    const taken = line.delta({ receivedAt, venueAt, range }, data['b'], data['a']);
    return taken === undefined ? true : taken.then(() => true);
  }

  #trade(data: JsonRecord, receivedAt: EpochMicros, source: Source): void {
    const venueAt = fromFineMillis('create_time_ms', data['create_time_ms']);
    const trade = {
      side: takerSide('side', data['side'], 'buy', 'sell'),
      price: decimalText('price', data['price']),
      size: decimalText('amount', data['amount']),
      id: whole('id', data['id']),
      flags: 0,
    };
    this.#lines.line(data['currency_pair'], receivedAt, source).trade({ receivedAt, venueAt }, [trade]);
  }

  #reply(frame: Frame, source: Source): boolean {
    const symbol = bookPair(frame);
    if (symbol === undefined) return false;
    const reply = parsed(frame.text);
    if (!isBook(reply)) return false;
    const id = whole('id', reply['id']);
    // `update` is when the book was last changed; replies of 2021 have no time
    const venueAt = reply['update'] === undefined ? 0 : fromFineMillis('update', reply['update']);
    const head = { receivedAt: frame.at, venueAt, range: { first: id, last: id } };
    this.#lines.line(symbol, frame.at, source).snapshot(head, reply['bids'], reply['asks']);
    return true;
  }
}

const numberOf = (reply: unknown): number | undefined => (isBook(reply) ? whole('id', reply['id']) : undefined);
