import { LineCursor } from './line-cursor.js';
import { parseLine } from './parse-line.js';

/** How every frame of a stream begins; a REST reply does not. */
const FRAME = Buffer.from('{"stream"');

/** A REST depth reply found ahead, with where it stands. */
interface Found {
  readonly file: number;
  readonly offset: number;
  readonly reply: object;
}

/**
 * Runs ahead through the files of a source to see whether a snapshot is still to come. It goes on where it stopped, so
 * that all questions together read the files once at most.
 */
export class SnapshotScout {
  readonly #paths: readonly string[];
  readonly #found: Found[] = [];
  #file = 0;
  #cursor: LineCursor | undefined;

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /** The first reply behind that place for which the test holds. @throws {RecordingError} */
  async after(file: number, offset: number, test: (reply: object) => boolean): Promise<object | undefined> {
    const fits = (found: Found): boolean =>
      (found.file > file || (found.file === file && found.offset > offset)) && test(found.reply);
    const known = this.#found.find(fits);
    if (known !== undefined) return known.reply;
    if (this.#cursor === undefined && this.#file < file) this.#file = file;
    for (;;) {
      const found = await this.#next();
      if (found === undefined) return undefined;
      if (fits(found)) return found.reply;
    }
  }

  async close(): Promise<void> {
    await this.#cursor?.close();
  }

  async #next(): Promise<Found | undefined> {
    for (; this.#file < this.#paths.length; this.#file++) {
      const cursor = (this.#cursor ??= new LineCursor(this.#paths[this.#file]!));
      do {
        while (cursor.next()) {
          if (cursor.beginsWith(FRAME)) continue;
          const reply = parseLine(cursor);
          if (typeof reply !== 'object' || reply === null || !('lastUpdateId' in reply)) continue;
          const found = { file: this.#file, offset: cursor.offset, reply };
          this.#found.push(found);
          return found;
        }
      } while (await cursor.fill());
      await cursor.close();
      this.#cursor = undefined;
    }
    return undefined;
  }
}
