import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { CheckedBook } from '../mapping/checked-book.js';
import { Definitions } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, parsed } from '../mapping/fields.js';
import { MarketLines } from '../mapping/market-lines.js';
import type { SequenceRule } from '../mapping/sequence.js';
import type { MarketSink } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { CHECKSUM } from './checksum.js';
import { describe, readInstruments } from './instruments.js';
import type { BookMessage, TradesMessage } from './messages.js';
import { readV3 } from './v3.js';
import { readV5 } from './v5.js';

/**
 * A message names the number of the one before it, a snapshot's too. Numbers may fall (the venue begins anew after a
 * maintenance), so that none makes a message old.
 */
const CHAINED: SequenceRule = {
  isOld: () => false,
  joins: ({ previous }, snapshotId) => previous === snapshotId,
  follows: ({ previous }, last) => previous === last,
};

/** Makes inputs of OKX's messages; which version of the feed they are of shows in each of them. */
export class OkxMapper implements VenueMapper {
  readonly #lines: MarketLines;
  readonly #definitions = new Definitions('okx', describe, readInstruments);
  /** Books whose messages are numbered. */
  readonly #numbered = new Set<string>();
  /** Which channel each instrument's trades are taken from: two of them tell the same trades. */
  readonly #trades = new Map<string, string>();

  constructor(sink: MarketSink) {
    this.#lines = new MarketLines('okx', sink, () => ({
      sequence: CHAINED,
      snapshots: 'feed',
      checked: new CheckedBook(CHECKSUM),
    }));
  }

  accept(frame: Frame, source: Source): boolean {
    if (frame.text === 'pong') return false;
    const message = parsed(frame.text);
    if (!isRecord(message)) throw new MessageFault('bad_line', 'no message of a channel');
    if (message['arg'] !== undefined) return this.#take(readV5(message), frame.at, source);
    if (message['table'] !== undefined) return this.#take(readV3(message), frame.at, source);
    if (message['code'] !== undefined && message['event'] === undefined) this.#definitions.learn(frame);
    return false;
  }

  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void {
    this.#lines.interrupt(source, at, reason, detail, symbols);
  }

  finish(): InstrumentDefinition[] {
    return this.#lines.finish((symbol, seen) => this.#definitions.define(symbol, seen));
  }

  #take(
    read: BookMessage | TradesMessage | readonly TradesMessage[] | undefined,
    at: EpochMicros,
    source: Source,
  ): boolean {
    if (read === undefined) return false;
    if ('bids' in read) {
      this.#book(read, at, source);
      return true;
    }
    let taken = false;
    for (const message of 'trades' in read ? [read] : read) taken = this.#traded(message, at, source) || taken;
    return taken;
  }

  #traded({ symbol, channel, venueAt, trades }: TradesMessage, receivedAt: EpochMicros, source: Source): boolean {
    if (trades.length === 0) throw new MessageFault('bad_message', `a message of ${symbol} without its trades`);
    const known = this.#trades.get(symbol);
    if (known !== undefined && known !== channel) return false;
    this.#lines.line(symbol, receivedAt, source).trade({ receivedAt, venueAt }, trades);
    if (known === undefined) this.#trades.set(symbol, channel);
    return true;
  }

  #book(message: BookMessage, receivedAt: EpochMicros, source: Source): void {
    const { symbol, isSnapshot, venueAt, range, checksum, bids, asks } = message;
    if (range === undefined && !isSnapshot && this.#numbered.has(symbol))
      throw new MessageFault('bad_message', `changes of ${symbol} without their number`);
    const line = this.#lines.bookLine(symbol, receivedAt, source);
    const head = { receivedAt, venueAt, checksum, ...(range === undefined ? {} : { range }) };
    if (isSnapshot) line.snapshot(head, bids, asks);
    else void line.delta(head, bids, asks);
    if (range !== undefined) this.#numbered.add(symbol);
    else if (isSnapshot) this.#numbered.delete(symbol);
  }
}
