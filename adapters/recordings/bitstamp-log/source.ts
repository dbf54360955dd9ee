import { basename } from 'node:path';
import type { EpochMicros } from '../../../core/time.js';
import type { MarketSink } from '../../venues/mapping/sink.js';
import type { Source } from '../../venues/venue.js';
import type { SessionSource } from '../session/meta.js';
import type { ImportSource } from '../source.js';
import { LogCursor } from './log-cursor.js';
import { BitstampLogReader } from './reader.js';

/** Files of one log, in the order in which they were given. */
export class BitstampLogSource implements ImportSource, Source {
  readonly isLive = false;
  readonly read: SessionSource[] = [];
  readonly reader: BitstampLogReader;
  #file = 0;
  #bytesBefore = 0;
  #cursor: LogCursor;

  constructor(
    sink: MarketSink,
    readonly paths: readonly string[],
  ) {
    this.reader = new BitstampLogReader(sink, this);
    this.#cursor = new LogCursor(paths[0]!);
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
      const cursor = this.#cursor;
      while (await cursor.fill()) if (cursor.next()) return true;
      const notes = this.reader.notes();
      this.read.push({
        file: basename(cursor.path),
        sha256: cursor.sha256(),
        lines: cursor.line,
        ...(notes.length === 0 ? {} : { notes }),
      });
      if (this.#file + 1 === this.paths.length) return false;
      this.#bytesBefore += cursor.bytesRead;
      this.#cursor = new LogCursor(this.paths[++this.#file]!);
    }
  }

  take(): boolean {
    const { at, event } = this.#cursor;
    return this.reader.accept(at, event, this.#cursor.text());
  }

  silence(at: EpochMicros, detail: string): void {
    this.reader.silence(at, detail);
  }

  findAhead(): Promise<undefined> {
    return Promise.resolve(undefined); // it has no replies
  }

  wantSnapshot(): void {
    // nobody sends one to a recording
  }

  close(): Promise<void> {
    return this.#cursor.close();
  }
}
