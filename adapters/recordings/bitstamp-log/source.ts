import type { EpochMicros } from '../../../core/time.js';
import type { MarketSink } from '../../venues/mapping/sink.js';
import type { Source } from '../../venues/venue.js';
import { ChainedFiles } from '../lines/chained-files.js';
import type { ImportSource } from '../source.js';
import { LogCursor } from './log-cursor.js';
import { BitstampLogReader } from './reader.js';

/** Files of one log, in the order in which they were given. */
export class BitstampLogSource extends ChainedFiles<LogCursor> implements ImportSource, Source {
  readonly isLive = false;
  readonly reader: BitstampLogReader;

  constructor(sink: MarketSink, paths: readonly string[]) {
    super(paths, (path) => new LogCursor(path));
    this.reader = new BitstampLogReader(sink, this);
  }

  take(): boolean {
    const { at, event } = this.cursor;
    return this.reader.accept(at, event, this.cursor.text());
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
}
