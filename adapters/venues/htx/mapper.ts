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
  takerSide,
  tradeId,
  whole,
} from '../mapping/fields.js';
import { MarketLines } from '../mapping/market-lines.js';
import { UNNUMBERED } from '../mapping/sequence.js';
import type { MarketSink } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { AMOUNT_PLACES, amountOf } from './amounts.js';
import { describe, readInstruments } from './instruments.js';
import { LevelTexts } from './level-texts.js';

const CHANNEL = /^market\.([^.]+)\.(depth\.step0|trade\.detail)$/;

/** Makes inputs of HTX's messages; every message of a book is the whole of it, as far as it is published. */
export class HtxMapper implements VenueMapper {
  readonly #lines: MarketLines;
  readonly #definitions = new Definitions('htx', describe, readInstruments);
  /** Quantities of trades of which digits were rounded away. */
  #rounded = 0;
  readonly #texts = new Map<string, { readonly bids: LevelTexts; readonly asks: LevelTexts }>();

  constructor(sink: MarketSink) {
    this.#lines = new MarketLines('htx', sink, () => ({ sequence: UNNUMBERED, snapshots: 'feed' }));
  }

  accept(frame: Frame, source: Source): boolean {
    if (frame.kind === 'reply' && this.#definitions.learn(frame)) return false;
    const message = parsed(frame.text);
    if (!isRecord(message)) {
      if (frame.kind === 'reply') return false;
      throw new MessageFault('bad_line', 'no JSON object stands on this line');
    }
    const [, symbol, channel] = (typeof message['ch'] === 'string' && CHANNEL.exec(message['ch'])) || [];
    if (symbol === undefined) return false;
    const tick = record('tick', message['tick']);
    if (channel === 'trade.detail') return this.#trades(symbol, tick, frame.at, source);
    this.#book(symbol, tick, frame.at, source);
    return true;
  }

  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void {
    this.#lines.interrupt(source, at, reason, detail, symbols);
  }

  finish(): InstrumentDefinition[] {
    return this.#lines.finish((symbol, seen) => this.#definitions.define(symbol, seen));
  }

  notes(): string[] {
    let rounded = this.#rounded;
    this.#rounded = 0;
    for (const { bids, asks } of this.#texts.values()) {
      rounded += bids.rounded + asks.rounded;
      bids.rounded = asks.rounded = 0;
    }
    if (rounded === 0) return [];
    return [`${rounded} quantities were rounded to ${AMOUNT_PLACES} places: they held binary noise`];
  }

  #amount(value: unknown): string {
    const { text, isRounded } = amountOf('amount', value);
    if (isRounded) this.#rounded++;
    return text;
  }

  #book(symbol: string, tick: JsonRecord, receivedAt: EpochMicros, source: Source): void {
    const texts = this.#textsOf(symbol);
    const bids = texts.bids.of('bids', tick['bids']);
    const asks = texts.asks.of('asks', tick['asks']);
    const version = tick['version'] === undefined ? 0 : whole('version', tick['version']);
    const head = {
      receivedAt,
      venueAt: fromMillis('ts', tick['ts']),
      ...(version === 0 ? {} : { range: { first: version, last: version } }),
    };
    this.#lines.bookLine(symbol, receivedAt, source).snapshot(head, bids, asks);
  }

  #textsOf(symbol: string): { readonly bids: LevelTexts; readonly asks: LevelTexts } {
    let texts = this.#texts.get(symbol);
    if (texts === undefined) this.#texts.set(symbol, (texts = { bids: new LevelTexts(), asks: new LevelTexts() }));
    return texts;
  }

  #trades(symbol: string, tick: JsonRecord, receivedAt: EpochMicros, source: Source): boolean {
    let venueAt = 0;
    const trades = list('data', tick['data']).map((entry) => {
      const trade = record('data', entry);
      venueAt = Math.max(venueAt, fromMillis('ts', trade['ts']));
      return {
        side: takerSide('direction', trade['direction'], 'buy', 'sell'),
        price: decimalText('price', trade['price']),
        size: this.#amount(trade['amount']),
        id: tradeId(trade['tradeId']), // `id` has more digits than can be counted
        flags: 0,
      };
    });
    if (trades.length === 0) return false;
    this.#lines.line(symbol, receivedAt, source).trade({ receivedAt, venueAt }, trades);
    return true;
  }
}
