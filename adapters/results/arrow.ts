import {
  Bool,
  type Data,
  type DataType,
  Field,
  Float64,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { Cell, Column, ColumnType, Row } from './columns.js';

const INSTANT = new TimestampMicrosecond('UTC');
const INT64 = new Int64();
const TYPES: Readonly<Record<ColumnType, DataType>> = {
  text: new Utf8(),
  decimal: new Utf8(),
  measure: new Float64(),
  count: INT64,
  flag: new Bool(),
  instant: INSTANT,
};

/** Makes the record batches of one file of results; every column may be null. */
export class ResultsSchema {
  readonly schema: Schema;
  readonly #row: Struct;

  constructor(readonly columns: readonly Column[]) {
    const fields = columns.map(({ name, type }) => new Field(name, TYPES[type], true));
    this.schema = new Schema(fields);
    this.#row = new Struct(fields);
  }

  recordBatch(rows: readonly Row[]): RecordBatch {
    const children = this.columns.map(({ type }, i) =>
      columnOf(
        type,
        rows.map((row) => row[i] ?? null),
      ),
    );
    return new RecordBatch(
      this.schema,
      makeData({ type: this.#row, length: rows.length, nullCount: 0, children: children }),
    );
  }
}

function columnOf(type: ColumnType, cells: readonly Cell[]): Data {
  // the library counts instants in milliseconds, and a float of those is no exact microsecond
  if (type === 'instant') return wholeNumbers(cells, INSTANT);
  if (type === 'count') return wholeNumbers(cells, INT64);
  const values = type === 'measure' ? cells.map((cell) => (cell === null ? null : Number(cell))) : cells;
  return vectorFromArray(values, TYPES[type]).data[0]!; // there are no batches without rows
}

function wholeNumbers(cells: readonly Cell[], type: Int64 | TimestampMicrosecond): Data {
  const data = new BigInt64Array(cells.length);
  const nullBitmap = new Uint8Array((cells.length + 7) >> 3);
  let nullCount = 0;
  for (const [i, cell] of cells.entries())
    if (cell === null) nullCount++;
    else {
      data[i] = BigInt(cell);
      nullBitmap[i >> 3]! |= 1 << (i & 7);
    }
  return makeData({ type: type as Int64, length: cells.length, nullCount, nullBitmap, data });
}
