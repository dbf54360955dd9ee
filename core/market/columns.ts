import type { EpochMicros } from '../time.js';

/** What a row of a market batch is. The numbers are those of the session file. */
export const Kind = { delta: 0, snapshot: 1, trade: 2, interrupted: 3, resumed: 4, defined: 5 } as const;

/** Bits of a row's `flags`. */
export const Flag = {
  /** Last row of its message. */
  messageEnd: 1,
  /** The row carries no price and size: an empty or dropped message, an interruption, a definition. */
  noLevel: 2,
  /** The venue's sequence rules leave this message out; it is kept so that it is counted. */
  dropped: 4,
  /** A print that is no market trade: kept, and moves nothing. */
  notMarket: 8,
  /** The venue sent a checksum with this book message, and it was compared. */
  checked: 16,
  /** With `checked`: it was not that of our book. */
  mismatch: 32,
} as const;

/** Sides: of a level the side of the book, of a trade the taker's side. */
export const Side = { bid: 0, ask: 1, buy: 0, sell: 1 } as const;
export type Side = 0 | 1;

/** An instrument as a batch counts it: prices are `price x 10^-priceScale`, sizes `size x 10^-sizeScale`. */
export interface ColumnInstrument {
  readonly instrument: string;
  readonly priceScale: number;
  readonly sizeScale: number;
}

/**
 * A batch of market inputs as columns: one row per level change, per trade and per other event; a message's rows stand
 * together, share `seq`, and a batch ends at the end of a message. 64-bit columns are pairs of 32-bit words, low word
 * first, as they lie in an Arrow file, so that a file is read without conversion: read them with `int64At`.
 */
export interface MarketColumns {
  readonly rows: number;
  readonly instruments: readonly ColumnInstrument[];
  readonly seq: Int32Array;
  readonly receivedAt: Int32Array;
  /** 0 where the message has no time of the venue. */
  readonly venueAt: Int32Array;
  /** Index into `instruments`. */
  readonly instrument: Uint16Array;
  readonly kind: Uint8Array;
  readonly side: Uint8Array;
  readonly price: Int32Array;
  readonly size: Int32Array;
  readonly flags: Uint8Array;
  /** The venue's sequence number of a book message, the trade id of a trade; 0 where there is none. */
  readonly venueSeq: Int32Array;
  /** JSON of a definition, an interruption, a resumption; undefined for all other rows. */
  text(row: number): string | undefined;
}

/** A non-negative 64-bit integer out of its two words; beyond 2^53 it is exact where it is a double. */
export function int64At(words: Int32Array, row: number): number {
  return words[2 * row + 1]! * 4_294_967_296 + (words[2 * row]! >>> 0);
}

/** Writes a whole number >= 0 and below 2^63 as its two words. */
export function setInt64(words: Int32Array, row: number, value: number): void {
  const high = Math.floor(value / 4_294_967_296);
  words[2 * row + 1] = high;
  words[2 * row] = value - high * 4_294_967_296;
}

/** Collects rows into columns; grows by doubling. One builder makes one batch after another (`take` empties it). */
export class ColumnsBuilder {
  #rows = 0;
  #seq = new Int32Array(0);
  #receivedAt = new Int32Array(0);
  #venueAt = new Int32Array(0);
  #instrument = new Uint16Array(0);
  #kind = new Uint8Array(0);
  #side = new Uint8Array(0);
  #price = new Int32Array(0);
  #size = new Int32Array(0);
  #flags = new Uint8Array(0);
  #venueSeq = new Int32Array(0);
  #texts = new Map<number, string>();

  get rows(): number {
    return this.#rows;
  }

