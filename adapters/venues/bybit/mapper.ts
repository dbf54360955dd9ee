import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { Definitions } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, parsed, type JsonRecord } from '../mapping/fields.js';
import { MarketLines } from '../mapping/market-lines.js';
import { NEVER_FALLS, WITHOUT_HOLES, type SequenceRule } from '../mapping/sequence.js';
import type { MarketSink } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { readInstruments } from './instruments.js';
import { readBook, readTrades } from './messages.js';
import { describe } from './rules.js';
import { readTopic, type BybitVenue, type Topic } from './venue.js';

/** `u` rises by one (v5); `cross_seq`, which counts over all instruments, never falls (v2). */
const SEQUENCES: Readonly<Record<Topic['form'], SequenceRule>> = { v5: WITHOUT_HOLES, v2: NEVER_FALLS };

/**
 * Makes inputs of Bybit's messages, in the form of 2021 (v2) and of today (v5). A book comes with its snapshot in the feed,
 * cut to the best levels of its topic: a level that leaves them is deleted.
 */
export class BybitMapper implements VenueMapper {
  readonly #lines: MarketLines;
  readonly #definitions: Definitions;
  readonly #topics = new Map<string, Topic>();
  /** The topic that makes each instrument's book: the same book can come in several depths. */
  readonly #books = new Map<string, Topic>();
  #form: Topic['form'] | undefined;

  constructor(venue: BybitVenue, sink: MarketSink) {
    this.#lines = new MarketLines(venue, sink, () => ({
      sequence: SEQUENCES[this.#form ?? 'v5'],
      snapshots: 'feed',
    }));
    this.#definitions = new Definitions(
      venue,
      (symbol) => describe(venue, symbol),
      (reply) => readInstruments(venue, reply),
    );
  }

  accept(frame: Frame, source: Source): boolean {
    // a recording that keeps no addresses does not tell replies from messages
    if (frame.kind === 'reply' && (this.#definitions.learn(frame) || frame.url !== undefined)) return false;
    const message = parsed(frame.text);
    if (!isRecord(message)) throw new MessageFault('bad_line', 'no JSON object stands on this line');
    const topic = this.#topic(message['topic']);
    if (topic === undefined) return false;
    this.#form ??= topic.form;
    if (topic.form !== this.#form)
      // the numbers of the two forms have nothing to do with each other
      throw new MessageFault('bad_message', `a message of ${topic.form} among messages of ${this.#form}`);
    return topic.kind === 'book'
      ? this.#book(topic, message, frame.at, source)
      : this.#trade(topic, message, frame.at, source);
  }

  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void {
    this.#lines.interrupt(source, at, reason, detail, symbols);
  }

  finish(): InstrumentDefinition[] {
    return this.#lines.finish((symbol, seen) => ({
      ...this.#definitions.define(symbol, seen),
      ...this.#depthOf(symbol),
    }));
  }

  #topic(topic: unknown): Topic | undefined {
    if (typeof topic !== 'string') return undefined; // an acknowledgement, a pong
    const known = this.#topics.get(topic);
    if (known !== undefined) return known;
    const read = readTopic(topic);
    if (read !== undefined) this.#topics.set(topic, read);
    return read;
  }

  #book(topic: Topic, message: JsonRecord, receivedAt: EpochMicros, source: Source): boolean {
    const { isSnapshot, venueAt, range, bids, asks } = readBook(topic, message);
    if (!this.#isFollowed(topic, isSnapshot)) return false;
    const line = this.#lines.bookLine(topic.symbol, receivedAt, source);
    const head = { receivedAt, venueAt, range };
    if (isSnapshot) line.snapshot(head, bids, asks);
    else void line.delta(head, bids, asks);
    this.#books.set(topic.symbol, topic);
    return true;
  }

  /**
   * Whether a message is of the depth that the book is made of. A snapshot of another depth starts over with that one, but
   * for the best bid and offer alone, which come as snapshots all the time.
   */
  #isFollowed(topic: Topic, isSnapshot: boolean): boolean {
    const followed = this.#books.get(topic.symbol);
    return followed === undefined || followed.depth === topic.depth || (isSnapshot && topic.depth > 1);
  }

  #trade(topic: Topic, message: JsonRecord, receivedAt: EpochMicros, source: Source): boolean {
    const { venueAt, trades } = readTrades(topic, message);
    this.#lines.line(topic.symbol, receivedAt, source).trade({ receivedAt, venueAt }, trades);
    return true;
  }

  #depthOf(symbol: string): { readonly publishedDepth?: number } {
    const followed = this.#books.get(symbol);
    return followed === undefined ? {} : { publishedDepth: followed.depth };
  }
}
