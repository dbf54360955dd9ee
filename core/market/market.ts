import { InvariantViolation } from '../errors.js';
import type { EpochMicros } from '../time.js';
import { levelKey, NO_LEVEL } from './book.js';
import { Flag, int64At, Kind, Side, type MarketColumns } from './columns.js';
import type { InstrumentDefinition } from './events.js';
import { FastBook } from './fast-book.js';
import { multiplied, multipliedSize, pow10 } from './increments.js';
import { countInstrument, type Instrument, type Units } from './instrument.js';
import { LevelLog } from './level-log.js';
import { MidSums } from './mid-sums.js';
import { Tape } from './tape.js';
import type { Trust, TrustReason, Unusable } from './trust.js';

/** What was counted of an instrument's messages; `inspect` shows it. */
export interface MarketCounts {
  messages: number;
  snapshots: number;
  /** Applied book messages, snapshots apart. */
  bookUpdates: number;
  levelChanges: number;
  droppedAsOld: number;
  gaps: number;
  /** Messages after which the best bid was at or above the best ask. */
  crossed: number;
  late: number;
}

/** Who rests at a level and must hear when its displayed size changes. */
export interface LevelHolder {
  /** Called behind a whole message. Returns true when it rests there no more. */
  levelChanged(market: Market, change: LevelChange): boolean;
}

export interface LevelChange {
  readonly side: Side;
  readonly priceTicks: number;
  /** Displayed sizes, 0 = absent; exact beyond the safe integers, too. */
  readonly before: number;
  readonly after: number;
}

/** One instrument as the engine sees it: its rules, its book, its tape and what they are worth. */
export class Market {
  instrument: Instrument;
  readonly book: FastBook;
  readonly tape = new Tape();
  readonly mids = new MidSums();
  readonly counts: MarketCounts = {
    messages: 0,
    snapshots: 0,
    bookUpdates: 0,
    levelChanges: 0,
    droppedAsOld: 0,
    gaps: 0,
    crossed: 0,
    late: 0,
  };
  /** Trust apart from being crossed. */
  trust: Trust = 'untrusted';
  reason: TrustReason = 'no_snapshot';
  /** Since when the book has been crossed or locked; 0 when it is not. */
  crossedSince: EpochMicros = 0;
  /** Crossed for so long that it is not trusted. */
  crossedOut = false;
  /** Greatest time of the venue seen so far; the greatest receive time while no message had one. */
  venueAt: EpochMicros = 0;
  /** Whether a message ever had a time of the venue. */
  venueTimed = false;
  /** The venue's time of the last message that was applied to the book, and of the one before it. */
  bookVenueAt: EpochMicros = 0;
  previousBookVenueAt: EpochMicros = 0;
  /** The venue's time of the last message of trades. */
  tradedVenueAt: EpochMicros = 0;
  /** What the book was worth before the last message. */
  trustBefore: Trust = 'untrusted';
  /** The venue's last sequence number of a book message that was applied. */
  venueSeq = 0;
  /** Receive time of the last message applied to the book. */
  bookAt: EpochMicros = 0;

  /** Holders by level: the book tells of no other level, so that a change nobody cares about costs nothing. */
  readonly #holders = new Map<number, LevelHolder[]>();
  /** What levels went through from which somebody took. */
  readonly #logs = new Map<number, LevelLog>();
  /** Changes of held levels in the message that is being applied. */
  #changes: LevelChange[] = [];

  constructor(definition: InstrumentDefinition) {
    this.instrument = countInstrument(definition);
    this.book = new FastBook((side, priceTicks, before, after) =>
      this.#changes.push({ side, priceTicks, before, after }),
    );
    if (definition.startsEmpty === true) {
      this.trust = 'partial';
      this.reason = 'starts_empty';
    }
  }

  get units(): Units {
    return this.instrument.units;
  }

  /** A new definition of the same instrument: rules may change, the book stays. */
  redefine(definition: InstrumentDefinition): { price: number; size: number } {
    return this.#become(countInstrument(definition, this.units));
  }

