import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { ColumnInstrument, MarketColumns } from '../../../core/market/columns.js';
import { batchMessage, type Block, dictionaryMessage, END_OF_STREAM, footer, schemaMessage } from './arrow-messages.js';
import { onDisk } from './disk.js';
import { BatchBody, COLUMNS, metadataOf } from './schema.js';

const MAGIC = Buffer.from('ARROW1\0\0', 'latin1');

/**
 * Writes batches of market rows as an Arrow IPC file or stream, piece by piece: at most one batch is in memory, and it is
 * not copied on its way.
 */
export class ArrowWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #metadata: ReadonlyMap<string, string>;
  /** Of a file; a stream needs none. */
  readonly #hash: Hash | undefined;
  readonly #dictionaries: Block[] = [];
  readonly #batches: Block[] = [];
  #pending: Uint8Array[] = [];
  #position = 0;

  static async create(
    path: string,
    format: 'file' | 'stream',
    instruments: readonly ColumnInstrument[],
  ): Promise<ArrowWriter> {
    return new ArrowWriter(path, await onDisk(path, open(path, 'wx')), format, instruments);
  }

  private constructor(
    path: string,
    file: FileHandle,
    format: 'file' | 'stream',
    instruments: readonly ColumnInstrument[],
  ) {
    this.#path = path;
    this.#file = file;
    this.#metadata = metadataOf(instruments);
    this.#hash = format === 'file' ? createHash('sha256') : undefined;
    if (format === 'file') this.#put(MAGIC);
    this.#put(schemaMessage(COLUMNS, this.#metadata));
    const names = BatchBody.ofNames(instruments);
    this.#dictionaries.push(this.#message(dictionaryMessage(names.header, names.length), names));
  }

  /** Where the record batches stand. */
  get blocks(): readonly Block[] {
    return this.#batches;
  }

  /** Resolved: the bytes are with the operating system, and `columns` may be used again. */
  async write(columns: MarketColumns): Promise<void> {
    const body = BatchBody.of(columns);
    this.#batches.push(this.#message(batchMessage(body.header, body.length), body));
    await this.#drain();
  }

  /** Ends the file; one in the file format is made durable. @returns its SHA-256 there, lower-case hex */
  async close(): Promise<string> {
    this.#put(END_OF_STREAM);
    if (this.#hash !== undefined) this.#put(footer(COLUMNS, this.#metadata, this.#dictionaries, this.#batches));
    await this.#drain();
    if (this.#hash !== undefined) await onDisk(this.#path, this.#file.sync());
    await this.#file.close();
    return this.#hash?.digest('hex') ?? '';
  }

  /** Gives the file up as it is. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }

  #message(message: Uint8Array, body: BatchBody): Block {
    const block = { offset: this.#position, metaDataLength: message.length, bodyLength: body.length };
    this.#put(message);
    for (const piece of body.pieces) this.#put(piece);
    return block;
  }

  #put(piece: Uint8Array): void {
    this.#pending.push(piece);
    this.#position += piece.byteLength;
  }

  async #drain(): Promise<void> {
    const pieces = this.#pending;
    this.#pending = [];
    const writing = this.#file.writev(pieces);
    for (const piece of pieces) this.#hash?.update(piece); // while the system writes
    let { bytesWritten } = await onDisk(this.#path, writing);
    for (const piece of pieces) {
      // a short write, as on a full disk: the rest goes out piece by piece, and the error comes to light
      for (let from = Math.min(bytesWritten, piece.byteLength); from < piece.byteLength;)
        from += (await onDisk(this.#path, this.#file.write(piece, from))).bytesWritten;
      bytesWritten = Math.max(0, bytesWritten - piece.byteLength);
    }
  }
}
