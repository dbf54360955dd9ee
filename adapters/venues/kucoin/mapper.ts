import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { Definitions } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import { fromNanos, isRecord, parsed, record, takerSide, tradeId, type JsonRecord } from '../mapping/fields.js';
import { MarketLines } from '../mapping/market-lines.js';
import type { MarketSink } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { newerThan, readSnapshot, readUpdate, SEQUENCE, symbolIn, type Snapshot } from './book.js';
import { readInstruments } from './instruments.js';
import { describe, VENUE } from './rules.js';

/** Makes inputs of KuCoin's spot messages: changes that join a snapshot over REST, and trades. */
export class KucoinMapper implements VenueMapper {
  readonly #lines: MarketLines;
  readonly #definitions: Definitions;
  /** Levels a side of the latest snapshot of a book that was cut. */
  readonly #depths = new Map<string, number>();

  constructor(sink: MarketSink) {
    this.#lines = new MarketLines(VENUE, sink, () => ({
      sequence: SEQUENCE,
      snapshots: 'rest',
      ahead: (reply, symbol) => this.#numberOf(reply, symbol),
      newer: newerThan,
    }));
    this.#definitions = new Definitions(VENUE, describe, readInstruments);
  }

  accept(frame: Frame, source: Source): boolean | Promise<boolean> {
    if (frame.kind === 'reply') {
      if (this.#definitions.learn(frame)) return false;
      const snapshot = readSnapshot(frame);
      if (snapshot !== undefined) return this.#snapshot(snapshot, frame.at, source);
      // a recording that keeps no addresses does not tell replies from messages
      if (frame.url !== undefined) return false;
    }
    const message = parsed(frame.text);
    if (!isRecord(message)) throw new MessageFault('bad_line', 'no JSON object stands on this line');
    if (message['type'] !== 'message') return false; // a welcome, an acknowledgement, a pong
    switch (message['subject']) {
      case 'trade.l2update':
        return this.#change(record('data', message['data']), frame.at, source);
      case 'trade.l3match':
        this.#trade(record('data', message['data']), frame.at, source);
        return true;
      default:
        return false;
    }
  }

  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void {
    this.#lines.interrupt(source, at, reason, detail, symbols);
  }

  finish(): InstrumentDefinition[] {
    return this.#lines.finish((symbol, seen) => {
      const { publishedDepth: _, ...definition } = this.#definitions.define(symbol, seen);
      const depth = this.#depths.get(symbol);
      return depth === undefined ? definition : { ...definition, publishedDepth: depth };
    });
  }

  #snapshot(snapshot: Snapshot, receivedAt: EpochMicros, source: Source): boolean {
    const { sequence, venueAt, bids, asks, depth } = snapshot;
    const symbol = this.#ownerOf(snapshot, source);
    const head = { receivedAt, venueAt, range: { first: sequence, last: sequence } };
    this.#lines.line(symbol, receivedAt, source).snapshot(head, bids, asks);
    if (depth === undefined) this.#depths.delete(symbol);
    else this.#depths.set(symbol, depth);
    return true;
  }

  #change(data: JsonRecord, receivedAt: EpochMicros, source: Source): boolean | Promise<boolean> {
    const { symbol, venueAt, range, bids, asks } = readUpdate(data);
    const line = this.#lines.bookLine(symbol, receivedAt, source);
    const taken = line.delta({ receivedAt, venueAt, range }, bids, asks);
    return taken === undefined ? true : taken.then(() => true);
  }

  /** `side` is the taker's. */
  #trade(data: JsonRecord, receivedAt: EpochMicros, source: Source): void {
    const trade = {
      side: takerSide('side', data['side'], 'buy', 'sell'),
      price: data['price'],
      size: data['size'],
      id: tradeId(data['tradeId']),
      flags: 0,
    };
    const venueAt = fromNanos('time', data['time']);
    this.#lines.line(data['symbol'], receivedAt, source).trade({ receivedAt, venueAt }, [trade]);
  }

  /** The reply itself names no instrument: its request does, or the source has one only. */
  #ownerOf({ symbol }: Snapshot, source: Source): string {
    if (symbol !== undefined) return symbol;
    if (source.symbol !== undefined) return source.symbol;
    const lines = this.#lines.of(source);
    if (lines.length === 1) return lines[0]!.symbol;
    throw new MessageFault(
      'ambiguous_snapshot',
      `a snapshot that names no instrument, in a recording of ${lines.map((line) => line.symbol).join(', ')}`,
      'put the lines of each instrument into a file of its own',
    );
  }

  #numberOf(reply: Frame, symbol: string): number | undefined {
    const named = symbolIn(reply);
    return named === undefined || named === symbol ? readSnapshot(reply)?.sequence : undefined;
  }
}
