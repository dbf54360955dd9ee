import { basename } from 'node:path';
import type { EpochMicros } from '../../../core/time.js';
import type { Source } from '../../venues/binance/feed.js';
import type { BinanceMapper } from '../../venues/binance/mapper.js';
import type { DepthReply } from '../../venues/binance/messages.js';
import type { SessionSource } from '../session/meta.js';
import { LineCursor } from './line-cursor.js';
import { parseLine } from './parse-line.js';
import { SnapshotScout } from './snapshot-scout.js';

/** Files that are one recording: lines of one place, in the order in which the files were given. */
export class CollectorSource implements Source {
  readonly mapper: BinanceMapper;
  /** The instrument that its first message names. */
  readonly symbol: string;
  /** Greatest receive time so far; -1 before the first line. */
  lastAt: EpochMicros = -1;
  /** A silence that began after `lastAt` was said. */
  saidSilent = false;
  readonly read: SessionSource[] = [];
  readonly #paths: readonly string[];
  readonly #scout: SnapshotScout;
  #file = 0;
  #bytesBefore = 0;
  #cursor: LineCursor;

  constructor(mapper: BinanceMapper, symbol: string, paths: readonly string[]) {
    this.mapper = mapper;
    this.symbol = symbol;
    this.#paths = paths;
    this.#scout = new SnapshotScout(paths);
    this.#cursor = new LineCursor(paths[0]!);
  }

  /** The file that is being read, which stands on the present line. */
  get cursor(): LineCursor {
    return this.#cursor;
  }

  /** Bytes read so far of all its files, compressed as they are. */
  get bytesRead(): number {
    return this.#bytesBefore + this.#cursor.bytesRead;
  }

  /** Steps to the next line of the chunk in memory. */
  next(): boolean {
    return this.#cursor.next();
  }

  /** Reads on until there is a line to step to. @returns false at the end of the last file; @throws {RecordingError} */
  async fill(): Promise<boolean> {
    for (;;) {
      while (await this.#cursor.fill()) if (this.#cursor.next()) return true;
      this.read.push({ file: basename(this.#cursor.path), sha256: this.#cursor.sha256(), lines: this.#cursor.line });
      if (this.#file + 1 === this.#paths.length) return false;
      this.#bytesBefore += this.#cursor.bytesRead;
      this.#cursor = new LineCursor(this.#paths[++this.#file]!);
    }
  }

  message(): unknown {
    return parseLine(this.#cursor);
  }

  snapshotAhead(isMine: (reply: DepthReply) => boolean): Promise<DepthReply | undefined> {
    return this.#scout.after(this.#file, this.#cursor.offset, isMine);
  }

  async close(): Promise<void> {
    await this.#scout.close();
    await this.#cursor.close();
  }
}
