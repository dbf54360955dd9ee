import { createHash } from 'node:crypto';
import { constants, createGzip, type Gzip } from 'node:zlib';
import { type Disk, OutFile } from '../session/disk.js';

/** A raw file as `session.json` lists it. */
export interface RawPart {
  /** Below the session's folder: `raw/binance-1.gz`. */
  readonly file: string;
  readonly venue: string;
  readonly sha256: string;
  readonly lines: number;
}

/** Lines on their way into a gzip file. What was flushed can be read, also where the file breaks off behind it. */
export class RawFile {
  readonly #file: OutFile;
  readonly #gzip: Gzip = createGzip();
  readonly #hash = createHash('sha256');
  #packed: Buffer[] = [];
  #lines = 0;

  static async create(path: string, disk?: Disk): Promise<RawFile> {
    return new RawFile(await OutFile.create(path, disk));
  }

  private constructor(file: OutFile) {
    this.#file = file;
    this.#gzip.on('data', (chunk: Buffer) => this.#packed.push(chunk));
  }

  get lines(): number {
    return this.#lines;
  }

  /** Bytes that are with the operating system. */
  get size(): number {
    return this.#file.size;
  }

  /** Packs lines, and hands them to the operating system. @throws {RecordingError} */
  async write(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    this.#lines += lines.length;
    this.#gzip.write(`${lines.join('\n')}\n`);
    await new Promise<void>((resolve) => this.#gzip.flush(constants.Z_SYNC_FLUSH, resolve));
    await this.#append();
  }

  /** Ends the file and makes it durable. @returns its SHA-256, lower-case hex */
  async close(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#gzip.once('end', resolve);
      this.#gzip.end();
    });
    await this.#append();
    await this.#file.sync();
    await this.#file.close();
    return this.#hash.digest('hex');
  }

  /** Gives the file up as it is. */
  async abandon(): Promise<void> {
    this.#gzip.close();
    await this.#file.close();
  }

  async #append(): Promise<void> {
    const packed = this.#packed.splice(0);
    await this.#file.append(packed);
    for (const chunk of packed) this.#hash.update(chunk);
  }
}
