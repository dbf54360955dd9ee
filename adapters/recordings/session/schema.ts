import { Flag, int64At, Kind, type ColumnInstrument, type MarketColumns } from '../../../core/market/columns.js';
import type { ArrowColumn, BatchHeader, Region } from './arrow-messages.js';

/** The columns of `market.arrow`, in the order of the file. docs/session-format.md says what each means. */
export const COLUMNS: readonly ArrowColumn[] = [
  { name: 'seq', type: 'int64', nullable: false },
  { name: 'received_at', type: 'instant', nullable: false },
  { name: 'venue_at', type: 'instant', nullable: true },
  { name: 'instrument', type: 'dictionary', nullable: false },
  { name: 'kind', type: 'uint8', nullable: false },
  { name: 'side', type: 'uint8', nullable: false },
  { name: 'price', type: 'int64', nullable: true },
  { name: 'size', type: 'int64', nullable: true },
  { name: 'flags', type: 'uint8', nullable: false },
  { name: 'venue_seq', type: 'int64', nullable: true },
  { name: 'text', type: 'text', nullable: true },
];
/** The dictionary's indices have 16 bits and a sign. */
export const MAX_INSTRUMENTS = 32_767;

/** What the file says beside its columns: the scales of every instrument, in the order of the dictionary. */
export function metadataOf(instruments: readonly ColumnInstrument[]): ReadonlyMap<string, string> {
  const scales = instruments.map(
    ({ instrument, priceScale, sizeScale }) => [instrument, { priceScale, sizeScale }] as const,
  );
  return new Map([['instruments', JSON.stringify(Object.fromEntries(scales))]]);
}

/** @throws {SyntaxError | TypeError} when the metadata do not say it */
export function instrumentsOf(metadata: ReadonlyMap<string, string>): ColumnInstrument[] {
  const scales = JSON.parse(metadata.get('instruments') ?? '') as Record<string, Omit<ColumnInstrument, 'instrument'>>;
  return Object.entries(scales).map(([instrument, { priceScale, sizeScale }]) => ({
    instrument,
    priceScale,
    sizeScale,
  }));
}

/** A record batch as it goes into a file: its description, and the pieces of its body. */
export class BatchBody {
  readonly pieces: Uint8Array[] = [];
  readonly #rows: number;
  readonly #nodes: [rows: number, absent: number][] = [];
  readonly #regions: Region[] = [];
  length = 0;

  /** Over the columns' own memory. */
  static of(columns: MarketColumns): BatchBody {
    const { rows } = columns;
    const body = new BatchBody(rows);
    const levels = absentLevels(columns.flags, rows);
    body.#add(columns.seq);
    body.#add(columns.receivedAt);
    body.#add(columns.venueAt, absentZeros(columns.venueAt, rows));
    body.#add(columns.instrument);
    body.#add(columns.kind);
    body.#add(columns.side);
    body.#add(columns.price, levels);
    body.#add(columns.size, levels);
    body.#add(columns.flags);
    body.#add(columns.venueSeq, absentZeros(columns.venueSeq, rows));
    body.#addTexts((row) => (columns.kind[row]! >= Kind.interrupted ? columns.text(row) : undefined));
    return body;
  }

  /** The dictionary: names of instruments by their code. */
  static ofNames(instruments: readonly ColumnInstrument[]): BatchBody {
    const body = new BatchBody(instruments.length);
    body.#addTexts((row) => instruments[row]!.instrument);
    return body;
  }

  private constructor(rows: number) {
    this.#rows = rows;
  }

  get header(): BatchHeader {
    return { rows: this.#rows, nodes: this.#nodes, regions: this.#regions };
  }

  #add(values: ArrayBufferView, absences: Absences = NONE): void {
    this.#nodes.push([this.#rows, absences.count]);
    this.#put(absences.bitmap);
    this.#put(values);
  }

