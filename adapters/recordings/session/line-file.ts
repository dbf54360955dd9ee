import { createHash } from 'node:crypto';
import { type Disk, OutFile } from './disk.js';

const BUFFERED_CHARS = 262_144;

/** A file of text lines that is written piece by piece and knows the SHA-256 of what it holds. */
export class LineFile {
  readonly #file: OutFile;
  readonly #hash = createHash('sha256');
  #pending: string[] = [];
  #pendingChars = 0;
  #lines = 0;

  static async create(path: string, disk?: Disk): Promise<LineFile> {
    return new LineFile(await OutFile.create(path, disk));
  }

  private constructor(file: OutFile) {
    this.#file = file;
  }

  get lines(): number {
    return this.#lines;
  }

  /** @param line without its line feed */
  async add(line: string): Promise<void> {
    this.#lines++;
    this.#pending.push(line, '\n');
    this.#pendingChars += line.length + 1;
    if (this.#pendingChars >= BUFFERED_CHARS) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pending.join('');
    this.#pending = [];
    this.#pendingChars = 0;
    if (text === '') return;
    this.#hash.update(text);
    await this.#file.append([Buffer.from(text)]);
  }

  /** Ends the file and makes it durable. @returns its SHA-256, lower-case hex */
  async close(): Promise<string> {
    await this.flush();
    await this.#file.sync();
    await this.#file.close();
    return this.#hash.digest('hex');
  }

  async abandon(): Promise<void> {
    await this.#file.close();
  }
}
