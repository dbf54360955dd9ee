import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { Definitions } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, parsed, shown, whole, type JsonRecord } from '../mapping/fields.js';
import { MarketLines } from '../mapping/market-lines.js';
import { UNNUMBERED } from '../mapping/sequence.js';
import type { MarketSink } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { readBooks, readTrades } from './advanced-messages.js';
import { readMatch, readSnapshot, readUpdate, type BookChange, type Trades } from './exchange-messages.js';
import { readInstruments } from './instruments.js';
import { describe, VENUE } from './rules.js';

/** What is known of a connection's numbers. */
interface Numbers {
  /** `sequence_num` of its last message. */
  readonly last: number;
  /** Every message came, from the first on. */
  readonly isWhole: boolean;
}

const OTHER_CHANNELS: ReadonlySet<unknown> = new Set(
  'heartbeats subscriptions ticker ticker_batch candles status user futures_balance_summary'.split(' '),
);

/**
 * Makes inputs of Coinbase's messages: those of Advanced Trade, which number every message of a connection, and those of
 * the exchange's own feed (2021), which number no book.
 */
export class CoinbaseMapper implements VenueMapper {
  readonly #lines: MarketLines;
  readonly #definitions: Definitions;
  readonly #numbers = new WeakMap<Source, Numbers>();
  /** Products whose book began with its snapshot. */
  readonly #begun = new Set<string>();
  /** Connections that fell silent and said nothing since. */
  readonly #silent = new WeakSet<Source>();

  constructor(readonly sink: MarketSink) {
    this.#lines = new MarketLines(VENUE, sink, () => ({ sequence: UNNUMBERED, snapshots: 'feed' }));
    this.#definitions = new Definitions(VENUE, describe, readInstruments);
  }

  accept(frame: Frame, source: Source): boolean {
    // a recording that keeps no addresses does not tell replies from messages
    if (frame.kind === 'reply' && (this.#definitions.learn(frame) || frame.url !== undefined)) return false;
    const message = parsed(frame.text);
    if (!isRecord(message)) throw new MessageFault('bad_line', 'no JSON object stands on this line');
    return typeof message['channel'] === 'string'
      ? this.#advanced(message, frame.at, source)
      : this.#exchange(message, frame.at, source);
  }

  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void {
    if (reason === 'silent') this.#silent.add(source);
    else if (symbols === undefined) this.#numbers.delete(source); // what comes next is a connection's first
    this.#lines.interrupt(source, at, reason, detail, symbols);
  }

  finish(): InstrumentDefinition[] {
    return this.#lines.finish((symbol, seen) => this.#definitions.define(symbol, seen));
  }

  #advanced(message: JsonRecord, at: EpochMicros, source: Source): boolean {
    const number = whole('sequence_num', message['sequence_num']);
    switch (message['channel']) {
      case 'l2_data': {
        const books = readBooks(message);
        this.#refuseStrangers(books, number, source);
        // a fault is said before anything changes
        if (books.length > 1 || !this.#isNext(number, source))
          for (const { bids, asks } of books) this.sink.levels.read(bids, asks);
        this.#count(number, at, source);
        for (const book of books) this.#book(book, at, source);
        return books.length > 0;
      }
      case 'market_trades': {
        const traded = readTrades(message);
        this.sink.levels.clear();
        for (const { trades } of traded) for (const { price, size } of trades) this.sink.levels.add(price, size);
        this.#count(number, at, source);
        for (const trades of traded) this.#trade(trades, at, source);
        return traded.length > 0;
      }
      default:
        if (!OTHER_CHANNELS.has(message['channel']))
          throw new MessageFault('bad_message', `${shown(message['channel'])} is no channel`);
        this.#count(number, at, source);
        return false;
    }
  }

  /** On a connection of which nothing is lost, the first that comes of a book is its snapshot. */
  #refuseStrangers(books: readonly BookChange[], number: number, source: Source): void {
    const isWhole = this.#numbers.get(source)?.isWhole === true && this.#isNext(number, source);
    if (!source.isLive || !isWhole) return;
    const begun = new Set<string>();
    for (const { symbol, isSnapshot } of books)
      if (isSnapshot) begun.add(symbol);
      else if (!begun.has(symbol) && !this.#begun.has(symbol))
        throw new MessageFault('bad_message', `a change of ${shown(symbol)}, of which no snapshot came`);
  }

  #exchange(message: JsonRecord, at: EpochMicros, source: Source): boolean {
    switch (message['type']) {
      case 'snapshot':
        this.#book(readSnapshot(message), at, source);
        return true;
      case 'l2update':
        this.#book(readUpdate(message), at, source);
        return true;
      case 'match':
        this.#trade(readMatch(message), at, source);
        return true;
      default:
        return false; // `last_match` happened before we listened
    }
  }

  /** The numbers go over all channels of a connection, so that a hole may be of any of its books. */
  #count(number: number, at: EpochMicros, source: Source): void {
    const known = this.#numbers.get(source);
    const isNext = this.#isNext(number, source);
    if (known !== undefined && !isNext)
      this.#lines.miss(source, at, `message ${number} of the connection does not go on from ${known.last}`);
    else if (known !== undefined && this.#silent.has(source)) this.#lines.goOn(source, at);
    this.#silent.delete(source);
    const isWhole = known === undefined ? number === 0 : known.isWhole && isNext;
    this.#numbers.set(source, { last: number, isWhole });
  }

  #isNext(number: number, source: Source): boolean {
    const known = this.#numbers.get(source);
    return known === undefined || number === known.last + 1;
  }

  #book({ symbol, isSnapshot, venueAt, bids, asks }: BookChange, receivedAt: EpochMicros, source: Source): void {
    const line = this.#lines.bookLine(symbol, receivedAt, source);
    if (isSnapshot) {
      line.snapshot({ receivedAt, venueAt }, bids, asks);
      this.#begun.add(symbol);
    } else void line.delta({ receivedAt, venueAt }, bids, asks);
  }

  #trade({ symbol, venueAt, trades }: Trades, receivedAt: EpochMicros, source: Source): void {
    this.#lines.line(symbol, receivedAt, source).trade({ receivedAt, venueAt }, trades);
  }
}
