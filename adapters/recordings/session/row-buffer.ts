import { Flag, type ColumnInstrument, type MarketColumns } from '../../../core/market/columns.js';

/** Rows after which a batch of a session ends, at the next end of a message. */
export const BATCH_ROWS = 65_536;

/**
 * Market rows on their way into a file, gathered from batches of any size. Where a batch of the file ends follows from
 * the rows alone: at the first end of a message at or after `BATCH_ROWS` rows.
 */
export class RowBuffer {
  rows = 0;
  #capacity = 0;
  seq = new Int32Array(0);
  receivedAt = new Int32Array(0);
  venueAt = new Int32Array(0);
  instrument = new Uint16Array(0);
  kind = new Uint8Array(0);
  side = new Uint8Array(0);
  price = new Int32Array(0);
  size = new Int32Array(0);
  flags = new Uint8Array(0);
  venueSeq = new Int32Array(0);
  texts = new Map<number, string>();

  /** Whether the rows make a whole batch. */
  get full(): boolean {
    return this.rows >= BATCH_ROWS;
  }

  /**
   * Copies rows `from` to `to` (exclusive) or as many of them as make the batch full.
   *
   * @returns the row to go on with: `to`, unless the buffer got full before
   */
  append(columns: MarketColumns, from: number, to: number): number {
    const end = this.#endWithin(columns, from, to);
    const row = this.rows;
    this.#reserve(row + end - from);
    this.seq.set(columns.seq.subarray(2 * from, 2 * end), 2 * row);
    this.receivedAt.set(columns.receivedAt.subarray(2 * from, 2 * end), 2 * row);
    this.venueAt.set(columns.venueAt.subarray(2 * from, 2 * end), 2 * row);
    this.instrument.set(columns.instrument.subarray(from, end), row);
    this.kind.set(columns.kind.subarray(from, end), row);
    this.side.set(columns.side.subarray(from, end), row);
    this.price.set(columns.price.subarray(2 * from, 2 * end), 2 * row);
    this.size.set(columns.size.subarray(2 * from, 2 * end), 2 * row);
    this.flags.set(columns.flags.subarray(from, end), row);
    this.venueSeq.set(columns.venueSeq.subarray(2 * from, 2 * end), 2 * row);
    this.rows = row + end - from;
    return end;
  }

  /** The rows as columns: views, good until the next `append` or `clear`. */
  columns(instruments: readonly ColumnInstrument[]): MarketColumns {
    const { rows, texts } = this;
    return {
      rows,
      instruments,
      seq: this.seq.subarray(0, 2 * rows),
      receivedAt: this.receivedAt.subarray(0, 2 * rows),
      venueAt: this.venueAt.subarray(0, 2 * rows),
      instrument: this.instrument.subarray(0, rows),
      kind: this.kind.subarray(0, rows),
      side: this.side.subarray(0, rows),
      price: this.price.subarray(0, 2 * rows),
      size: this.size.subarray(0, 2 * rows),
      flags: this.flags.subarray(0, rows),
      venueSeq: this.venueSeq.subarray(0, 2 * rows),
      text: (row) => texts.get(row),
    };
  }

  clear(): void {
    this.rows = 0;
    this.texts = new Map();
  }

  #endWithin(columns: MarketColumns, from: number, to: number): number {
    const least = from + BATCH_ROWS - this.rows;
    if (least >= to) return to;
    let end = least > from ? least : from + 1;
    while (end < to && (columns.flags[end - 1]! & Flag.messageEnd) === 0) end++;
    return end;
  }

  #reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    let capacity = this.#capacity === 0 ? 8_192 : this.#capacity;
    while (capacity < rows) capacity *= 2;
    const wide = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(2 * capacity);
      grown.set(old.subarray(0, 2 * this.rows));
      return grown;
    };
    const narrow = (old: Uint8Array): Uint8Array<ArrayBuffer> => {
      const grown = new Uint8Array(capacity);
      grown.set(old.subarray(0, this.rows));
      return grown;
    };
    const instrument = new Uint16Array(capacity);
    instrument.set(this.instrument.subarray(0, this.rows));
    this.instrument = instrument;
    this.seq = wide(this.seq);
    this.receivedAt = wide(this.receivedAt);
    this.venueAt = wide(this.venueAt);
    this.price = wide(this.price);
    this.size = wide(this.size);
    this.venueSeq = wide(this.venueSeq);
    this.kind = narrow(this.kind);
    this.side = narrow(this.side);
    this.flags = narrow(this.flags);
    this.#capacity = capacity;
  }
}
