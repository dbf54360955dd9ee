import { formatDuration, type EpochMicros, type Micros } from '../../core/time.js';
import { MessageFault } from '../venues/mapping/fault.js';
import type { MarketRows } from '../venues/mapping/market-rows.js';
import { RecordingError } from './errors.js';
import type { SessionWriter } from './session/writer.js';
import type { ImportSource } from './source.js';

export interface ImportProgress {
  readonly lines: number;
  /** Bytes of the files, compressed as they are. */
  readonly bytes: number;
}

export interface RunOptions {
  readonly maxSilence: Micros;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A source with what the run knows of its times. */
interface Watched {
  readonly from: ImportSource;
  /** Greatest receive time so far; -1 before the first line. */
  lastAt: EpochMicros;
  /** A silence that began after `lastAt` was said. */
  saidSilent: boolean;
}

/**
 * Reads sources as one: by receive time, then by the order in which they were given; within a source lines keep their
 * order. Says which source was silent, and writes rows as they become many.
 */
export class ImportRun {
  lines = 0;
  /** Lines that became no input. */
  ignored = 0;
  /** Receive times of the first and the last line. */
  from: EpochMicros = Infinity;
  to: EpochMicros = -Infinity;
  readonly #sources: readonly Watched[];
  readonly #rows: MarketRows;
  readonly #writer: SessionWriter;
  readonly #options: RunOptions;
  /** No source is silent before this. */
  #silentAfter: EpochMicros = Infinity;

  constructor(sources: readonly ImportSource[], rows: MarketRows, writer: SessionWriter, options: RunOptions) {
    this.#sources = sources.map((from) => ({ from, lastAt: -1, saidSilent: false }));
    this.#rows = rows;
    this.#writer = writer;
    this.#options = options;
  }

  async pump(): Promise<void> {
    const waiting: Watched[] = [];
    for (const source of this.#sources) if (await source.from.fill()) waiting.push(source);
    while (waiting.length > 0) {
      const source = earliest(waiting);
      const turn = turnOf(source, waiting);
      if (!(await this.#read(source, turn))) waiting.splice(waiting.indexOf(source), 1);
    }
    for (const { from } of this.#sources) if (from.span !== undefined) this.#span(from.span.from, from.span.to);
    this.#rows.flush();
    await this.#drain();
  }

  #span(from: EpochMicros, to: EpochMicros): void {
    if (from < this.from) this.from = from;
    if (to > this.to) this.to = to;
  }

  /** Reads lines of one source while it is its turn. @returns false once it is at its end */
  async #read(source: Watched, isItsTurn: () => boolean): Promise<boolean> {
    do {
      const taken = this.#take(source);
      if ((taken instanceof Promise ? await this.#named(source, taken) : taken) === false) this.ignored++;
      if (source.from.next()) continue;
      await this.#drain();
      this.#options.signal?.throwIfAborted();
      if (!(await source.from.fill())) return false;
    } while (isItsTurn());
    return true;
  }

  #take(source: Watched): boolean | undefined | Promise<boolean> {
    const { at } = source.from;
    if (at > this.#silentAfter) this.#saySilences(at);
    let taken: boolean | undefined | Promise<boolean>;
    try {
      taken = source.from.take();
    } catch (error) {
      throw named(source, error);
    }
    if (taken === undefined) return undefined;
    this.lines++;
    if (source.from.span === undefined) this.#span(at, at);
    if ((source.lastAt < 0 || source.saidSilent) && source.from.knowsItsBreaks !== true) {
      source.saidSilent = false;
      this.#silentAfter = Math.min(this.#silentAfter, at + this.#options.maxSilence);
    }
    if (at > source.lastAt) source.lastAt = at;
    return taken;
  }

  async #named(source: Watched, taken: Promise<boolean>): Promise<boolean> {
    try {
      return await taken;
    } catch (error) {
      throw named(source, error);
    }
  }

  #saySilences(at: EpochMicros): void {
    const { maxSilence } = this.#options;
    const silent = this.#sources
      .filter((one) => isWatched(one) && one.lastAt + maxSilence < at)
      .sort((a, b) => a.lastAt - b.lastAt);
    for (const source of silent) {
      source.saidSilent = true;
      source.from.silence(source.lastAt + maxSilence, `no line for ${formatDuration(maxSilence)}`);
    }
    this.#silentAfter = Infinity;
    for (const one of this.#sources)
      if (isWatched(one)) this.#silentAfter = Math.min(this.#silentAfter, one.lastAt + maxSilence);
  }

  async #drain(): Promise<void> {
    for (const columns of this.#rows.ready.splice(0)) await this.#writer.writeMarket(columns);
    this.#options.onProgress?.({
      lines: this.lines,
      bytes: this.#sources.reduce((sum, { from }) => sum + from.bytesRead, 0),
    });
  }
}

const isWatched = ({ from, lastAt, saidSilent }: Watched): boolean =>
  lastAt >= 0 && !saidSilent && from.knowsItsBreaks !== true;

function earliest(sources: readonly Watched[]): Watched {
  return sources.reduce((first, source) => (source.from.at < first.from.at ? source : first));
}

/** Whether a source may go on: until another one's line is earlier, or as early and given before. */
function turnOf(source: Watched, waiting: readonly Watched[]): () => boolean {
  let before = Infinity;
  let after = Infinity;
  const index = waiting.indexOf(source);
  waiting.forEach(({ from: { at } }, other) => {
    if (other < index) before = Math.min(before, at);
    else if (other > index) after = Math.min(after, at);
  });
  return () => source.from.at < before && source.from.at <= after;
}

function named(source: Watched, error: unknown): unknown {
  if (!(error instanceof MessageFault)) return error;
  return new RecordingError(error.code, source.from.where, error.message, error.mend, { cause: error });
}
