import { Flag, Kind, Side } from '../../../core/market/columns.js';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../../recordings/errors.js';
import type { MarketRows } from '../../recordings/market-rows.js';
import { type Feed, isOf, newFeed, type Source, trustOf } from './feed.js';
import { type DepthData, type DepthReply, part, type TradeData, venueTime } from './messages.js';
import { rolled, type SideTexts } from './recent-deltas.js';
import { defineInstrument } from './rules.js';
import { type SequenceRule, type UpdateRange, whole } from './sequence.js';
import { isRecord, sequenceOf, type BinanceVenue } from './venue.js';

type Channel = 'depth' | 'trade' | 'other';

/** Levels that may wait for a snapshot: beyond that, nobody will ever send it. */
const MOST_HELD_LEVELS = 4_000_000;

/**
 * Makes inputs of Binance's messages, by the venue's sequence rules: a depth message before its snapshot is held, a
 * snapshot comes before the messages that it does not hold yet, and a break is said once. One mapper knows one venue.
 */
export class BinanceMapper {
  readonly #venue: BinanceVenue;
  readonly #rows: MarketRows;
  readonly #rule: SequenceRule;
  readonly #feeds = new Map<string, Feed>();
  readonly #channels = new Map<string, Channel>();

  constructor(venue: BinanceVenue, rows: MarketRows) {
    this.#venue = venue;
    this.#rows = rows;
    this.#rule = sequenceOf(venue);
  }

  /**
   * Takes one message.
   *
   * @param symbol the source's own symbol, for a REST reply that comes before anything else
   * @returns whether it became an input; a promise where the file had to be searched first
   * @throws {MessageFault}
   */
  accept(message: unknown, receivedAt: EpochMicros, source: Source, symbol: string): boolean | Promise<boolean> {
    if (!isRecord(message)) throw new MessageFault('bad_line', 'no JSON object stands on this line');
    const { stream, data } = message;
    if (typeof stream !== 'string') {
      if (!('lastUpdateId' in message)) return false;
      this.#snapshot(message, receivedAt, source, symbol);
      return true;
    }
    switch (this.#channel(stream)) {
      case 'depth':
        return this.#depth(part(data), receivedAt, source);
      case 'trade':
        this.#trade(part(data), receivedAt, source);
        return true;
      case 'other':
        return false;
    }
  }

  /** Says that a source has been silent: its books are worth nothing until their sequence is seen to go on. */
  silence(source: Source, receivedAt: EpochMicros, detail: string): void {
    for (const feed of this.#feeds.values()) {
      if (feed.source !== source || feed.suspended) continue;
      feed.suspended = true;
      this.#rows.interrupted(feed.code, receivedAt, 'silent', detail);
    }
  }

  /** Ends the recording. @returns the instruments in the order in which they appeared; @throws {MessageFault} */
  finish(): InstrumentDefinition[] {
    return [...this.#feeds.values()].map(({ symbol, code, held, startsEmpty, trades }) => {
      if (held !== undefined && held.length > 0)
        throw new MessageFault(
          'ambiguous_snapshot',
          `the depth messages of ${symbol} wait for a snapshot that was taken for another instrument's`,
          'put the lines of each instrument into a file of its own',
        );
      const definition = defineInstrument(this.#venue, symbol, this.#rows.placesSeen(code));
      return { ...definition, ...(startsEmpty ? { startsEmpty } : {}), ...(trades ? {} : { noTrades: true as const }) };
    });
  }