  #addTexts(textOf: (row: number) => string | undefined): void {
    const offsets = new Int32Array(this.#rows + 1);
    const present = new Uint8Array((this.#rows + 7) >> 3);
    const letters: Buffer[] = [];
    let length = 0;
    for (let row = 0; row < this.#rows; row++) {
      const text = textOf(row);
      if (text !== undefined) {
        const piece = Buffer.from(text);
        letters.push(piece);
        length += piece.length;
        present[row >> 3]! |= 1 << (row & 7);
      }
      offsets[row + 1] = length;
    }
    const absent = this.#rows - letters.length;
    this.#nodes.push([this.#rows, absent]);
    this.#put(absent === 0 ? NONE.bitmap : present);
    this.#put(offsets);
    this.#put(Buffer.concat(letters));
  }

  #put({ buffer, byteOffset, byteLength }: ArrayBufferView): void {
    this.#regions.push([this.length, byteLength]);
    if (byteLength > 0) this.pieces.push(new Uint8Array(buffer, byteOffset, byteLength));
    const padding = -byteLength & 7;
    if (padding > 0) this.pieces.push(PADDING.subarray(0, padding));
    this.length += byteLength + padding;
  }
}

const PADDING = new Uint8Array(7);

/** Absent values of a column: a bitmap with a 0 for each, made when the first one is met. */
class Absences {
  count = 0;
  bitmap = new Uint8Array(0);

  add(row: number, rows: number): void {
    if (this.count === 0) this.bitmap = new Uint8Array((rows + 7) >> 3).fill(255);
    this.bitmap[row >> 3]! &= ~(1 << (row & 7));
    this.count++;
  }
}
const NONE = new Absences();

function absentLevels(flags: Uint8Array, rows: number): Absences {
  const absences = new Absences();
  for (let row = 0; row < rows; row++) if ((flags[row]! & Flag.noLevel) !== 0) absences.add(row, rows);
  return absences;
}

function absentZeros(words: Int32Array, rows: number): Absences {
  const absences = new Absences();
  for (let row = 0; row < rows; row++) if ((words[2 * row]! | words[2 * row + 1]!) === 0) absences.add(row, rows);
  return absences;
}

/**
 * The rows of a record batch as columns, over its own memory and without conversion.
 *
 * @param at where in the memory each buffer begins: validity and values of every column in turn, of the text column
 *   validity, offsets and letters
 */
export function columnsAt(
  memory: ArrayBuffer,
  rows: number,
  at: readonly number[],
  instruments: readonly ColumnInstrument[],
): MarketColumns {
  const wide = (column: number): Int32Array => new Int32Array(memory, at[2 * column + 1], 2 * rows);
  const narrow = (column: number): Uint8Array => new Uint8Array(memory, at[2 * column + 1], rows);
  const offsets = new Int32Array(memory, at[21], rows + 1);
  return {
    rows,
    instruments,
    seq: wide(0),
    receivedAt: wide(1),
    venueAt: wide(2),
    instrument: new Uint16Array(memory, at[7], rows),
    kind: narrow(4),
    side: narrow(5),
    price: wide(6),
    size: wide(7),
    flags: narrow(8),
    venueSeq: wide(9),
    text: (row) => {
      const from = offsets[row]!;
      const to = offsets[row + 1]!;
      return from === to ? undefined : Buffer.from(memory, at[22]! + from, to - from).toString();
    },
  };
}

/** The first row with a number that JavaScript cannot count exactly; undefined where all is well. */
export function firstUnsafeRow(columns: MarketColumns): number | undefined {
  const { seq, receivedAt, venueAt, price, size, venueSeq } = columns;
  let bits = 0;
  for (let high = 1; high < 2 * columns.rows; high += 2)
    bits |= seq[high]! | receivedAt[high]! | venueAt[high]! | price[high]! | size[high]! | venueSeq[high]!;
  if (bits >>> 21 === 0) return undefined;
  for (let row = 0; row < columns.rows; row++)
    for (const words of [seq, receivedAt, venueAt, price, size, venueSeq])
      if (int64At(words, row) > Number.MAX_SAFE_INTEGER || words[2 * row + 1]! < 0) return row;
  return undefined;
}
