import type { EpochMicros } from '../../../core/time.js';
import type { SessionSource } from '../session/meta.js';
import type { LineCursor } from './line-cursor.js';
import type { Reader } from '../source.js';
import { readFile } from './read-file.js';

/** A cursor over lines with a receive time. */
export interface TimedCursor extends LineCursor {
  readonly at: EpochMicros;
}

/** Files that go on from each other, read line by line as if they were one, in the order in which they were given. */
export abstract class ChainedFiles<Cursor extends TimedCursor> {
  readonly read: SessionSource[] = [];
  /** Stands on the present line. */
  protected cursor: Cursor;
  /** The file that it is in, from 0. */
  protected file = 0;
  #bytesBefore = 0;

  constructor(
    readonly paths: readonly string[],
    readonly open: (path: string) => Cursor,
  ) {
    this.cursor = open(paths[0]!);
  }

  abstract readonly reader: Reader;

  get where(): string {
    return this.cursor.where;
  }

  get at(): EpochMicros {
    return this.cursor.at;
  }

  get bytesRead(): number {
    return this.#bytesBefore + this.cursor.bytesRead;
  }

  next(): boolean {
    return this.cursor.next();
  }

  async fill(): Promise<boolean> {
    for (;;) {
      while (await this.cursor.fill()) if (this.cursor.next()) return true;
      this.read.push(readFile(this.cursor, this.reader));
      if (this.file + 1 === this.paths.length) return false;
      this.#bytesBefore += this.cursor.bytesRead;
      this.cursor = this.open(this.paths[++this.file]!);
    }
  }

  close(): Promise<void> {
    return this.cursor.close();
  }
}
