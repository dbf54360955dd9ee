import { Flag, Side } from '../../../core/market/columns.js';
import type { InstrumentDefinition, LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { Definitions } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import {
  decimalText,
  fromMillis,
  isRecord,
  list,
  parsed,
  record,
  takerSide,
  text,
  whole,
  type JsonRecord,
} from '../mapping/fields.js';
import { MarketLines } from '../mapping/market-lines.js';
import { WITHOUT_HOLES } from '../mapping/sequence.js';
import type { MarketSink } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { describe, readInstruments } from './instruments.js';

/**
 * What a trade was: two orders that met in the book, one of which may have been placed by a liquidation. The others
 * (`termination`, `assignment`, `block`) never were in the book.
 */
const IN_THE_BOOK: ReadonlySet<string> = new Set(['fill', 'liquidation']);

const NO_LEVELS: readonly LevelText[] = [];

/** Makes inputs of Kraken Futures' messages: each change is one level, and numbers have no holes. */
export class KrakenFuturesMapper implements VenueMapper {
  readonly #lines: MarketLines;
  readonly #definitions = new Definitions('kraken-futures', describe, readInstruments);

  constructor(sink: MarketSink) {
    this.#lines = new MarketLines('kraken-futures', sink, () => ({ sequence: WITHOUT_HOLES, snapshots: 'feed' }));
  }

  accept(frame: Frame, source: Source): boolean {
    const message = parsed(frame.text);
    if (!isRecord(message)) throw new MessageFault('bad_line', 'no message of a feed');
    if (message['event'] !== undefined) return false;
    switch (message['feed']) {
      case 'book':
        this.#change(message, frame.at, source);
        return true;
      case 'book_snapshot':
        this.#snapshot(message, frame.at, source);
        return true;
      case 'trade':
        this.#trade(message, frame.at, source);
        return true;
      case undefined:
        if (message['instruments'] !== undefined) this.#definitions.learn(frame);
        return false;
      default:
        return false; // trades of before the subscription (`trade_snapshot`) and what is not read
    }
  }

  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void {
    this.#lines.interrupt(source, at, reason, detail, symbols);
  }

  finish(): InstrumentDefinition[] {
    return this.#lines.finish((symbol, seen) => this.#definitions.define(symbol, seen));
  }

  #change(message: JsonRecord, receivedAt: EpochMicros, source: Source): void {
    const head = headOf(message, receivedAt);
    const level = levelOf(message);
    const isBid = takerSide('side', message['side'], 'buy', 'sell') === 0;
    const line = this.#lines.bookLine(message['product_id'], receivedAt, source);
    void line.delta(head, isBid ? [level] : NO_LEVELS, isBid ? NO_LEVELS : [level]);
  }

  #snapshot(message: JsonRecord, receivedAt: EpochMicros, source: Source): void {
    const head = headOf(message, receivedAt);
    const [bids, asks] = [levels('bids', message['bids']), levels('asks', message['asks'])];
    this.#lines.bookLine(message['product_id'], receivedAt, source).snapshot(head, bids, asks);
  }

  #trade(message: JsonRecord, receivedAt: EpochMicros, source: Source): void {
    const trade = {
      side: takerSide('side', message['side'], 'buy', 'sell') === 0 ? Side.buy : Side.sell,
      price: decimalText('price', message['price']),
      size: decimalText('qty', message['qty']),
      id: 0, // it is no number (`uid`)
      flags: IN_THE_BOOK.has(text('type', message['type'])) ? 0 : Flag.notMarket,
    };
    const venueAt = fromMillis('time', message['time']);
    this.#lines.line(message['product_id'], receivedAt, source).trade({ receivedAt, venueAt }, [trade]);
  }
}

function headOf(
  { seq, timestamp }: JsonRecord,
  receivedAt: EpochMicros,
): {
  readonly receivedAt: EpochMicros;
  readonly venueAt: EpochMicros;
  readonly range: { readonly first: number; readonly last: number };
} {
  const number = whole('seq', seq);
  return { receivedAt, venueAt: fromMillis('timestamp', timestamp), range: { first: number, last: number } };
}

const levels = (field: string, value: unknown): LevelText[] =>
  list(field, value).map((level) => levelOf(record(field, level)));

const levelOf = ({ price, qty }: JsonRecord): LevelText => [decimalText('price', price), decimalText('qty', qty)];
