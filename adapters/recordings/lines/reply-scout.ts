import type { Frame } from '../../venues/venue.js';
import type { LineCursor } from './line-cursor.js';

/** A cursor that knows which of its lines are replies to REST requests. */
export interface ReplyCursor extends LineCursor {
  /** The present line as a frame when it is a reply; undefined when it is anything else. @throws {RecordingError} */
  reply(): Frame | undefined;
}

/** A reply found ahead, with where it stands. */
interface Found {
  readonly file: number;
  readonly offset: number;
  readonly reply: Frame;
}

/**
 * Runs ahead through the files of a source to see what replies are still to come. It goes on where it stopped, so that all
 * questions together read the files once at most.
 */
export class ReplyScout {
  readonly #found: Found[] = [];
  #file = 0;
  #cursor: ReplyCursor | undefined;

  constructor(
    readonly paths: readonly string[],
    readonly open: (path: string) => ReplyCursor,
  ) {}

  /** What `read` makes of the first reply behind that place of which it makes something. @throws {RecordingError} */
  async after<T>(file: number, offset: number, read: (reply: Frame) => T | undefined): Promise<T | undefined> {
    const isBehind = (found: Found): boolean => found.file > file || (found.file === file && found.offset > offset);
    for (const found of this.#found) {
      const made = isBehind(found) ? read(found.reply) : undefined;
      if (made !== undefined) return made;
    }
    if (this.#cursor === undefined && this.#file < file) this.#file = file;
    for (;;) {
      const found = await this.#next();
      if (found === undefined) return undefined;
      const made = isBehind(found) ? read(found.reply) : undefined;
      if (made !== undefined) return made;
    }
  }

  async close(): Promise<void> {
    await this.#cursor?.close();
  }

  async #next(): Promise<Found | undefined> {
    for (; this.#file < this.paths.length; this.#file++) {
      const cursor = (this.#cursor ??= this.open(this.paths[this.#file]!));
      do {
        while (cursor.next()) {
          const reply = cursor.reply();
          if (reply === undefined) continue;
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
