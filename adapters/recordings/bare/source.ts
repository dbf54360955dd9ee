import type { EpochMicros } from '../../../core/time.js';
import type { Source, Venue, VenueMapper } from '../../venues/venue.js';
import { ChainedFiles } from '../lines/chained-files.js';
import type { ImportSource } from '../source.js';
import { BareCursor } from './bare-cursor.js';

/** Files of one instrument's bare messages, in the order in which they were given. */
export class BareSource extends ChainedFiles<BareCursor> implements ImportSource, Source {
  readonly isLive = false;

  constructor(
    readonly reader: VenueMapper,
    venue: Venue,
    readonly symbol: string,
    paths: readonly string[],
  ) {
    super(paths, (path) => new BareCursor(path, venue));
  }

  take(): boolean | Promise<boolean> {
    return this.reader.accept({ at: this.cursor.at, kind: 'message', text: this.cursor.text() }, this);
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
}