  #channel(stream: string): Channel {
    let channel = this.#channels.get(stream);
    if (channel === undefined) {
      const name = stream.slice(stream.indexOf('@') + 1);
      // `depth20@100ms` is the best twenty levels anew each time, no difference to what was
      if (/^depth(@\d+ms)?$/.test(name)) channel = 'depth';
      else channel = name === 'trade' ? 'trade' : 'other';
      this.#channels.set(stream, channel);
    }
    return channel;
  }

  #feed(symbol: unknown, receivedAt: EpochMicros, source: Source): Feed {
    let feed = this.#feeds.get(symbol as string);
    if (feed === undefined) {
      if (typeof symbol !== 'string' || symbol === '' || /[\s@]/.test(symbol))
        throw new MessageFault('bad_message', `"s" is ${symbol === undefined ? 'missing' : 'no symbol'}`);
      feed = newFeed(symbol, this.#rows.define(`${symbol}@${this.#venue}`, receivedAt), source);
      this.#feeds.set(symbol, feed);
    }
    feed.source = source;
    return feed;
  }

  // ---- trades ----

  #trade(data: TradeData, receivedAt: EpochMicros, source: Source): void {
    const feed = this.#feed(data.s, receivedAt, source);
    feed.trades = true;
    if (typeof data.m !== 'boolean') throw new MessageFault('bad_message', '"m" is missing or no boolean');
    const head = {
      code: feed.code,
      receivedAt,
      venueAt: venueTime(data),
      venueSeq: whole('t', data.t),
    };
    const isMarket = data.X === undefined || data.X === 'MARKET';
    // m: the buyer was the maker, so the taker sold
    const side = data.m ? Side.sell : Side.buy;
    if (this.#rows.trade(head, side, data.p, data.q, isMarket ? 0 : Flag.notMarket)) {
      if (isMarket) feed.touch = data.p as string;
      return;
    }
    this.#overflow(feed, receivedAt, `trade ${head.venueSeq}`);
    feed.suspended = true; // the book itself lost nothing: its next message in sequence resumes it
  }

  // ---- depth messages ----

  #depth(data: DepthData, receivedAt: EpochMicros, source: Source): boolean | Promise<boolean> {
    const feed = this.#feed(data.s, receivedAt, source);
    const range = this.#rule.read(data);
    if (range.first > range.last) throw new MessageFault('bad_message', '"U" is above "u"');
    if (feed.held === undefined) this.#delta(feed, data, range, receivedAt);
    else if (feed.snapshotAhead !== undefined) this.#hold(feed, data, range);
    else return this.#begin(feed, data, range, receivedAt);
    return true;
  }

  /** The first depth message before any snapshot: will there be one? */
  async #begin(feed: Feed, data: DepthData, range: UpdateRange, receivedAt: EpochMicros): Promise<boolean> {
    feed.snapshotAhead = await feed.source.snapshotAhead(
      (reply) => typeof reply.lastUpdateId === 'number' && isOf(feed, reply),
    );
    if (feed.snapshotAhead !== undefined) {
      this.#hold(feed, data, range);
      return true;
    }
    feed.held = undefined;
    feed.startsEmpty = true;
    this.#delta(feed, data, range, receivedAt);
    return true;
  }

  #hold(feed: Feed, data: DepthData, range: UpdateRange): void {
    const { levels } = this.#rows;
    levels.read(data.b, data.a); // a fault is said at its own line
    const isOld = this.#rule.isOld(range, whole('lastUpdateId', feed.snapshotAhead?.lastUpdateId));
    feed.held!.push({ head: { venueAt: venueTime(data), range }, data: isOld ? undefined : data });
    if (!isOld) feed.heldLevels += levels.count;
    if (feed.heldLevels > MOST_HELD_LEVELS)
      throw new MessageFault(
        'bad_message',
        `${MOST_HELD_LEVELS} levels of ${feed.symbol} wait for a snapshot that is older than they are`,
        'cut the recording off before that snapshot, or leave the snapshot out',
      );
  }

  #delta(feed: Feed, data: DepthData, range: UpdateRange, receivedAt: EpochMicros): void {
    const { last } = feed;
    const head = { code: feed.code, receivedAt, venueAt: venueTime(data), venueSeq: range.last };
    if (last !== undefined) {
      if (feed.afterSnapshot && this.#rule.isOld(range, last)) {
        this.#rows.levels.read(data.b, data.a);
        this.#rows.noLevel(head, Kind.delta, Flag.dropped);
        return;
      }
      const goesOn = feed.afterSnapshot ? this.#rule.joins(range, last) : this.#rule.follows(range, last);
      if (!goesOn) this.#gap(feed, range, receivedAt);
      else if (feed.suspended && !feed.broken) this.#rows.resumed(feed.code, receivedAt, trustOf(feed));
      if (goesOn) feed.suspended = false;
    }
    feed.afterSnapshot = false;
    feed.last = range.last;
    if (this.#rows.book(head, Kind.delta, data.b, data.a)) feed.recent.add(range, this.#rows.levels);
    else {
      this.#overflow(feed, receivedAt, `depth message ${range.last}`);
      feed.broken = true;
      feed.recent.clear();
    }
  }

  #gap(feed: Feed, range: UpdateRange, receivedAt: EpochMicros): void {
    feed.recent.clear();
    if (feed.broken) return;
    feed.broken = true;
    const { first, last, previous } = range;
    const found = previous === undefined ? `${first} to ${last}` : `${first} to ${last}, which follows ${previous},`;
    const expected = feed.afterSnapshot ? `the snapshot of update ${feed.last!}` : `update ${feed.last!}`;
    this.#rows.interrupted(feed.code, receivedAt, 'gap', `depth message ${found} does not go on from ${expected}`);
  }

  #overflow(feed: Feed, receivedAt: EpochMicros, what: string): void {
    this.#rows.interrupted(
      feed.code,
      receivedAt,
      'increment_overflow',
      `${what} holds a number that cannot be counted exactly together with those before it, and is left out`,
    );
  }

  // ---- snapshots ----

  #snapshot(reply: DepthReply & DepthData, receivedAt: EpochMicros, source: Source, symbol: string): void {
    const feed = this.#feed(this.#ownerOf(reply, source) ?? symbol, receivedAt, source);
    const id = whole('lastUpdateId', reply.lastUpdateId);
    const caughtUp = feed.held === undefined ? this.#caughtUp(feed, id) : undefined;
    const [bids, asks] = caughtUp === undefined ? [reply.bids, reply.asks] : rolled(reply, caughtUp);
    const last = caughtUp === undefined ? id : feed.last!;
    const head = { code: feed.code, receivedAt, venueAt: venueTime(reply), venueSeq: last };
    const written = this.#rows.book(head, Kind.snapshot, bids, asks);
    if (!written) this.#overflow(feed, receivedAt, `snapshot ${id}`);
    feed.last = last;
    feed.afterSnapshot = caughtUp === undefined;
    feed.broken = !written;
    feed.suspended = false;
    feed.recent.clear();
    const held = feed.held ?? [];
    feed.held = undefined;
    feed.snapshotAhead = undefined;
    for (const { head: waiting, data } of held) {
      if (data !== undefined) this.#delta(feed, data, waiting.range, receivedAt);
      else {
        const { venueAt, range } = waiting;
        this.#rows.noLevel({ code: feed.code, receivedAt, venueAt, venueSeq: range.last }, Kind.delta, Flag.dropped);
      }
    }
  }

  /**
   * A snapshot in mid recording is older than the messages that came while it was on its way. Where these are known in an
   * unbroken row, the snapshot is brought up to date with them.
   */
  #caughtUp(feed: Feed, id: number): ((book: SideTexts) => void) | undefined {
    if (feed.last === undefined || id > feed.last) return undefined;
    if (id === feed.last) return () => undefined;
    const since = feed.recent.since((range) => !this.#rule.isOld(range, id));
    return since !== undefined && this.#rule.joins(since.first, id) ? since.apply : undefined;
  }

  /** Whose reply it is: it says so (COIN-M), or the source has one instrument, or its prices leave one only. */
  #ownerOf(reply: DepthReply, source: Source): string | undefined {
    if (typeof reply.symbol === 'string') return reply.symbol;
    const feeds = [...this.#feeds.values()].filter((feed) => feed.source === source);
    if (feeds.length <= 1) return feeds[0]?.symbol;
    const owners = feeds.filter((feed) => isOf(feed, reply));
    if (owners.length === 1) return owners[0]!.symbol;
    throw new MessageFault(
      'ambiguous_snapshot',
      `a snapshot that names no instrument, in a recording of ${feeds.map(({ symbol }) => symbol).join(', ')}`,
      'put the lines of each instrument into a file of its own',
    );
  }
}
