import type { InstrumentDefinition, LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { Definitions } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import {
  fromMillis,
  isRecord,
  type JsonRecord,
  list,
  parsed,
  shown,
  takerSide,
  text,
  tradeId,
} from '../mapping/fields.js';
import { MarketLines } from '../mapping/market-lines.js';
import { UNNUMBERED } from '../mapping/sequence.js';
import type { MarketSink } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { describe, readInstruments } from './instruments.js';

/** Makes inputs of Gemini's messages, version 2 of its market data. */
export class GeminiMapper implements VenueMapper {
  readonly #lines: MarketLines;
  readonly #definitions = new Definitions('gemini', describe, readInstruments);
  /** Instruments whose book has begun since their connection has. */
  readonly #begun = new Set<string>();

  constructor(sink: MarketSink) {
    this.#lines = new MarketLines('gemini', sink, () => ({ sequence: UNNUMBERED, snapshots: 'feed' }));
  }

  accept(frame: Frame, source: Source): boolean {
    if (frame.kind === 'reply' && this.#definitions.learn(frame)) return false;
    const message = parsed(frame.text);
    if (!isRecord(message)) {
      if (frame.kind === 'reply') return false;
      throw new MessageFault('bad_line', 'no JSON object stands on this line');
    }
    switch (message['type']) {
      case 'l2_updates':
        this.#book(message, frame.at, source);
        return true;
      case 'trade':
        this.#trade(message, frame.at, source);
        return true;
      default:
        return false;
    }
  }

  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void {
    if (reason !== 'silent')
      for (const { symbol } of this.#lines.of(source))
        if (symbols === undefined || symbols.includes(symbol)) this.#begun.delete(symbol);
    this.#lines.interrupt(source, at, reason, detail, symbols);
  }

  finish(): InstrumentDefinition[] {
    return this.#lines.finish((symbol, seen) => this.#definitions.define(symbol, seen));
  }

  /** The venue gives no time to its book. */
  #book(message: JsonRecord, receivedAt: EpochMicros, source: Source): void {
    const [bids, asks] = sidesOf(message['changes']);
    const line = this.#lines.bookLine(message['symbol'], receivedAt, source);
    line.trades ||= 'trades' in message; // the channel has them, however quiet the instrument is
    const head = { receivedAt, venueAt: 0 };
    if (this.#isWhole(message, line.symbol, source)) line.snapshot(head, bids, asks);
    else void line.delta(head, bids, asks);
    this.#begun.add(line.symbol);
  }

  /**
   * The whole book comes first, together with trades and auctions of before. Live the first message is it in any case; a
   * recording may have been cut, and then its first message is no book.
   */
  #isWhole(message: JsonRecord, symbol: string, { isLive }: Source): boolean {
    return 'trades' in message || 'auction_events' in message || (isLive && !this.#begun.has(symbol));
  }

  #trade(message: JsonRecord, receivedAt: EpochMicros, source: Source): void {
    const trade = {
      side: takerSide('side', message['side'], 'buy', 'sell'),
      price: message['price'],
      size: message['quantity'],
      id: tradeId(message['tid'] ?? message['event_id']),
      flags: 0,
    };
    const venueAt = fromMillis('timestamp', message['timestamp']);
    this.#lines.line(message['symbol'], receivedAt, source).trade({ receivedAt, venueAt }, [trade]);
  }
}

/** Changes are `[side, price, quantity]`; the side is the book's. */
function sidesOf(changes: unknown): [LevelText[], LevelText[]] {
  const bids: LevelText[] = [];
  const asks: LevelText[] = [];
  for (const change of list('changes', changes)) {
    const [side, price, quantity] = list('changes', change);
    const level: LevelText = [text('price', price), text('quantity', quantity)];
    if (side === 'buy') bids.push(level);
    else if (side === 'sell') asks.push(level);
    else throw new MessageFault('bad_message', `a change that is neither "buy" nor "sell": ${shown(change)}`);
  }
  return [bids, asks];
}
