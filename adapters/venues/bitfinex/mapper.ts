import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { CheckedBook } from '../mapping/checked-book.js';
import { Definitions } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, type JsonRecord, list, shown, whole } from '../mapping/fields.js';
import type { LineRules } from '../mapping/line-rules.js';
import { MarketLines } from '../mapping/market-lines.js';
import { UNNUMBERED } from '../mapping/sequence.js';
import type { MarketSink } from '../mapping/sink.js';
import type { Frame, Source, VenueMapper } from '../venue.js';
import { CHECKED } from './checksum.js';
import { type Channel, ConnectionState } from './connection-state.js';
import { checksumOf, levelsOf, tradeOf } from './entries.js';
import { readInstruments, readLeastSizes } from './instruments.js';
import { levelMessage, messageOf, type LevelMessage } from './message.js';
import { BITFINEX, describe } from './rules.js';

const RESTART = 20_051;
const MAINTENANCE = 20_060;
const MAINTENANCE_ENDED = 20_061;

/** A book is kept for checksums where its connection has them. */
interface BookRules extends Omit<LineRules, 'checked'> {
  checked?: CheckedBook;
}

/**
 * Makes inputs of Bitfinex's messages (v2): arrays by channel number, counted over the whole connection. Which channel is
 * what is said as it opens, so that each source has a state of its own.
 */
export class BitfinexMapper implements VenueMapper {
  readonly #lines: MarketLines;
  readonly #definitions = new Definitions(BITFINEX, describe, readInstruments);
  readonly #connections = new Map<Source, ConnectionState>();
  readonly #leastSizes = new Map<string, string>();
  /** Levels a side that were asked for, by symbol. */
  readonly #depths = new Map<string, number>();

  readonly #rules = new Map<string, BookRules>();

  constructor(sink: MarketSink) {
    this.#lines = new MarketLines(BITFINEX, sink, (symbol) => this.#rulesOf(symbol));
  }

  accept(frame: Frame, source: Source): boolean {
    if (frame.kind === 'reply') {
      if (this.#definitions.learn(frame))
        for (const [symbol, size] of readLeastSizes(frame)) this.#leastSizes.set(symbol, size);
      return false;
    }
    const level = levelMessage(frame.text);
    if (level !== undefined && this.#level(level, frame.at, source)) return true;
    const message = messageOf(frame.text);
    if (Array.isArray(message)) return this.#counted(message, frame.at, source);
    if (!isRecord(message)) throw new MessageFault('bad_line', `neither object nor list: ${shown(frame.text)}`);
    this.#event(message, frame.at, source);
    return false;
  }

  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void {
    this.#lines.interrupt(source, at, reason, detail, symbols);
    if (reason === 'silent') this.#connection(source).wasSilent = true;
    else if (reason === 'disconnected' && symbols === undefined) this.#connections.delete(source);
  }

  finish(): InstrumentDefinition[] {
    return this.#lines.finish((symbol, seen) => {
      const minQuantity = this.#leastSizes.get(symbol.toUpperCase());
      const publishedDepth = this.#depths.get(symbol);
      return {
        ...this.#definitions.define(symbol, seen),
        ...(minQuantity === undefined ? {} : { minQuantity }),
        ...(publishedDepth === undefined ? {} : { publishedDepth }),
      };
    });
  }

