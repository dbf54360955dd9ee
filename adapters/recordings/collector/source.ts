import type { EpochMicros } from '../../../core/time.js';
import type { Frame, Source, VenueMapper } from '../../venues/venue.js';
import { ChainedFiles } from '../lines/chained-files.js';
import { ReplyScout, type ReplyCursor } from '../lines/reply-scout.js';
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
export class CollectorSource extends ChainedFiles<CollectorCursor> implements ImportSource, Source {
  readonly isLive = false;
  readonly #scout: ReplyScout;

  /** @param symbol  the instrument that its first message names */
  constructor(
    readonly reader: VenueMapper,
    readonly symbol: string,
    paths: readonly string[],
  ) {
    super(paths, (path) => new CollectorCursor(path));
    this.#scout = new ReplyScout(paths, this.open);
  }

  take(): boolean | Promise<boolean> {
    const cursor = this.cursor;
    if (cursor.isPlainTicker()) return false;
    const kind = cursor.beginsWith(FRAME) ? 'message' : 'reply';
    return this.reader.accept({ at: cursor.at, kind, text: cursor.text() }, this);
  }

  silence(at: EpochMicros, detail: string): void {
    this.reader.interrupt(this, at, 'silent', detail);
  }

  findAhead<T>(read: (reply: Frame) => T | undefined): Promise<T | undefined> {
    return this.#scout.after(this.file, this.cursor.offset, read);
  }

  wantSnapshot(): void {
    // nobody sends one to a recording
  }

  override async close(): Promise<void> {
    await this.#scout.close();
    await super.close();
  }
}