  add(
    seq: number,
    receivedAt: EpochMicros,
    venueAt: EpochMicros,
    instrument: number,
    kind: number,
    side: number,
    price: number,
    size: number,
    flags: number,
    venueSeq: number,
    text?: string,
  ): void {
    const row = this.#rows;
    if (row === this.#kind.length) this.#grow();
    setInt64(this.#seq, row, seq);
    setInt64(this.#receivedAt, row, receivedAt);
    setInt64(this.#venueAt, row, venueAt);
    this.#instrument[row] = instrument;
    this.#kind[row] = kind;
    this.#side[row] = side;
    setInt64(this.#price, row, price);
    setInt64(this.#size, row, size);
    this.#flags[row] = flags;
    setInt64(this.#venueSeq, row, venueSeq);
    if (text !== undefined) this.#texts.set(row, text);
    this.#rows = row + 1;
  }

  /** Marks the last row as the end of its message. */
  endMessage(): void {
    this.#flags[this.#rows - 1]! |= Flag.messageEnd;
  }

  /** Hands over what was collected and starts anew. */
  take(instruments: readonly ColumnInstrument[]): MarketColumns {
    const lent = this.lend(instruments);
    return {
      ...lent,
      seq: lent.seq.slice(),
      receivedAt: lent.receivedAt.slice(),
      venueAt: lent.venueAt.slice(),
      instrument: lent.instrument.slice(),
      kind: lent.kind.slice(),
      side: lent.side.slice(),
      price: lent.price.slice(),
      size: lent.size.slice(),
      flags: lent.flags.slice(),
      venueSeq: lent.venueSeq.slice(),
    };
  }

  /** The same without a copy: it is good until the next row is added, which is written over it. */
  lend(instruments: readonly ColumnInstrument[]): MarketColumns {
    const rows = this.#rows;
    const texts = this.#texts;
    this.#rows = 0;
    this.#texts = new Map();
    return {
      rows,
      instruments: [...instruments],
      seq: this.#seq.subarray(0, 2 * rows),
      receivedAt: this.#receivedAt.subarray(0, 2 * rows),
      venueAt: this.#venueAt.subarray(0, 2 * rows),
      instrument: this.#instrument.subarray(0, rows),
      kind: this.#kind.subarray(0, rows),
      side: this.#side.subarray(0, rows),
      price: this.#price.subarray(0, 2 * rows),
      size: this.#size.subarray(0, 2 * rows),
      flags: this.#flags.subarray(0, rows),
      venueSeq: this.#venueSeq.subarray(0, 2 * rows),
      text: (row) => texts.get(row),
    };
  }

  #grow(): void {
    const capacity = this.#kind.length === 0 ? 256 : this.#kind.length * 2;
    const wide = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(2 * capacity);
      to.set(from);
      return to;
    };
    const narrow = (from: Uint8Array): Uint8Array<ArrayBuffer> => {
      const to = new Uint8Array(capacity);
      to.set(from);
      return to;
    };
    const instrument = new Uint16Array(capacity);
    instrument.set(this.#instrument);
    this.#instrument = instrument;
    this.#seq = wide(this.#seq);
    this.#receivedAt = wide(this.#receivedAt);
    this.#venueAt = wide(this.#venueAt);
    this.#price = wide(this.#price);
    this.#size = wide(this.#size);
    this.#venueSeq = wide(this.#venueSeq);
    this.#kind = narrow(this.#kind);
    this.#side = narrow(this.#side);
    this.#flags = narrow(this.#flags);
  }
}

export const NO_COLUMNS: MarketColumns = new ColumnsBuilder().take([]);

/** The rows [from, to) of a batch as a batch of their own, without copying; both must be message borders. */
export function sliceColumns(columns: MarketColumns, from: number, to: number): MarketColumns {
  return {
    rows: to - from,
    instruments: columns.instruments,
    seq: columns.seq.subarray(2 * from, 2 * to),
    receivedAt: columns.receivedAt.subarray(2 * from, 2 * to),
    venueAt: columns.venueAt.subarray(2 * from, 2 * to),
    instrument: columns.instrument.subarray(from, to),
    kind: columns.kind.subarray(from, to),
    side: columns.side.subarray(from, to),
    price: columns.price.subarray(2 * from, 2 * to),
    size: columns.size.subarray(2 * from, 2 * to),
    flags: columns.flags.subarray(from, to),
    venueSeq: columns.venueSeq.subarray(2 * from, 2 * to),
    text: (row) => columns.text(from + row),
  };
}
