import type { EpochMicros } from '../../../core/time.js';
import type { Source } from '../../venues/venue.js';
import type { SessionSource } from '../session/meta.js';
import type { ImportSource } from '../source.js';
import type { RowFile } from './row-file.js';
import type { VenueRows } from './venue-rows.js';

/** Files of rows that are one recording (a book and its trades, one day after the other), merged by receive time. */
export class RowsSource implements ImportSource, Source {
  readonly isLive = false;
  readonly read: SessionSource[] = [];
  /** Files with a message at hand; undefined before the first. */
  #waiting: RowFile[] | undefined;
  #present: RowFile | undefined;

  constructor(
    readonly reader: VenueRows,
    readonly files: readonly RowFile[],
  ) {}

  get where(): string {
    return (this.#present ?? this.files[0]!).where;
  }

  get at(): EpochMicros {
    return this.#present!.at;
  }

  get bytesRead(): number {
    return this.files.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  }

  next(): boolean {
    if (this.#present === undefined || !this.#present.gather()) return false;
    this.#choose();
    return true;
  }

  async fill(): Promise<boolean> {
    if (this.#waiting === undefined) {
      this.#waiting = [];
      for (const file of this.files) if (await this.#gathered(file)) this.#waiting.push(file);
    } else if (this.#present !== undefined && !(await this.#gathered(this.#present)))
      this.#waiting.splice(this.#waiting.indexOf(this.#present), 1);
    this.#choose();
    return this.#present !== undefined;
  }

  take(): boolean | Promise<boolean> {
    const { reader, at } = this.#present!;
    return reader.take(at, this);
  }

  silence(at: EpochMicros, detail: string): void {
    this.reader.lines.interrupt(this, at, 'silent', detail);
  }

  findAhead(): Promise<undefined> {
    return Promise.resolve(undefined); // a table holds no replies
  }

  wantSnapshot(): void {
    // nobody sends one to a recording
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.files.map((file) => file.close()));
  }

  async #gathered(file: RowFile): Promise<boolean> {
    if (await file.next()) return true;
    this.read.push(file.read);
    return false;
  }

  /** The earliest message; of two as early the one whose file was given first. */
  #choose(): void {
    let first: RowFile | undefined;
    for (const file of this.#waiting!) if (first === undefined || file.at < first.at) first = file;
    this.#present = first;
  }
}