  #rulesOf(symbol: string): BookRules {
    let rules = this.#rules.get(symbol);
    if (rules === undefined) this.#rules.set(symbol, (rules = { sequence: UNNUMBERED, snapshots: 'feed' }));
    return rules;
  }

  #connection(source: Source): ConnectionState {
    let connection = this.#connections.get(source);
    if (connection === undefined) this.#connections.set(source, (connection = new ConnectionState()));
    return connection;
  }

  /** Takes the change of a book that is known; false where the message must be looked at more closely. */
  #level({ channel: id, number, bids, asks }: LevelMessage, receivedAt: EpochMicros, source: Source): boolean {
    const connection = this.#connection(source);
    const channel = connection.channel(id);
    if (channel?.kind !== 'book' || !channel.hasSnapshot || connection.isNumbered !== (number !== undefined))
      return false;
    if (number !== undefined) this.#follow(connection, number, receivedAt, source);
    void this.#lines.bookLine(channel.symbol, receivedAt, source).delta({ receivedAt, venueAt: 0 }, bids, asks);
    connection.counted(number);
    return true;
  }

  #counted(message: readonly unknown[], at: EpochMicros, source: Source): boolean {
    const connection = this.#connection(source);
    const channel = connection.channel(whole('channel', message[0]));
    const number = connection.numberOf(message);
    if (number !== undefined) this.#follow(connection, number, at, source);
    const taken = channel !== undefined && this.#take(channel, connection, message, at, source);
    connection.counted(number); // a message that could not be read is missing
    return taken;
  }

  /** A number tells something of every book of its connection: whose a missing message was, nobody knows. */
  #follow(connection: ConnectionState, number: number, at: EpochMicros, source: Source): void {
    const last = connection.missedAfter(number);
    if (last !== undefined) {
      const detail = `message ${number} of the connection does not go on from ${last}`;
      for (const line of this.#lines.of(source)) line.miss(at, detail);
    } else if (connection.wasSilent) for (const line of this.#lines.of(source)) line.goOn(at);
    connection.wasSilent = false;
  }

  #take(
    channel: Channel,
    connection: ConnectionState,
    message: readonly unknown[],
    at: EpochMicros,
    source: Source,
  ): boolean {
    const payload = message[1];
    const entry = message[2];
    if (payload === 'hb') return false;
    if (channel.kind === 'trades') return payload === 'te' && this.#trade(channel.symbol, entry, at, source);
    if (payload === 'cs') return this.#checksum(channel.symbol, connection, entry, at);
    this.#book(channel, connection, list('book', payload), at, source);
    return true;
  }

  /** `te` says a trade at once, and `tu` says the same one a little later. */
  #trade(symbol: string, entry: unknown, receivedAt: EpochMicros, source: Source): boolean {
    const { venueAt, line } = tradeOf(entry);
    this.#lines.line(symbol, receivedAt, source).trade({ receivedAt, venueAt }, [line]);
    return true;
  }

  #book(
    channel: Channel,
    { hasBatches, hasChecksums }: ConnectionState,
    payload: readonly unknown[],
    receivedAt: EpochMicros,
    source: Source,
  ): void {
    const isList = payload.length === 0 || Array.isArray(payload[0]);
    const isSnapshot = isList && !(hasBatches && channel.hasSnapshot);
    const [bids, asks] = levelsOf(isList ? payload : [payload], isSnapshot);
    const line = this.#lines.bookLine(channel.symbol, receivedAt, source);
    const head = { receivedAt, venueAt: 0 };
    if (!isSnapshot)
      void line.delta(head, bids, asks); // it never has to wait: the snapshot comes in the feed
    else {
      const rules = this.#rulesOf(channel.symbol);
      if (hasChecksums) rules.checked ??= new CheckedBook(CHECKED);
      else delete rules.checked;
      line.snapshot(head, bids, asks);
      channel.hasSnapshot = true;
    }
  }

  #checksum(symbol: string, { hasChecksums }: ConnectionState, value: unknown, receivedAt: EpochMicros): boolean {
    const line = hasChecksums ? this.#lines.find(symbol) : undefined;
    line?.pass({ receivedAt, venueAt: 0, checksum: checksumOf(value) });
    return line !== undefined;
  }

  #event(event: JsonRecord, at: EpochMicros, source: Source): void {
    const connection = this.#connection(source);
    switch (event['event']) {
      case 'info':
        this.#info(event, connection, at, source);
        break;
      case 'conf':
        connection.configure(event);
        break;
      case 'subscribed':
        connection.subscribed(event);
        if (event['channel'] === 'book' && typeof event['symbol'] === 'string')
          this.#depths.set(event['symbol'], whole('len', event['len'] ?? 25));
        break;
      case 'unsubscribed': {
        const ended = connection.unsubscribed(event);
        if (ended?.kind === 'book')
          this.#lines.find(ended.symbol)?.interrupt(at, 'disconnected', 'the subscription of the book was ended');
        break;
      }
    }
  }

  /** A greeting begins a connection; the codes are those at which the venue asks its clients to begin anew. */
  #info({ version, code }: JsonRecord, connection: ConnectionState, at: EpochMicros, source: Source): void {
    if (version !== undefined) {
      if (!connection.isFresh) this.#lose(source, at, 'the connection was opened anew');
      this.#connections.delete(source);
    } else if (code === RESTART) this.#lose(source, at, 'the venue restarts its server');
    else if (code === MAINTENANCE) this.#lose(source, at, 'the venue stops for maintenance');
    else if (code === MAINTENANCE_ENDED) for (const { symbol } of this.#lines.of(source)) source.wantSnapshot(symbol);
  }

  #lose(source: Source, at: EpochMicros, detail: string): void {
    this.#lines.interrupt(source, at, 'disconnected', detail);
  }
}
