import { Side } from '../../../core/market/columns.js';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import { parseScaled, rescaled } from '../../../core/market/increments.js';
import type { EpochMicros } from '../../../core/time.js';
import { BITSTAMP, describe } from '../../venues/bitstamp/rules.js';
import { Definitions } from '../../venues/mapping/definitions.js';
import { MessageFault } from '../../venues/mapping/fault.js';
import {
  exactNumbers,
  list,
  parsed,
  record,
  shown,
  text,
  whole,
  type JsonRecord,
} from '../../venues/mapping/fields.js';
import { MarketLines } from '../../venues/mapping/market-lines.js';
import { UNNUMBERED } from '../../venues/mapping/sequence.js';
import type { MarketSink } from '../../venues/mapping/sink.js';
import type { Source } from '../../venues/venue.js';
import type { Reader } from '../source.js';
import { denoised } from './noise.js';
import { Takers } from './takers.js';

/** The one instrument that Bitstamp had, with the places of its numbers. */
const SYMBOL = 'btcusd';
const PRICE_PLACES = 2;
const AMOUNT_PLACES = 8;
/** Levels a side in every book. */
const DEPTH = 20;
/** Base tier of those years. */
const FEES = { maker: '0.0025', taker: '0.0025' };

/**
 * Makes inputs of a log of Bitstamp's feed of 2015: books that come whole, and trades, whose numbers are binary noise and
 * which name no side. The events of single orders are incomplete: no book is built of them, they only tell who took.
 */
export class BitstampLogReader implements Reader {
  readonly #lines: MarketLines;
  readonly #definitions = new Definitions(BITSTAMP, (symbol) => ({
    ...describe(symbol),
    fees: FEES,
    publishedDepth: DEPTH,
  }));
  readonly #source: Source;
  readonly #takers = new Takers();
  #rounded = 0;
  #trades = 0;

  constructor(sink: MarketSink, source: Source) {
    this.#lines = new MarketLines(BITSTAMP, sink, () => ({ sequence: UNNUMBERED, snapshots: 'feed' }));
    this.#source = source;
  }

  /** Takes one line. @returns whether it became an input; @throws {MessageFault} */
  accept(at: EpochMicros, event: string, json: string): boolean {
    switch (event) {
      case 'order_book':
        this.#book(at, record('order_book', parsed(json)));
        return true;
      case 'trade':
        this.#trade(at, record('trade', parsed(exactNumbers(json))));
        return true;
      case 'order_changed':
      case 'order_deleted':
        this.#order(event, record(event, parsed(json)));
        return false;
      default:
        parsed(json); // nothing comes of it, but a line that is none is said
        return false;
    }
  }

  silence(at: EpochMicros, detail: string): void {
    this.#lines.interrupt(this.#source, at, 'silent', detail);
  }

  finish(): InstrumentDefinition[] {
    return this.#lines.finish((symbol, seen) => this.#definitions.define(symbol, seen));
  }

  /** What was done to the numbers and sides since this was last asked, in sentences. */
  notes(): string[] {
    const notes: string[] = [];
    if (this.#rounded > 0)
      notes.push(
        `${this.#rounded} prices and amounts of trades were rounded to ${PRICE_PLACES} and ${AMOUNT_PLACES} places: they held binary noise`,
      );
    if (this.#takers.guessed > 0)
      notes.push(
        `the side of ${this.#takers.guessed} of ${this.#trades} trades follows from the last book, as the log lacks one of their orders`,
      );
    this.#rounded = 0;
    this.#trades = 0;
    this.#takers.guessed = 0;
    return notes;
  }

  #book(receivedAt: EpochMicros, book: JsonRecord): void {
    const bids = list('bids', book['bids']);
    const asks = list('asks', book['asks']);
    const [bid, ask] = [bestOf('bids', bids), bestOf('asks', asks)];
    this.#lines.line(SYMBOL, receivedAt, this.#source).snapshot({ receivedAt, venueAt: 0 }, bids, asks);
    this.#takers.book(bid, ask);
  }

  #trade(receivedAt: EpochMicros, trade: JsonRecord): void {
    const price = denoised('price', trade['price'], PRICE_PLACES);
    const amount = denoised('amount', trade['amount'], AMOUNT_PLACES);
    const id = whole('id', trade['id']);
    const side = this.#takers.of(counted('price', price.text));
    const line = { side, price: price.text, size: amount.text, id, flags: 0 };
    this.#lines.line(SYMBOL, receivedAt, this.#source).trade({ receivedAt, venueAt: 0 }, [line]);
    this.#trades++;
    this.#rounded += Number(price.isRounded) + Number(amount.isRounded);
  }

  #order(event: string, order: JsonRecord): void {
    const side = order['order_type'];
    if (side !== 0 && side !== 1)
      throw new MessageFault('bad_message', `"order_type" is neither 0 nor 1: ${shown(side)}`);
    const id = whole('id', order['id']);
    const isLeft = /[1-9]/.test(text('amount', order['amount']));
    if (event === 'order_changed' || !isLeft) this.#takers.hit(side === 0 ? Side.bid : Side.ask, id);
  }
}

/** The price of the first, best level in whole cents; 0 where there is none. @throws {MessageFault} */
function bestOf(field: string, side: readonly unknown[]): number {
  const best = side[0];
  return best === undefined ? 0 : counted(field, list(field, best)[0]);
}

function counted(field: string, price: unknown): number {
  const scaled = parseScaled(text(field, price));
  const cents = scaled === undefined || scaled.scale > PRICE_PLACES ? undefined : rescaled(scaled, PRICE_PLACES);
  if (cents === undefined) throw new MessageFault('bad_message', `"${field}" has a price of ${shown(price)}`);
  return cents;
}