  /** Makes the increments at least as fine as these. Returns the factors by which prices and sizes were multiplied. */
  refine(priceScale: number, sizeScale: number): { price: number; size: number } {
    const before = this.units;
    if (priceScale <= before.priceScale && sizeScale <= before.sizeScale) return { price: 1, size: 1 };
    return this.#become(
      countInstrument(this.instrument.definition, {
        instrument: before.instrument,
        priceScale: priceScale > before.priceScale ? priceScale : before.priceScale,
        sizeScale: sizeScale > before.sizeScale ? sizeScale : before.sizeScale,
      }),
    );
  }

  /** From now on the holder hears of changes at this level, until it says that it holds nothing there any more. */
  hold(side: Side, priceTicks: number, holder: LevelHolder): void {
    const key = levelKey(side, priceTicks);
    const holders = this.#holders.get(key);
    if (holders === undefined) {
      this.#holders.set(key, [holder]);
      this.book.mark(side, priceTicks);
    } else if (!holders.includes(holder)) holders.push(holder);
  }

  /** The log of a level, begun where there is none. */
  logOf(side: Side, priceTicks: number): LevelLog {
    const key = levelKey(side, priceTicks);
    let log = this.#logs.get(key);
    if (log === undefined) {
      log = new LevelLog();
      this.#logs.set(key, log);
      this.book.mark(side, priceTicks);
    }
    return log;
  }

  /**
   * Whether the feed publishes a level. Of a feed that publishes the best n a side, what is worse than the worst of them is
   * unknown, not empty.
   */
  knows(side: Side, priceTicks: number): boolean {
    const { publishedDepth } = this.instrument.definition;
    if (publishedDepth === undefined) return true;
    const { book } = this;
    if (book.depth(side) < publishedDepth) return true;
    let worst = book.best(side);
    for (let i = 1; i < publishedDepth; i++) worst = book.next(side, worst);
    return side === Side.bid ? priceTicks >= worst : priceTicks <= worst;
  }

  /** Tells of the held levels that a message changed, once it is applied as a whole. */
  #tellHolders(): void {
    if (this.#changes.length === 0) return;
    const changes = this.#changes;
    this.#changes = [];
    for (const change of changes) {
      const { side, priceTicks } = change;
      const key = levelKey(side, priceTicks);
      const isLogged = this.#log(key, change);
      if (!this.#tell(key, change) && !isLogged) this.book.unmark(side, priceTicks);
    }
  }

  /** Whether anybody reckons with the level any longer. Nobody knows what becomes of one outside the published range. */
  #log(key: number, { side, priceTicks, before, after }: LevelChange): boolean {
    const log = this.#logs.get(key);
    if (log === undefined) return false;
    if (!this.knows(side, priceTicks) || log.add(before, after, this.instrument.lotLots)) return true;
    this.#logs.delete(key);
    return false;
  }

  /** Whether anybody rests at the level any longer. */
  #tell(key: number, change: LevelChange): boolean {
    const holders = this.#holders.get(key);
    if (holders === undefined) return false;
    let left = 0;
    for (const holder of holders) if (!holder.levelChanged(this, change)) holders[left++] = holder;
    holders.length = left;
    if (left === 0) this.#holders.delete(key);
    return left > 0;
  }

  /** Counts from now on as this instrument says; whole or, where something cannot be counted so finely, not at all. */
  #become(instrument: Instrument): { price: number; size: number } {
    const price = pow10(instrument.units.priceScale - this.units.priceScale);
    const size = pow10(instrument.units.sizeScale - this.units.sizeScale);
    if (price !== 1 || size !== 1) {
      multiplied(this.tape.high, price);
      for (const log of this.#logs.values()) log.settle(); // it is written in the old increments
      this.book.rescale(price, size);
      this.tape.rescale(price, size);
      this.mids.rescale(price);
      rekey(this.#holders, price);
      rekey(this.#logs, price);
    }
    this.instrument = instrument;
    return { price, size };
  }

  /**
   * Applies the rows [from, to) of one message, counted at the market's units or coarser by the given factors.
   * Definitions are the engine's business.
   *
   * @throws {InvariantViolation} when a number of it cannot be counted at the market's units; then nothing has changed
   */
  apply(
    columns: MarketColumns,
    from: number,
    to: number,
    priceFactor: number,
    sizeFactor: number,
    at: EpochMicros,
  ): void {
    if (priceFactor !== 1 || sizeFactor !== 1) mustCount(columns, from, to, priceFactor, sizeFactor);
    this.counts.messages++;
    this.trustBefore = this.effectiveTrust();
    this.mids.before2 = this.mids.last2;
    const venueAt = this.#stamped(int64At(columns.venueAt, from), at);
    switch (columns.kind[from]) {
      case Kind.delta:
        if ((columns.flags[from]! & Flag.dropped) !== 0) {
          this.counts.droppedAsOld++;
          return;
        }
        this.counts.bookUpdates++;
        this.#levels(columns, from, to, priceFactor, sizeFactor);
        this.#afterBook(columns, from, at, venueAt);
        return;
      case Kind.snapshot:
        this.counts.snapshots++;
        this.book.beginSnapshot();
        this.#levels(columns, from, to, priceFactor, sizeFactor);
        this.book.endSnapshot();
        this.trust = 'trusted';
        this.reason = '';
        this.#afterBook(columns, from, at, venueAt);
        return;
      case Kind.trade:
        this.tradedVenueAt = venueAt;
        for (let row = from; row < to; row++)
          this.tape.add(
            int64At(columns.price, row) * priceFactor,
            int64At(columns.size, row) * sizeFactor,
            (columns.flags[row]! & Flag.notMarket) === 0,
          );
        return;
      case Kind.interrupted: {
        const { reason } = JSON.parse(columns.text(from) ?? '{}') as { reason?: string };
        if (reason === 'gap') this.counts.gaps++;
        this.interrupt(reason ?? 'gap');
        return;
      }
      case Kind.resumed: {
        const { trust } = JSON.parse(columns.text(from) ?? '{}') as { trust?: Trust };
        // only a silence heals without a snapshot
        if (this.trust === 'untrusted' && this.reason === 'silent') {
          this.trust = trust === 'trusted' ? 'trusted' : 'partial';
          this.reason = trust === 'trusted' ? '' : 'starts_empty';
        }
        return;
      }
      default:
        throw new InvariantViolation(`row kind ${String(columns.kind[from])} is unknown`);
    }
  }

  /** Takes away the book's trust until a snapshot. A break that comes while another lasts keeps the first reason, except that a silence gives way. */
  interrupt(reason: TrustReason): void {
    if (this.trust === 'untrusted' && this.reason !== 'silent' && this.reason !== 'no_snapshot') return;
    this.trust = 'untrusted';
    this.reason = reason;
  }

  /** Trust as it counts: a book that stayed crossed too long is worth nothing until it uncrosses. */
  effectiveTrust(): Trust {
    return this.crossedOut ? 'untrusted' : this.trust;
  }

  effectiveReason(): TrustReason {
    return this.trust !== 'untrusted' && this.crossedOut ? 'crossed' : this.reason;
  }

  /** Takes note of the mid and of the trust that hold from `at` on, where something else than a book message changed them. */
  mark(at: EpochMicros): void {
    this.#mark(this.book.best(Side.bid), this.book.best(Side.ask), at);
  }

  /** Why nothing can fill here now; undefined when the book is usable. */
  unusable(allowPartialBook: boolean): Unusable | undefined {
    const trust = this.effectiveTrust();
    if (trust === 'untrusted') return 'book_untrusted';
    if (trust === 'partial' && !allowPartialBook) return 'book_partial';
    const bid = this.book.best(Side.bid);
    const ask = this.book.best(Side.ask);
    if (bid === NO_LEVEL || ask === NO_LEVEL) return 'one_side_empty';
    if (bid > ask) return 'book_crossed';
    return bid === ask ? 'book_locked' : undefined;
  }

  #levels(columns: MarketColumns, from: number, to: number, priceFactor: number, sizeFactor: number): void {
    if ((columns.flags[from]! & Flag.noLevel) !== 0) return;
    const { book } = this;
    const { price, size, side } = columns;
    if (priceFactor === 1 && sizeFactor === 1)
      for (let row = from; row < to; row++) book.set(side[row] as Side, int64At(price, row), int64At(size, row));
    else
      for (let row = from; row < to; row++)
        book.set(side[row] as Side, int64At(price, row) * priceFactor, int64At(size, row) * sizeFactor);
    // a snapshot's levels are where the book begins, not changes of it
    if (columns.kind[from] === Kind.delta) this.counts.levelChanges += to - from;
  }

  /** A message's time of the venue; one without any takes the greatest seen so far. */
  #stamped(venueAt: EpochMicros, at: EpochMicros): EpochMicros {
    if (venueAt !== 0) {
      if (venueAt > this.venueAt || !this.venueTimed) this.venueAt = venueAt;
      this.venueTimed = true;
      return venueAt;
    }
    if (!this.venueTimed && at > this.venueAt) this.venueAt = at;
    return this.venueAt;
  }

  #afterBook(columns: MarketColumns, from: number, at: EpochMicros, venueAt: EpochMicros): void {
    const venueSeq = int64At(columns.venueSeq, from);
    if (venueSeq !== 0) this.venueSeq = venueSeq;
    this.bookAt = at;
    this.previousBookVenueAt = this.bookVenueAt;
    this.bookVenueAt = venueAt;
    const bid = this.book.best(Side.bid);
    const ask = this.book.best(Side.ask);
    if (bid >= ask && bid !== NO_LEVEL && ask !== NO_LEVEL) {
      this.counts.crossed++;
      if (this.crossedSince === 0) this.crossedSince = at;
    } else {
      this.crossedSince = 0;
      this.crossedOut = false;
    }
    this.#mark(bid, ask, at);
    this.#tellHolders();
  }

  #mark(bid: number, ask: number, at: EpochMicros): void {
    const untrusted = this.crossedOut || this.trust === 'untrusted';
    const exists = !untrusted && bid !== NO_LEVEL && bid < ask;
    this.mids.update(exists ? bid + ask : 0, untrusted, at);
  }
}

/** Rules may count more finely than any row does: whether each can still be counted is seen before anything changes. */
function mustCount(columns: MarketColumns, from: number, to: number, priceFactor: number, sizeFactor: number): void {
  for (let row = from; row < to; row++) {
    multiplied(int64At(columns.price, row), priceFactor);
    multipliedSize(int64At(columns.size, row), sizeFactor);
  }
}

/** Levels by key whose prices are counted more finely. */
function rekey<T>(byLevel: Map<number, T>, factor: number): void {
  const entries = [...byLevel];
  byLevel.clear();
  for (const [key, value] of entries) byLevel.set(levelKey((key % 2) as Side, Math.floor(key / 2) * factor), value);
}
