import { type Flat, flatBuffer, FlatReader, type FlatTable, i16, i32, i64, type Scalar, u8 } from './flat-buffer.js';

/**
 * The descriptions of an Arrow IPC file (format version 5): flat tables that say where in the bytes the columns lie. Field
 * numbers are those of Arrow's `Schema.fbs`, `Message.fbs` and `File.fbs`.
 */

/** A column as the file describes it. */
export interface ArrowColumn {
  readonly name: string;
  readonly type: ArrowType;
  readonly nullable: boolean;
}
export type ArrowType = 'int64' | 'uint8' | 'instant' | 'text' | 'dictionary';

/** A stretch of a message's body. */
export type Region = readonly [offset: number, length: number];

/** Where a message with a body stands in a file. */
export interface Block {
  readonly offset: number;
  /** Length of the message with its prefix, a multiple of 8. */
  readonly metaDataLength: number;
  readonly bodyLength: number;
}

export interface BatchHeader {
  readonly rows: number;
  /** Rows and absent values of each column. */
  readonly nodes: readonly (readonly [rows: number, absent: number])[];
  /** Buffers in the order of the columns: validity, then offsets for texts, then values. */
  readonly regions: readonly Region[];
}

export interface FileFooter {
  readonly columns: readonly ArrowColumn[];
  readonly metadata: ReadonlyMap<string, string>;
  readonly batches: readonly Block[];
}

const VERSION_5 = i16(4);
const HEADER = { schema: 1, dictionary: 2, batch: 3 } as const;
const TYPE = { int: 2, utf8: 5, timestamp: 10 } as const;
const MICROSECOND = 2;
const DICTIONARY_ID = 0;
/** Closes a stream of messages. */
export const END_OF_STREAM = new Uint8Array([255, 255, 255, 255, 0, 0, 0, 0]);

export function schemaMessage(columns: readonly ArrowColumn[], metadata: ReadonlyMap<string, string>): Uint8Array {
  return message(HEADER.schema, schema(columns, metadata), 0);
}

export function dictionaryMessage(batch: BatchHeader, bodyLength: number): Uint8Array {
  return message(HEADER.dictionary, { table: [i64(DICTIONARY_ID), recordBatch(batch)] }, bodyLength);
}

export function batchMessage(batch: BatchHeader, bodyLength: number): Uint8Array {
  return message(HEADER.batch, recordBatch(batch), bodyLength);
}

/** The footer, its length and the closing magic word. */
export function footer(
  columns: readonly ArrowColumn[],
  metadata: ReadonlyMap<string, string>,
  dictionaries: readonly Block[],
  batches: readonly Block[],
): Uint8Array {
  const records = (blocks: readonly Block[]): Flat => ({
    records: blocks.map(({ offset, metaDataLength, bodyLength }) => [offset, metaDataLength, bodyLength]),
  });
  const bytes = flatBuffer({
    table: [VERSION_5, schema(columns, metadata), records(dictionaries), records(batches)],
  });
  const length = Buffer.alloc(4);
  length.writeInt32LE(bytes.length);
  return Buffer.concat([bytes, length, Buffer.from('ARROW1')]);
}

/** @param bytes a message without its prefix; @throws {RangeError} when it is no record batch */
export function readBatch(bytes: Uint8Array): BatchHeader {
  const root = FlatReader.root(bytes);
  if (root.scalar(1, 1) !== HEADER.batch) throw new RangeError('no record batch');
  const batch = root.table(2);
  return {
    rows: batch.scalar(0, 8),
    nodes: batch.records(1, 2) as unknown as BatchHeader['nodes'],
    regions: batch.records(2, 2) as unknown as BatchHeader['regions'],
  };
}

/** @param bytes a footer without its length and magic word; @throws {RangeError} when it is none */
export function readFooter(bytes: Uint8Array): FileFooter {
  const root = FlatReader.root(bytes);
  const described = root.table(1);
  return {
    columns: described.tables(1).map(readColumn),
    metadata: new Map(described.tables(2).map((pair) => [pair.text(0), pair.text(1)])),
    batches: root.records(3, 3).map(([offset, metaDataLength, bodyLength]) => ({
      offset: offset!,
      metaDataLength: metaDataLength! % 2 ** 32, // 32 bits and padding
      bodyLength: bodyLength!,
    })),
  };
}

function message(kind: number, header: FlatTable, bodyLength: number): Uint8Array {
  const description = flatBuffer({ table: [VERSION_5, u8(kind), header, i64(bodyLength)] });
  const length = Math.ceil(description.length / 8) * 8;
  const bytes = new Uint8Array(8 + length);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, -1, true);
  view.setInt32(4, length, true);
  bytes.set(description, 8);
  return bytes;
}

const recordBatch = ({ rows, nodes, regions }: BatchHeader): FlatTable => ({
  table: [i64(rows), { records: nodes }, { records: regions }],
});

const schema = (columns: readonly ArrowColumn[], metadata: ReadonlyMap<string, string>): FlatTable => ({
  table: [
    i16(0), // little-endian
    { list: columns.map(field) },
    { list: [...metadata].map(([key, value]) => ({ table: [{ text: key }, { text: value }] })) },
  ],
});

const int = (bits: number, signed: boolean): FlatTable => ({ table: [i32(bits), u8(signed ? 1 : 0)] });

function field({ name, type, nullable }: ArrowColumn): FlatTable {
  const [kind, details] = typeOf(type);
  const dictionary = type === 'dictionary' ? { table: [i64(DICTIONARY_ID), int(16, true)] } : undefined;
  return { table: [{ text: name }, u8(nullable ? 1 : 0), kind, details, dictionary, { list: [] }] };
}

function typeOf(type: ArrowType): [Scalar, FlatTable] {
  switch (type) {
    case 'int64':
      return [u8(TYPE.int), int(64, true)];
    case 'uint8':
      return [u8(TYPE.int), int(8, false)];
    case 'instant':
      return [u8(TYPE.timestamp), { table: [i16(MICROSECOND), { text: 'UTC' }] }];
    case 'text':
    case 'dictionary':
      return [u8(TYPE.utf8), { table: [] }];
  }
}

function readColumn(column: FlatReader): ArrowColumn {
  return { name: column.text(0), type: readType(column), nullable: column.scalar(1, 1) === 1 };
}

function readType(column: FlatReader): ArrowType {
  const details = column.table(3);
  switch (column.scalar(2, 1)) {
    case TYPE.int:
      return details.scalar(0, 4) === 64 ? 'int64' : 'uint8';
    case TYPE.timestamp:
      return 'instant';
    case TYPE.utf8:
      return column.has(4) ? 'dictionary' : 'text';
    default:
      throw new RangeError('a column of another type');
  }
}
