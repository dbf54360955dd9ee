import { basename } from 'node:path';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../../venues/mapping/fault.js';
import type { Source } from '../../venues/venue.js';
import { RecordingError } from '../errors.js';
import type { SessionSource } from '../session/meta.js';
import { RowCursor } from './row-cursor.js';

/** Makes messages of one file's rows. A row is handed in while the cursor stands on it. */
export interface RowReader {
  /** Columns of every row. */
  readonly columns: number;
  /** Reads the row's receive time. @throws {MessageFault} */
  at(row: RowCursor): EpochMicros;
  /** Begins a message with this row. @throws {MessageFault} */
  begin(row: RowCursor, at: EpochMicros): void;
  /** Adds the row where it belongs to the message so far. @returns false where it begins another; @throws {MessageFault} */
  add(row: RowCursor, at: EpochMicros): boolean;
  /** Hands the message over. @returns whether it became an input; @throws {MessageFault} */
  take(receivedAt: EpochMicros, source: Source): boolean | Promise<boolean>;
}

/** One file of rows, a message at a time: which rows are one message shows with the first row that is not. */
export class RowFile {
  /** Receive time of the message at hand. */
  at: EpochMicros = 0;
  /** File and line of its first row. */
  where: string;
  readonly #cursor: RowCursor;
  #headers: number;
  /** Rows were added to a message that may have more. */
  #isOpen = false;
  /** The cursor stands on a row of the next message. */
  #isAhead = false;
  #aheadAt: EpochMicros = 0;

  /** @param headers  lines before the first row */
  constructor(
    readonly path: string,
    readonly reader: RowReader,
    headers = 1,
  ) {
    this.#cursor = new RowCursor(path);
    this.#headers = headers;
    this.where = path;
  }

  get bytesRead(): number {
    return this.#cursor.bytesRead;
  }

  /** Gathers the next message out of what is in memory. @returns false where more must be read; @throws {RecordingError} */
  gather(): boolean {
    try {
      if (!this.#isOpen) {
        if (!this.#isAhead && !this.#step()) return false;
        this.#begin();
      }
      while (this.#step())
        if (!this.reader.add(this.#cursor, this.#aheadAt)) {
          this.#isAhead = true;
          this.#isOpen = false;
          return true;
        }
      return false;
    } catch (error) {
      throw this.#named(error);
    }
  }

  /** Gathers the next message, reading on where it must. @returns false at the end of the file; @throws {RecordingError} */
  async next(): Promise<boolean> {
    for (;;) {
      if (this.gather()) return true;
      if (await this.#cursor.fill()) continue;
      const isLast = this.#isOpen;
      this.#isOpen = false;
      return isLast;
    }
  }

  /** What was read, once all of it was. */
  get read(): SessionSource {
    return { file: basename(this.path), sha256: this.#cursor.sha256(), lines: this.#cursor.line };
  }

  close(): Promise<void> {
    return this.#cursor.close();
  }

  #begin(): void {
    this.#isAhead = false;
    this.#isOpen = true;
    this.at = this.#aheadAt;
    this.where = this.#cursor.where;
    this.reader.begin(this.#cursor, this.at);
  }

  /** Steps to the next row; empty lines are none. */
  #step(): boolean {
    while (this.#cursor.next()) {
      if (this.#headers > 0) this.#headers--;
      else if (this.#cursor.columns > 0) {
        this.#cursor.demand(this.reader.columns);
        this.#aheadAt = this.reader.at(this.#cursor);
        return true;
      }
    }
    return false;
  }

  #named(error: unknown): unknown {
    if (!(error instanceof MessageFault)) return error;
    return new RecordingError(error.code, this.#cursor.where, error.message, error.mend, { cause: error });
  }
}
