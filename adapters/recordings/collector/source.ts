import type { EpochMicros } from '../../../core/time.js';
import type { Frame, Source, VenueMapper } from '../../venues/venue.js';
import { readFile } from '../lines/read-file.js';
import { ReplyScout, type ReplyCursor } from '../lines/reply-scout.js';
import type { SessionSource } from '../session/meta.js';
import type { ImportSource } from '../source.js';
import { StampedCursor } from './stamped-cursor.js';

/** How every frame of a combined stream begins; a REST reply does not. */
const FRAME = Buffer.from('{"stream"');
/** What a reply with a book holds, of a venue that sends books over REST; no message does. */
const DEPTH_REPLIES = ['"lastUpdateId"', '"code":"200000"'];

class CollectorCursor extends StampedCursor implements ReplyCursor {
  reply(): Frame | undefined {
    if (this.beginsWith(FRAME)) return undefined;
    const text = this.text();
    return DEPTH_REPLIES.some((mark) => text.includes(mark)) ? { at: this.at, kind: 'reply', text } : undefined;
  }
}

/** Files that are one recording: lines of one place, in the order in which the files were given. */
export class CollectorSource implements ImportSource, Source {
  readonly isLive = false;
  readonly read: SessionSource[] = [];
  readonly #scout: ReplyScout;
  #file = 0;
  #bytesBefore = 0;
  #cursor: CollectorCursor;

  /** @param symbol  the instrument that its first message names */
  constructor(
    readonly reader: VenueMapper,
    readonly symbol: string,
    readonly paths: readonly string[],
  ) {
    const open = (path: string): CollectorCursor => new CollectorCursor(path);
    this.#scout = new ReplyScout(paths, open);
    this.#cursor = open(paths[0]!);
  }

  get where(): string {
    return this.#cursor.where;
  }

  get at(): EpochMicros {
    return this.#cursor.at;
  }

  get bytesRead(): number {
    return this.#bytesBefore + this.#cursor.bytesRead;
  }

  next(): boolean {
    return this.#cursor.next();
  }

  async fill(): Promise<boolean> {
    for (;;) {
      while (await this.#cursor.fill()) if (this.#cursor.next()) return true;
      this.read.push(readFile(this.#cursor, this.reader));
      if (this.#file + 1 === this.paths.length) return false;
      this.#bytesBefore += this.#cursor.bytesRead;
      this.#cursor = new CollectorCursor(this.paths[++this.#file]!);
    }
  }

  take(): boolean | Promise<boolean> {
    const cursor = this.#cursor;
    if (cursor.isPlainTicker()) return false;
    const kind = cursor.beginsWith(FRAME) ? 'message' : 'reply';
    return this.reader.accept({ at: cursor.at, kind, text: cursor.text() }, this);
  }

  silence(at: EpochMicros, detail: string): void {
    this.reader.interrupt(this, at, 'silent', detail);
  }

  findAhead<T>(read: (reply: Frame) => T | undefined): Promise<T | undefined> {
    return this.#scout.after(this.#file, this.#cursor.offset, read);
  }

  wantSnapshot(): void {
    // nobody sends one to a recording
  }

  async close(): Promise<void> {
    await this.#scout.close();
    await this.#cursor.close();
  }
}
