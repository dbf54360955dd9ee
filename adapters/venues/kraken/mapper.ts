import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { CheckedBook } from '../mapping/checked-book.js';
import { Definitions } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord } from '../mapping/fields.js';
import { MarketLines } from '../mapping/market-lines.js';
import { UNNUMBERED } from '../mapping/sequence.js';
import type { MarketSink } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { CHECKSUM } from './checksum.js';
import { describe, readInstruments } from './instruments.js';
import { DEPTH, DEPTHS, pairOf, type BookMessage, type TradesMessage } from './messages.js';
import { readV1 } from './v1.js';
import { parsedExactly, readV2, subscribedBook } from './v2.js';

/** What is known of the subscription to one book. */
interface Subscription {
  readonly checked: CheckedBook;
  /** As the venue said it; undefined where it did not. */
  depth: number | undefined;
  /** Its changes come with checksums. */
  hasChecksums: boolean;
}

/** Makes inputs of Kraken's messages; which version of the feed they are of shows in each of them. */
export class KrakenMapper implements VenueMapper {
  readonly #lines: MarketLines;
  readonly #definitions = new Definitions('kraken', describe, readInstruments);
  readonly #subscriptions = new Map<unknown, Subscription>();

  constructor(sink: MarketSink) {
    this.#lines = new MarketLines('kraken', sink, (symbol) => ({
      sequence: UNNUMBERED,
      snapshots: 'feed',
      checked: this.#subscription(symbol).checked,
    }));
  }

  accept(frame: Frame, source: Source): boolean {
    const message = parsedExactly(frame.text);
    if (Array.isArray(message)) return this.#take(readV1(message), frame.at, source);
    if (!isRecord(message)) throw new MessageFault('bad_line', 'no message of a channel');
    if (message['channel'] !== undefined) return this.#take(readV2(message), frame.at, source);
    const book = subscribedBook(message);
    if (book !== undefined) this.#subscription(book.symbol).depth = offered(book.depth);
    else if (Array.isArray(message['error'])) this.#definitions.learn(frame);
    return false;
  }

  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void {
    this.#lines.interrupt(source, at, reason, detail, symbols);
  }

  finish(): InstrumentDefinition[] {
    return this.#lines.finish((symbol, seen) => {
      const definition = this.#definitions.define(symbol, seen);
      const { depth } = this.#subscription(symbol).checked;
      return depth === Infinity ? definition : { ...definition, publishedDepth: depth };
    });
  }

  #take(read: BookMessage | readonly TradesMessage[] | undefined, at: EpochMicros, source: Source): boolean {
    if (read === undefined) return false;
    if ('bids' in read) this.#book(read, at, source);
    else {
      if (read.length > 1)
        this.#look(
          read.flatMap(({ trades }) => trades.map(({ price, size }) => [price, size])),
          [],
        );
      for (const { symbol, venueAt, trades } of read)
        this.#lines.line(pairOf(symbol), at, source).trade({ receivedAt: at, venueAt }, trades);
    }
    return true;
  }

  #book(message: BookMessage, receivedAt: EpochMicros, source: Source): void {
    const { symbol, isSnapshot, venueAt, checksum, bids, asks } = message;
    const subscription = this.#subscription(symbol);
    if (isSnapshot) {
      this.#look(bids, asks);
      this.#begin(subscription, message);
    } else changeOf(subscription, message);
    const line = this.#lines.bookLine(symbol, receivedAt, source);
    const head = { receivedAt, venueAt, checksum };
    if (isSnapshot) line.snapshot(head, bids, asks);
    else void line.delta(head, bids, asks);
  }

  /** Says a fault before anything changes. @throws {MessageFault} */
  #look(bids: unknown, asks: unknown): void {
    this.#lines.sink.levels.read(bids, asks);
  }

  /** What the depth is: as the message or the venue's answer says, else what both sides have, else what we ask for. */
  #begin(subscription: Subscription, { depth, bids, asks }: BookMessage): void {
    subscription.depth = depth ?? subscription.depth;
    const both = bids.length === asks.length && DEPTHS.includes(bids.length) ? bids.length : DEPTH;
    subscription.checked.depth = subscription.depth ?? both;
  }

  /** @throws {MessageFault} for what is no symbol */
  #subscription(symbol: unknown): Subscription {
    const known = this.#subscriptions.get(symbol);
    if (known !== undefined) return known;
    const subscription = { checked: new CheckedBook(CHECKSUM), depth: undefined, hasChecksums: false };
    this.#subscriptions.set(pairOf(symbol), subscription);
    return subscription;
  }
}

function offered(depth: number): number {
  if (DEPTHS.includes(depth)) return depth;
  throw new MessageFault('bad_message', `a subscription to a depth of ${depth}, which is not offered`);
}

/** Takes note of what changes say of their subscription. @throws {MessageFault} where it is not what was said before */
function changeOf(subscription: Subscription, { symbol, depth, checksum }: BookMessage): void {
  const { checked, hasChecksums } = subscription;
  if (checked.depth === Infinity)
    checked.depth = depth ?? Infinity; // no snapshot yet
  else if (depth !== undefined && depth !== checked.depth)
    throw new MessageFault('bad_message', `changes of ${pairOf(symbol)} to a depth that its snapshot did not have`);
  if (checksum === undefined && hasChecksums)
    throw new MessageFault('bad_message', `changes of ${pairOf(symbol)} without a checksum`);
  subscription.hasChecksums = checksum !== undefined;
}
