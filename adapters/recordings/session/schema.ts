import {
  type Data,
  Dictionary,
  Field,
  Int16,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  TimestampMicrosecond,
  Uint8,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import {
  Flag,
  int64At,
  Kind,
  setInt64,
  type ColumnInstrument,
  type MarketColumns,
} from '../../../core/market/columns.js';

const DICTIONARY_ID = 0;
const INT64 = new Int64();
const UINT8 = new Uint8();
const UTF8 = new Utf8();
const INSTANT = new TimestampMicrosecond('UTC');
const INSTRUMENT = new Dictionary(UTF8, new Int16(), DICTIONARY_ID);

/** The columns of `market.arrow`, in the order of the file. docs/session-format.md says what each means. */
const FIELDS: Field[] = [
  new Field('seq', INT64, false),
  new Field('received_at', INSTANT, false),
  new Field('venue_at', INSTANT, true),
  new Field('instrument', INSTRUMENT, false),
  new Field('kind', UINT8, false),
  new Field('side', UINT8, false),
  new Field('price', INT64, true),
  new Field('size', INT64, true),
  new Field('flags', UINT8, false),
  new Field('venue_seq', INT64, true),
  new Field('text', UTF8, true),
];
export const MAX_INSTRUMENTS = 32_767;

/** Makes record batches of one file: its schema says how the instruments' numbers are scaled. */
export class MarketSchema {
  readonly schema: Schema;
  readonly #names: Vector<Utf8>;
  readonly #row = new Struct(FIELDS);

  constructor(instruments: readonly ColumnInstrument[]) {
    const scales = Object.fromEntries(
      instruments.map(({ instrument, priceScale, sizeScale }) => [instrument, { priceScale, sizeScale }]),
    );
    this.schema = new Schema(FIELDS, new Map([['instruments', JSON.stringify(scales)]]));
    this.#names = vectorFromArray(
      instruments.map(({ instrument }) => instrument),
      UTF8,
    );
  }

  /** A record batch over the columns' own memory. */
  recordBatch(columns: MarketColumns): RecordBatch {
    const { rows } = columns;
    const whole = (words: Int32Array, { nullCount, nullBitmap }: Absences): Data<Int64> =>
      makeData({ type: INT64, length: rows, nullCount, ...bitmap(nullBitmap), data: wide(words) });
    const instant = (words: Int32Array, { nullCount, nullBitmap }: Absences): Data<TimestampMicrosecond> =>
      makeData({ type: INSTANT, length: rows, nullCount, ...bitmap(nullBitmap), data: wide(words) });
    const small = (data: Uint8Array): Data<Uint8> => makeData({ type: UINT8, length: rows, nullCount: 0, data });
    const levels = absentLevels(columns.flags, rows);
    const children = [
      whole(columns.seq, PRESENT),
      instant(columns.receivedAt, PRESENT),
      instant(columns.venueAt, absentZeros(columns.venueAt, rows)),
      makeData({
        type: INSTRUMENT,
        length: rows,
        nullCount: 0,
        data: new Int16Array(columns.instrument.buffer, columns.instrument.byteOffset, rows),
        dictionary: this.#names,
      }),
      small(columns.kind),
      small(columns.side),
      whole(columns.price, levels),
      whole(columns.size, levels),
      small(columns.flags),
      whole(columns.venueSeq, absentZeros(columns.venueSeq, rows)),
      texts(columns),
    ];
    const data = makeData({ type: this.#row, length: rows, nullCount: 0, children: children as Data[] });
    return new RecordBatch(this.schema, data);
  }
}

/** Whether a file has these columns, of these types, in this order. */
export function hasMarketFields(schema: Schema): boolean {
  return (
    schema.fields.length === FIELDS.length &&
    schema.fields.every(({ name, type }, index) => `${name} ${String(type)}` === FIELD_NAMES[index])
  );
}
const FIELD_NAMES = FIELDS.map(({ name, type }) => `${name} ${String(type)}`);

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

/** The instruments of a file in the order of its dictionary, with their scales; undefined where it does not say. */
export function instrumentsOf(schema: Schema): ColumnInstrument[] | undefined {
  try {
    const scales = JSON.parse(schema.metadata.get('instruments') ?? '') as Record<string, Scales>;
    return Object.entries(scales).map(([instrument, { priceScale, sizeScale }]) => ({
      instrument,
      priceScale,
      sizeScale,
    }));
  } catch {
    return undefined;
  }
}
interface Scales {
  readonly priceScale: number;
  readonly sizeScale: number;
}

const wide = (words: Int32Array): BigInt64Array =>
  new BigInt64Array(words.buffer, words.byteOffset, Math.floor(words.length / 2));

/** Marks the absent values of a column, as Arrow does: a bitmap with a 0 for each, made when the first one is met. */
class Absences {
  readonly #rows: number;
  nullCount = 0;
  nullBitmap: Uint8Array | undefined;

  constructor(rows: number) {
    this.#rows = rows;
  }

  add(row: number): void {
    this.nullBitmap ??= new Uint8Array((this.#rows + 7) >> 3).fill(255);
    this.nullBitmap[row >> 3]! &= ~(1 << (row & 7));
    this.nullCount++;
  }
}

const PRESENT = new Absences(0);
const bitmap = (nullBitmap: Uint8Array | undefined): { nullBitmap?: Uint8Array } =>
  nullBitmap === undefined ? {} : { nullBitmap };

function absentLevels(flags: Uint8Array, rows: number): Absences {
  const absences = new Absences(rows);
  for (let row = 0; row < rows; row++) if ((flags[row]! & Flag.noLevel) !== 0) absences.add(row);
  return absences;
}

function absentZeros(words: Int32Array, rows: number): Absences {
  const absences = new Absences(rows);
  for (let row = 0; row < rows; row++) if ((words[2 * row]! | words[2 * row + 1]!) === 0) absences.add(row);
  return absences;
}

/** The text column: offsets for every row, letters for the few rows that have a text. */
function texts(columns: MarketColumns): Data<Utf8> {
  const { rows, kind } = columns;
  const valueOffsets = new Int32Array(rows + 1);
  const nullBitmap = new Uint8Array((rows + 7) >> 3);
  const pieces: Buffer[] = [];
  let length = 0;
  for (let row = 0; row < rows; row++) {
    if (kind[row]! >= Kind.interrupted) {
      const piece = Buffer.from(columns.text(row)!);
      pieces.push(piece);
      length += piece.length;
      nullBitmap[row >> 3]! |= 1 << (row & 7);
    }
    valueOffsets[row + 1] = length;
  }
  const nullCount = rows - pieces.length;
  return makeData({ type: UTF8, length: rows, nullCount, nullBitmap, valueOffsets, data: Buffer.concat(pieces) });
}

/**
 * The first row with a number that cannot be counted exactly: a safe integer, or as a size a double that is exact and below
 * 2^63; undefined when there is none.
 */
export function firstUnsafeRow(columns: MarketColumns): number | undefined {
  const { seq, receivedAt, venueAt, price, size, venueSeq } = columns;
  let bits = 0;
  let sizeBits = 0;
  for (let high = 1; high < 2 * columns.rows; high += 2) {
    bits |= seq[high]! | receivedAt[high]! | venueAt[high]! | price[high]! | venueSeq[high]!;
    sizeBits |= size[high]!;
  }
  const areSafe = bits >>> 21 === 0;
  if (areSafe && sizeBits >>> 21 === 0) return undefined;
  const others = areSafe ? [] : [seq, receivedAt, venueAt, price, venueSeq];
  for (let row = 0; row < columns.rows; row++) {
    for (const words of others) if (!isSafe(words, row)) return row;
    if (!isExactSize(size, row)) return row;
  }
  return undefined;
}

const isSafe = (words: Int32Array, row: number): boolean =>
  int64At(words, row) <= Number.MAX_SAFE_INTEGER && words[2 * row + 1]! >= 0;

/** Whether the words are those of the number that is read from them. */
function isExactSize(words: Int32Array, row: number): boolean {
  setInt64(AGAIN, 0, int64At(words, row));
  return words[2 * row + 1]! >= 0 && AGAIN[0] === words[2 * row] && AGAIN[1] === words[2 * row + 1];
}

const AGAIN = new Int32Array(2);
