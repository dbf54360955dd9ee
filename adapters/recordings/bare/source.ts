import type { EpochMicros } from '../../../core/time.js';
import type { Source, Venue, VenueMapper } from '../../venues/venue.js';
import { readFile } from '../lines/read-file.js';
import type { SessionSource } from '../session/meta.js';
import type { ImportSource } from '../source.js';
import { BareCursor } from './bare-cursor.js';

/** Files of one instrument's bare messages, in the order in which they were given. */
export class BareSource implements ImportSource, Source {
  readonly isLive = false;
  readonly read: SessionSource[] = [];
  #file = 0;
  #bytesBefore = 0;
  #cursor: BareCursor;

  constructor(
    readonly reader: VenueMapper,
    readonly venue: Venue,
    readonly symbol: string,
    readonly paths: readonly string[],
  ) {
    this.#cursor = new BareCursor(paths[0]!, venue);
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
      this.#cursor = new BareCursor(this.paths[++this.#file]!, this.venue);
    }
  }

  take(): boolean | Promise<boolean> {
    return this.reader.accept({ at: this.#cursor.at, kind: 'message', text: this.#cursor.text() }, this);
  }

  silence(at: EpochMicros, detail: string): void {
    this.reader.interrupt(this, at, 'silent', detail);
  }

  findAhead(): Promise<undefined> {
    return Promise.resolve(undefined); // no reply stands among messages
  }

  wantSnapshot(): void {
    // nobody sends one to a recording
  }

  close(): Promise<void> {
    return this.#cursor.close();
  }
}
