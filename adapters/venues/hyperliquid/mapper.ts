import type { InstrumentDefinition, LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { Definitions } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import { fromMillis, isRecord, list, parsed, record, takerSide, text, tradeId } from '../mapping/fields.js';
import { MarketLines } from '../mapping/market-lines.js';
import { UNNUMBERED } from '../mapping/sequence.js';
import type { MarketSink, TradeLine } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { describe, readInstruments, symbolOf } from './instruments.js';

/** Makes inputs of Hyperliquid's messages; every message of a book is the whole of it, as far as it is published. */
export class HyperliquidMapper implements VenueMapper {
  readonly #lines: MarketLines;
  readonly #definitions = new Definitions('hyperliquid', describe, readInstruments);

  constructor(sink: MarketSink) {
    this.#lines = new MarketLines('hyperliquid', sink, () => ({ sequence: UNNUMBERED, snapshots: 'feed' }));
  }

  accept(frame: Frame, source: Source): boolean {
    const message = parsed(frame.text);
    if (!isRecord(message) || typeof message['channel'] !== 'string') {
      if (frame.kind === 'reply') this.#definitions.learn(frame);
      else if (!isRecord(message)) throw new MessageFault('bad_line', 'no JSON object stands on this line');
      return false;
    }
    switch (message['channel']) {
      case 'l2Book':
        this.#book(message['data'], frame.at, source);
        return true;
      case 'trades':
        return this.#trades(message['data'], frame.at, source);
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

  #book(data: unknown, receivedAt: EpochMicros, source: Source): void {
    const { coin, levels, time } = record('data', data);
    const sides = list('levels', levels);
    if (sides.length !== 2) throw new MessageFault('bad_message', `"levels" has ${sides.length} sides, not two`);
    const [bids, asks] = sides.map(levelsOf);
    const venueAt = fromMillis('time', time);
    this.#lines
      .bookLine(symbolOf(text('coin', coin)), receivedAt, source)
      .snapshot({ receivedAt, venueAt }, bids, asks);
  }

  /** A message holds trades of one block; on subscribing it holds some of before, which are told nowhere else. */
  #trades(data: unknown, receivedAt: EpochMicros, source: Source): boolean {
    const groups = new Map<string, { venueAt: EpochMicros; trades: TradeLine[] }>();
    const { levels } = this.#lines.sink;
    levels.clear();
    for (const entry of list('data', data)) {
      const { coin, side, px, sz, tid, time } = record('data', entry);
      const symbol = symbolOf(text('coin', coin));
      const group = groups.get(symbol) ?? { venueAt: 0, trades: [] };
      group.venueAt = Math.max(group.venueAt, fromMillis('time', time));
      levels.add(px, sz); // a fault is said before any coin's trades are told
      group.trades.push({
        side: takerSide('side', side, 'B', 'A'),
        price: px,
        size: sz,
        id: tradeId(tid),
        flags: 0,
      });
      groups.set(symbol, group);
    }
    const told = [...groups].map(([symbol, group]) => ({
      line: this.#lines.line(symbol, receivedAt, source),
      ...group,
    }));
    for (const { line, venueAt, trades } of told) line.trade({ receivedAt, venueAt }, trades);
    return told.length > 0;
  }
}

function levelsOf(side: unknown): LevelText[] {
  return list('levels', side).map((level) => {
    const { px, sz } = record('levels', level);
    return [text('px', px), text('sz', sz)];
  });
}
