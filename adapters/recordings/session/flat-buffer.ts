/**
 * As much of FlatBuffers as Arrow's descriptions need: tables of scalars and references, texts, lists of tables and lists
 * of plain 64-bit records. Parents are written before their children, so that references point forward.
 */
export type Flat = FlatTable | FlatText | FlatList | FlatRecords;

/** A table by field number; undefined leaves a field out. */
export interface FlatTable {
  readonly table: readonly (Scalar | Flat | undefined)[];
}
export interface Scalar {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly value: number;
}
export interface FlatText {
  readonly text: string;
}
export interface FlatList {
  readonly list: readonly FlatTable[];
}
/** Records of equal length, each of so many 64-bit whole numbers. */
export interface FlatRecords {
  readonly records: readonly (readonly number[])[];
}

export const u8 = (value: number): Scalar => ({ bytes: 1, value });
export const i16 = (value: number): Scalar => ({ bytes: 2, value });
export const i32 = (value: number): Scalar => ({ bytes: 4, value });
export const i64 = (value: number): Scalar => ({ bytes: 8, value });

/** The bytes of a buffer with this root. Whole numbers are >= 0 and safe. */
export function flatBuffer(root: FlatTable): Uint8Array {
  const writer = new Writer();
  writer.reserve(4);
  writer.refer(0, root);
  return writer.bytes();
}

class Writer {
  #view = new DataView(new ArrayBuffer(1024));
  #end = 0;

  bytes(): Uint8Array {
    return new Uint8Array(this.#view.buffer, 0, this.#end);
  }

  /** Makes room for so many bytes. @returns where they begin */
  reserve(bytes: number): number {
    const start = this.#end;
    this.#end += bytes;
    if (this.#end > this.#view.byteLength) {
      const grown = new Uint8Array(2 * this.#end);
      grown.set(new Uint8Array(this.#view.buffer));
      this.#view = new DataView(grown.buffer);
    }
    return start;
  }

  /** Writes something and a reference to it, which stands at `from`. */
  refer(from: number, target: Flat): void {
    const at = this.#write(target);
    this.#view.setUint32(from, at - from, true);
  }

  #write(target: Flat): number {
    if ('table' in target) return this.#table(target.table);
    if ('text' in target) return this.#text(target.text);
    if ('list' in target) return this.#list(target.list);
    return this.#records(target.records);
  }

  /** First the offsets of its fields, then the table: its way back to the offsets, then the fields. */
  #table(fields: readonly (Scalar | Flat | undefined)[]): number {
    const offsets: number[] = [];
    let length = 4;
    for (const field of fields) {
      const bytes = field === undefined ? 0 : 'bytes' in field ? field.bytes : 4;
      if (bytes > 0) length = up(length, bytes);
      offsets.push(bytes === 0 ? 0 : length);
      length += bytes;
    }
    this.#align(2);
    const vtable = this.reserve(4 + 2 * fields.length);
    this.#align(8);
    const table = this.reserve(length);
    this.#view.setUint16(vtable, 4 + 2 * fields.length, true);
    this.#view.setUint16(vtable + 2, length, true);
    offsets.forEach((offset, index) => this.#view.setUint16(vtable + 4 + 2 * index, offset, true));
    this.#view.setInt32(table, table - vtable, true);
    fields.forEach((field, index) => {
      const at = table + offsets[index]!;
      if (field === undefined) return;
      if ('bytes' in field) this.#scalar(at, field);
      else this.refer(at, field);
    });
    return table;
  }

  #scalar(at: number, { bytes, value }: Scalar): void {
    if (bytes === 1) this.#view.setUint8(at, value);
    else if (bytes === 2) this.#view.setInt16(at, value, true);
    else if (bytes === 4) this.#view.setInt32(at, value, true);
    else this.#view.setBigInt64(at, BigInt(value), true);
  }

  #text(text: string): number {
    const letters = Buffer.from(text);
    this.#align(4);
    const at = this.reserve(4 + letters.length + 1); // a zero byte ends it
    this.#view.setUint32(at, letters.length, true);
    new Uint8Array(this.#view.buffer).set(letters, at + 4);
    return at;
  }

  #list(tables: readonly FlatTable[]): number {
    this.#align(4);
    const at = this.reserve(4 + 4 * tables.length);
    this.#view.setUint32(at, tables.length, true);
    tables.forEach((table, index) => this.refer(at + 4 + 4 * index, table));
    return at;
  }

  #records(records: readonly (readonly number[])[]): number {
    this.#align(8);
    const at = this.reserve(8 + records.reduce((sum, { length }) => sum + 8 * length, 0)) + 4;
    this.#view.setUint32(at, records.length, true);
    records.flat().forEach((value, index) => this.#scalar(at + 4 + 8 * index, i64(value)));
    return at;
  }

  #align(bytes: number): void {
    this.reserve(up(this.#end, bytes) - this.#end);
  }
}

/** Reads fields of a table by their number. Scalars that are absent read as 0. @throws {RangeError} where the bytes are no such table */
export class FlatReader {
  readonly #view: DataView;
  readonly #at: number;

  static root(bytes: Uint8Array): FlatReader {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatReader(view, view.getUint32(0, true));
  }

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  /** @param bytes length of the scalar */
  scalar(field: number, bytes: Scalar['bytes']): number {
    const at = this.#field(field);
    return at === 0 ? 0 : this.#number(at, bytes);
  }

  has(field: number): boolean {
    return this.#field(field) !== 0;
  }

  table(field: number): FlatReader {
    return new FlatReader(this.#view, this.#target(field));
  }

  text(field: number): string {
    const at = this.#target(field);
    const { buffer, byteOffset } = this.#view;
    return Buffer.from(buffer, byteOffset + at + 4, this.#view.getUint32(at, true)).toString();
  }

  tables(field: number): FlatReader[] {
    const at = this.#target(field);
    return Array.from({ length: this.#view.getUint32(at, true) }, (_, index) => {
      const from = at + 4 + 4 * index;
      return new FlatReader(this.#view, from + this.#view.getUint32(from, true));
    });
  }

  /** @param length 64-bit numbers in a record */
  records(field: number, length: number): number[][] {
    const at = this.#target(field);
    return Array.from({ length: this.#view.getUint32(at, true) }, (_, record) =>
      Array.from({ length }, (_, index) => this.#number(at + 4 + 8 * (record * length + index), 8)),
    );
  }

  #field(field: number): number {
    const vtable = this.#at - this.#view.getInt32(this.#at, true);
    if (4 + 2 * field >= this.#view.getUint16(vtable, true)) return 0;
    const offset = this.#view.getUint16(vtable + 4 + 2 * field, true);
    return offset === 0 ? 0 : this.#at + offset;
  }

  #target(field: number): number {
    const at = this.#field(field);
    if (at === 0) throw new RangeError(`field ${field} is absent`);
    return at + this.#view.getUint32(at, true);
  }

  #number(at: number, bytes: Scalar['bytes']): number {
    if (bytes === 1) return this.#view.getUint8(at);
    if (bytes === 2) return this.#view.getInt16(at, true);
    if (bytes === 4) return this.#view.getInt32(at, true);
    return Number(this.#view.getBigInt64(at, true));
  }
}

const up = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;
