import { type FileHandle, open } from 'node:fs/promises';
import { RecordingError } from '../errors.js';

const CHUNK_BYTES = 262_144;

/** Reads a file of JSON lines as it is asked for them. */
export class LineReader<Line> {
  readonly #path: string;
  readonly #looksRight: (value: unknown) => boolean;
  #file: FileHandle | undefined;
  #lines: string[] = [];
  #next = 0;
  #rest = Buffer.alloc(0);
  #ended = false;
  #number = 0;
  #peeked: Line | undefined;

  constructor(path: string, looksRight: (value: unknown) => boolean) {
    this.#path = path;
    this.#looksRight = looksRight;
  }

  /** The next line, which stays the next one; undefined at the end. */
  async peek(): Promise<Line | undefined> {
    if (this.#peeked !== undefined) return this.#peeked;
    while (this.#next === this.#lines.length) {
      if (this.#ended) return undefined;
      await this.#fill();
    }
    this.#number++;
    this.#peeked = this.#parse(this.#lines[this.#next++]!);
    return this.#peeked;
  }

  /** Takes lines from the front while they are wanted, at most `limit`. */
  async take(wanted: (line: Line) => boolean, limit: number): Promise<Line[]> {
    const taken: Line[] = [];
    while (taken.length < limit) {
      const line = this.#peeked ?? (await this.peek());
      if (line === undefined || !wanted(line)) break;
      taken.push(line);
      this.#peeked = undefined;
    }
    return taken;
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  #parse(text: string): Line {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      value = undefined;
    }
    if (this.#looksRight(value)) return value as Line;
    throw new RecordingError(
      'damaged',
      `${this.#path}:${this.#number}`,
      'is no event of a session',
      'take the session from its origin again',
    );
  }

  async #fill(): Promise<void> {
    this.#file ??= await open(this.#path);
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await this.#file.read(chunk, 0, CHUNK_BYTES);
    this.#ended = bytesRead === 0;
    const bytes = Buffer.concat([this.#rest, chunk.subarray(0, bytesRead)]);
    const end = this.#ended ? bytes.length : bytes.lastIndexOf(10) + 1;
    this.#rest = bytes.subarray(end);
    this.#lines = bytes.toString('utf8', 0, end).split('\n');
    if (this.#lines.at(-1) === '') this.#lines.pop();
    this.#next = 0;
  }
}
