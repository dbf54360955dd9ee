import type { EpochMicros } from '../../../core/time.js';
import type { Frame, Source, VenueMapper } from '../../venues/venue.js';
import { readFile } from '../lines/read-file.js';
import { ReplyScout } from '../lines/reply-scout.js';
import type { SessionSource } from '../session/meta.js';
import type { ImportSource } from '../source.js';
import { CaptureCursor } from './capture-cursor.js';

/** One file of a capture: the connection that it recorded, and what the mapper takes it for. */
class CapturedLine implements Source {
  readonly isLive = false;
  readonly cursor: CaptureCursor;
  readonly scout: ReplyScout;
  /** Messages came over the connection. */
  spoke = false;

  constructor(
    readonly path: string,
    readonly capture: CaptureSource,
  ) {
    this.cursor = new CaptureCursor(path);
    this.scout = new ReplyScout([path], (name) => new CaptureCursor(name));
  }

  findAhead<T>(read: (reply: Frame) => T | undefined): Promise<T | undefined> {
    return this.capture.findAhead(read);
  }

  wantSnapshot(): void {
    // nobody sends one to a recording
  }
}

/**
 * All files of one venue's capture, the HTTP half and the WebSocket halves, merged by receive time. One of them may be
 * silent while another speaks; a connection that is opened anew has lost what its books were.
 */
export class CaptureSource implements ImportSource {
  readonly read: SessionSource[] = [];
  readonly #lines: CapturedLine[];
  #waiting: CapturedLine[] | undefined;
  #present: CapturedLine | undefined;

  constructor(
    readonly reader: VenueMapper,
    paths: readonly string[],
  ) {
    this.#lines = paths.map((path) => new CapturedLine(path, this));
  }

  get where(): string {
    return (this.#present ?? this.#lines[0]!).cursor.where;
  }

  get at(): EpochMicros {
    return this.#present!.cursor.at;
  }

  get bytesRead(): number {
    return this.#lines.reduce((sum, { cursor }) => sum + cursor.bytesRead, 0);
  }

  next(): boolean {
    // one file alone needs no merging
    if (this.#waiting?.length !== 1 || this.#present === undefined) return false;
    const { cursor } = this.#present;
    while (cursor.next()) if (isTimed(cursor)) return true;
    return false;
  }

  async fill(): Promise<boolean> {
    if (this.#waiting === undefined) {
      this.#waiting = [];
      for (const line of this.#lines) if (await this.#step(line)) this.#waiting.push(line);
    } else if (this.#present !== undefined && !(await this.#step(this.#present)))
      this.#waiting.splice(this.#waiting.indexOf(this.#present), 1);
    this.#present = undefined;
    for (const line of this.#waiting)
      if (this.#present === undefined || line.cursor.at < this.#present.cursor.at) this.#present = line;
    return this.#present !== undefined;
  }

  take(): boolean | undefined | Promise<boolean> {
    const line = this.#present!;
    const { cursor } = line;
    switch (cursor.kind) {
      case 'message':
        line.spoke = true;
        return this.reader.accept(cursor.frame(), line);
      case 'reply':
        return this.reader.accept(cursor.frame(), line);
      case 'opened':
        if (line.spoke) this.reader.interrupt(line, cursor.at, 'disconnected', 'the connection was opened anew');
        line.spoke = false;
        return undefined;
      default:
        return undefined;
    }
  }

  silence(at: EpochMicros, detail: string): void {
    for (const line of this.#lines) this.reader.interrupt(line, at, 'silent', detail);
  }

  async findAhead<T>(read: (reply: Frame) => T | undefined): Promise<T | undefined> {
    for (const { scout, cursor } of this.#lines) {
      // the line that a file stands on waits for its turn, except in the file that asks
      const offset = cursor === this.#present?.cursor ? cursor.offset : cursor.offset - 1;
      const made = await scout.after(0, offset, read);
      if (made !== undefined) return made;
    }
    return undefined;
  }

  async close(): Promise<void> {
    for (const { scout, cursor } of this.#lines) {
      await scout.close();
      await cursor.close();
    }
  }

  /** Steps to the next line of a file that has a time. */
  async #step({ cursor }: CapturedLine): Promise<boolean> {
    do while (cursor.next()) if (isTimed(cursor)) return true;
    while (await cursor.fill());
    this.read.push(readFile(cursor, this.reader));
    return false;
  }
}

/** Settings and empty lines stand between the others. */
const isTimed = ({ kind }: CaptureCursor): boolean => kind !== 'other';
