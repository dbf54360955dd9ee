import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { RecordingError } from '../errors.js';
import { zipEntry } from './zip-entry.js';

const CHUNK_BYTES = 262_144;
/** No message of any venue is longer; what is, is no text of lines. */
const MOST_LINE_BYTES = 33_554_432;
const LF = 10;
const ZIP = Buffer.from('PK\u0003\u0004');

/**
 * Walks over the lines of one file, plain, gzip or alone in a zip, a chunk at a time: `next` steps to the next line within the
 * chunk, `fill` reads on. While the caller works on a chunk, the next one is unzipped.
 */
export class LineCursor {
  readonly path: string;
  /** Number of the present line, from 1. */
  line = 0;
  /** Bytes of the file, compressed as it is, read so far. */
  bytesRead = 0;
  readonly #hash = createHash('sha256');
  #chunks: AsyncIterator<Buffer> | undefined;
  protected chunk: Buffer = Buffer.alloc(0);
  #encoding: BufferEncoding = 'latin1';
  /** Where the chunk begins in the unzipped file. */
  #base = 0;
  protected lineStart = 0;
  /** Where the message begins in the chunk: behind whatever stands before it on its line. */
  protected textStart = 0;
  protected lineEnd = -1;
  #ended = false;
  #packing: 'gzip' | 'zip' | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** File and line, as errors name them. */
  get where(): string {
    return `${this.path}:${this.line}`;
  }

  /** Where the present line begins in the unzipped file. */
  get offset(): number {
    return this.#base + this.lineStart;
  }

  /** Steps to the next line; false where the chunk holds no more whole line. @throws {RecordingError} */
  next(): boolean {
    const start = this.lineEnd + 1;
    let end = this.chunk.indexOf(LF, start);
    if (end < 0) {
      if (!this.#ended || start >= this.chunk.length) return false;
      end = this.chunk.length; // the last line may do without a line feed
    }
    this.lineStart = start;
    this.lineEnd = end;
    this.line++;
    this.textStart = start;
    this.readHead();
    return true;
  }

  /** The message of the present line. */
  text(): string {
    return this.chunk.toString(this.#encoding, this.textStart, this.lineEnd);
  }

  /** Whether the message of the present line begins with these bytes. */
  beginsWith(bytes: Uint8Array): boolean {
    for (let index = 0; index < bytes.length; index++)
      if (this.chunk[this.textStart + index] !== bytes[index]) return false;
    return true;
  }

  /** Reads on. @returns false at the end of the file; @throws {RecordingError} */
  async fill(): Promise<boolean> {
    if (this.#ended) return false;
    const { done, value } = await this.#read();
    const rest = this.chunk.subarray(this.lineEnd + 1);
    this.#base += this.lineEnd + 1;
    this.lineEnd = -1;
    if (done === true) {
      this.#ended = true;
      this.chunk = rest;
      return rest.length > 0;
    }
    if (rest.length > MOST_LINE_BYTES) throw notLines(`${this.path}:${this.line + 1}`);
    this.chunk = rest.length === 0 ? value : Buffer.concat([rest, value]);
    this.#encoding = isAscii(this.chunk) ? 'latin1' : 'utf8';
    return true;
  }

  /** SHA-256 of the file as it is stored; known once all of it was read. */
  sha256(): string {
    return this.#hash.digest('hex');
  }

  async close(): Promise<void> {
    await this.#chunks?.return?.();
  }

  /** Reads what stands before the message and moves `textStart` behind it. @throws {RecordingError} */
  protected readHead(): void {
    // a bare line is all message
  }

  async #read(): Promise<IteratorResult<Buffer, unknown>> {
    try {
      this.#chunks ??= await this.#open();
      return await this.#chunks.next();
    } catch (cause) {
      throw cause instanceof RecordingError ? cause : this.#unreadable(cause as NodeJS.ErrnoException);
    }
  }

  async #open(): Promise<AsyncIterator<Buffer>> {
    this.#packing = await packingOf(this.path);
    if (this.#packing === 'zip')
      return zipEntry(this.path, {
        chunkBytes: CHUNK_BYTES,
        onRead: (bytes) => (this.bytesRead += bytes),
        onStored: (chunk) => this.#hash.update(chunk),
      });
    const file = createReadStream(this.path, { highWaterMark: CHUNK_BYTES });
    file.on('data', (chunk) => {
      this.bytesRead += chunk.length;
      this.#hash.update(chunk);
    });
    if (this.#packing === undefined) return file[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const unzip = createGunzip({ chunkSize: CHUNK_BYTES });
    pipeline(file, unzip, () => undefined); // an error comes to light where `unzip` is read
    return (unzip as unknown as ReadStream)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  #unreadable(cause: NodeJS.ErrnoException): RecordingError {
    const fault = (code: 'not_found' | 'unreadable', where: string, what: string, mend: string): RecordingError =>
      new RecordingError(code, where, what, mend, { cause });
    const after = `${this.path}:${this.line}`;
    switch (cause.code) {
      case 'ENOENT':
        return fault('not_found', this.path, 'is not there', 'check the path');
      case 'Z_BUF_ERROR':
        return fault(
          'unreadable',
          after,
          `the ${this.#packing ?? ''} stream ends in the middle, after this line`,
          'fetch the file again',
        );
      case 'Z_DATA_ERROR':
      case 'Z_NEED_DICT':
        return fault(
          'unreadable',
          after,
          `the ${this.#packing ?? ''} stream is damaged after this line`,
          'fetch the file again',
        );
      default:
        return fault(
          'unreadable',
          this.path,
          `cannot be read (${cause.code ?? cause.message})`,
          'check the path, the permissions and the disk',
        );
    }
  }
}

/** How a file is packed, told from its first bytes. */
async function packingOf(path: string): Promise<'gzip' | 'zip' | undefined> {
  const file = await open(path);
  try {
    const magic = Buffer.alloc(4);
    await file.read(magic, 0, 4, 0);
    if (magic[0] === 0x1f && magic[1] === 0x8b) return 'gzip';
    return magic.equals(ZIP) ? 'zip' : undefined;
  } finally {
    await file.close();
  }
}

/** Nothing here can be lines of a recording. */
export function notLines(where: string): RecordingError {
  return new RecordingError(
    'foreign',
    where,
    'is no line of a recording: a receive time, then a message',
    'give a recording in a format that `reprise import --help` names',
  );
}
