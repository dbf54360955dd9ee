import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../../venues/mapping/fault.js';
import { decimalText, fromMicros, shown, whole } from '../../venues/mapping/fields.js';
import { LineCursor } from '../lines/line-cursor.js';

const COMMA = 44;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const RETURN = 13;

/** Columns that a row may have. */
const MOST_COLUMNS = 1_024;

/**
 * Rows of a table: columns between commas. None of the tables that are read here has a comma inside of a column, so that
 * quotes mean nothing but padding. Columns are found in the bytes and become texts only where somebody reads them: a day
 * of one instrument has a hundred million rows. A library would make texts of all columns (csv-parse needs six times as
 * long for it), push rows instead of being asked for them, and not say on which line a row stands.
 */
export class RowCursor extends LineCursor {
  /** Columns of the present row; 0 for an empty line. */
  columns = 0;
  /** Where each column ends, and before them where the first begins less one. */
  readonly #ends = new Int32Array(MOST_COLUMNS + 1);

  /** @throws {MessageFault} when the row has more or fewer columns */
  demand(columns: number): void {
    if (this.columns !== columns)
      throw new MessageFault('bad_line', `a row of ${this.columns} columns, where there are ${columns}`);
  }

  /** A column as it stands there. */
  column(index: number): string {
    return this.chunk.toString('latin1', this.#ends[index]! + 1, this.#ends[index + 1]);
  }

  /** A column without quotes, and without the spaces and NULs that fill it up. */
  word(index: number): string {
    return this.column(index).replace(/^["\s]+|["\s\0]+$/g, '');
  }

  isEmpty(index: number): boolean {
    return this.#ends[index]! + 1 === this.#ends[index + 1]!;
  }

  /** Whether a column is exactly this ASCII text. */
  is(index: number, text: string): boolean {
    const from = this.#ends[index]! + 1;
    if (this.#ends[index + 1]! - from !== text.length) return false;
    for (let at = 0; at < text.length; at++) if (this.chunk[from + at] !== text.charCodeAt(at)) return false;
    return true;
  }

  /** A whole number that JavaScript counts exactly. @throws {MessageFault} */
  whole(index: number, name: string): number {
    const to = this.#ends[index + 1]!;
    let number = 0;
    let at = this.#ends[index]! + 1;
    if (at === to || to - at > 16) return whole(name, this.column(index));
    for (; at < to; at++) {
      const digit = this.chunk[at]! - ZERO;
      if (!(digit >= 0 && digit <= 9)) return whole(name, this.column(index));
      number = number * 10 + digit;
    }
    return whole(name, number);
  }

  /** Microseconds since 1970. @throws {MessageFault} */
  micros(index: number, name: string): EpochMicros {
    return fromMicros(name, this.whole(index, name));
  }

  /** A number without sign as plain decimal text; one with an exponent is written out. @throws {MessageFault} */
  decimal(index: number, name: string): string {
    const from = this.#ends[index]! + 1;
    const to = this.#ends[index + 1]!;
    let points = 0;
    for (let at = from; at < to; at++) {
      const byte = this.chunk[at]!;
      if (byte >= ZERO && byte <= NINE) continue;
      if (byte !== POINT || ++points > 1 || at === from || at === to - 1) return this.#unfolded(index, name);
    }
    return from === to ? this.#unfolded(index, name) : this.column(index);
  }

  protected override readHead(): void {
    const { chunk, lineStart, lineEnd } = this;
    const end = lineEnd > lineStart && chunk[lineEnd - 1] === RETURN ? lineEnd - 1 : lineEnd;
    this.#ends[0] = lineStart - 1;
    let columns = 0;
    for (let at = lineStart; at < end; at++)
      if (chunk[at] === COMMA && columns < MOST_COLUMNS - 1) this.#ends[++columns] = at;
    this.#ends[columns + 1] = end;
    this.columns = end === lineStart ? 0 : columns + 1;
  }

  #unfolded(index: number, name: string): string {
    const told = this.column(index);
    const text = decimalText(name, told);
    if (/^\d+(\.\d+)?$/.test(text)) return text;
    throw new MessageFault('bad_message', `"${name}" is no number above zero: ${shown(told)}`);
  }
}
