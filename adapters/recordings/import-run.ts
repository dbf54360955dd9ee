import { formatDuration, type EpochMicros, type Micros } from '../../core/time.js';
import type { CollectorSource } from './collector/source.js';
import { MessageFault, RecordingError } from './errors.js';
import type { MarketRows } from './market-rows.js';
import type { SessionWriter } from './session/writer.js';

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
  readonly #sources: readonly CollectorSource[];
  readonly #rows: MarketRows;
  readonly #writer: SessionWriter;
  readonly #options: RunOptions;
  /** No source is silent before this. */
  #silentAfter: EpochMicros = Infinity;

  constructor(sources: readonly CollectorSource[], rows: MarketRows, writer: SessionWriter, options: RunOptions) {
    this.#sources = sources;
    this.#rows = rows;
    this.#writer = writer;
    this.#options = options;
  }

  async pump(): Promise<void> {
    const waiting: CollectorSource[] = [];
    for (const source of this.#sources) if (await source.fill()) waiting.push(source);
    while (waiting.length > 0) {
      const source = earliest(waiting);
      const turn = turnOf(source, waiting);
      if (!(await this.#read(source, turn))) waiting.splice(waiting.indexOf(source), 1);
    }
    this.#rows.flush();
    await this.#drain();
  }

  /** Reads lines of one source while it is its turn. @returns false once it is at its end */
  async #read(source: CollectorSource, isItsTurn: () => boolean): Promise<boolean> {
    do {
      const taken = this.#take(source);
      if (!(typeof taken === 'boolean' ? taken : await this.#named(source, taken))) this.ignored++;
      if (source.next()) continue;
      await this.#drain();
      this.#options.signal?.throwIfAborted();
      if (!(await source.fill())) return false;
    } while (isItsTurn());
    return true;
  }

  #take(source: CollectorSource): boolean | Promise<boolean> {
    const { at } = source.cursor;
    this.lines++;
    if (at < this.from) this.from = at;
    if (at > this.to) this.to = at;
    if (at > this.#silentAfter) this.#saySilences(at);
    if (source.lastAt < 0 || source.saidSilent) {
      source.saidSilent = false;
      this.#silentAfter = Math.min(this.#silentAfter, at + this.#options.maxSilence);
    }
    if (at > source.lastAt) source.lastAt = at;
    if (source.cursor.isPlainTicker()) return false;
    const message = source.message();
    try {
      return source.mapper.accept(message, at, source, source.symbol);
    } catch (error) {
      throw named(source, error);
    }
  }

  async #named(source: CollectorSource, taken: Promise<boolean>): Promise<boolean> {
    try {
      return await taken;
    } catch (error) {
      throw named(source, error);
    }
  }

  #saySilences(at: EpochMicros): void {
    const { maxSilence } = this.#options;
    const silent = this.#sources
      .filter(({ lastAt, saidSilent }) => lastAt >= 0 && !saidSilent && lastAt + maxSilence < at)
      .sort((a, b) => a.lastAt - b.lastAt);
    for (const source of silent) {
      source.saidSilent = true;
      source.mapper.silence(source, source.lastAt + maxSilence, `no line for ${formatDuration(maxSilence)}`);
    }
    this.#silentAfter = Infinity;
    for (const { lastAt, saidSilent } of this.#sources)
      if (lastAt >= 0 && !saidSilent) this.#silentAfter = Math.min(this.#silentAfter, lastAt + maxSilence);
  }

  async #drain(): Promise<void> {
    for (const columns of this.#rows.ready.splice(0)) await this.#writer.writeMarket(columns);
    this.#options.onProgress?.({
      lines: this.lines,
      bytes: this.#sources.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    });
  }
}

function earliest(sources: readonly CollectorSource[]): CollectorSource {
  return sources.reduce((first, source) => (source.cursor.at < first.cursor.at ? source : first));
}

/** Whether a source may go on: until another one's line is earlier, or as early and given before. */
function turnOf(source: CollectorSource, waiting: readonly CollectorSource[]): () => boolean {
  let before = Infinity;
  let after = Infinity;
  const index = waiting.indexOf(source);
  waiting.forEach(({ cursor: { at } }, other) => {
    if (other < index) before = Math.min(before, at);
    else if (other > index) after = Math.min(after, at);
  });
  return () => source.cursor.at < before && source.cursor.at <= after;
}

function named(source: CollectorSource, error: unknown): unknown {
  if (!(error instanceof MessageFault)) return error;
  return new RecordingError(error.code, source.cursor.where, error.message, error.mend, { cause: error });
}
