import { createHash, type Hash } from 'node:crypto';
import { type RecordBatch, RecordBatchFileWriter, RecordBatchStreamWriter, type Schema } from 'apache-arrow';
import type { ColumnInstrument, MarketColumns } from '../../../core/market/columns.js';
import type { Block } from './arrow-blocks.js';
import { type Disk, OutFile } from './disk.js';
import { MarketSchema } from './schema.js';

/** Writes batches of market rows. */
export class ArrowWriter {
  readonly #schema: MarketSchema;
  readonly #file: ArrowFile;

  static async create(
    path: string,
    format: 'file' | 'stream',
    instruments: readonly ColumnInstrument[],
    disk?: Disk,
  ): Promise<ArrowWriter> {
    const schema = new MarketSchema(instruments);
    return new ArrowWriter(schema, await ArrowFile.create(path, format, schema.schema, disk));
  }

  private constructor(schema: MarketSchema, file: ArrowFile) {
    this.#schema = schema;
    this.#file = file;
  }

  /** Bytes that are with the operating system. */
  get size(): number {
    return this.#file.size;
  }

  /** Resolved: the bytes are with the operating system, and `columns` may be used again. */
  write(columns: MarketColumns): Promise<void> {
    return this.#file.write(this.#schema.recordBatch(columns));
  }

  /** As `ArrowFile` closes. */
  close(): Promise<{ blocks: readonly Block[]; hash: string }> {
    return this.#file.close();
  }

  abandon(): Promise<void> {
    return this.#file.abandon();
  }
}

/**
 * Writes record batches as an Arrow IPC file or stream, piece by piece: at most one batch is in memory, and it is not
 * copied on its way.
 */
export class ArrowFile {
  readonly #file: OutFile;
  readonly #pieces: Pieces;
  readonly #hash: Hash | undefined;

  static async create(path: string, format: 'file' | 'stream', schema: Schema, disk?: Disk): Promise<ArrowFile> {
    return new ArrowFile(await OutFile.create(path, disk), format, schema);
  }

  private constructor(file: OutFile, format: 'file' | 'stream', schema: Schema) {
    this.#file = file;
    this.#hash = format === 'file' ? createHash('sha256') : undefined;
    this.#pieces = format === 'file' ? new FilePieces() : new StreamPieces();
    this.#pieces.reset(undefined, schema); // begins the file even when no batch will follow
  }

  /** Bytes that are with the operating system. */
  get size(): number {
    return this.#file.size;
  }

  /** Resolved: the bytes are with the operating system, and the memory of the batch may be used again. */
  async write(batch: RecordBatch): Promise<void> {
    this.#pieces.write(batch);
    await this.#drain();
  }

  /**
   * Ends the file; one in the file format is made durable.
   *
   * @returns where its batches stand, and in the file format the SHA-256 of all its bytes, lower-case hex
   */
  async close(): Promise<{ blocks: readonly Block[]; hash: string }> {
    const { blocks } = this.#pieces;
    this.#pieces.close();
    await this.#drain();
    if (this.#hash !== undefined) await this.#file.sync();
    await this.#file.close();
    return { blocks, hash: this.#hash?.digest('hex') ?? '' };
  }

  /** Gives the file up as it is. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }

  async #drain(): Promise<void> {
    const pieces = this.#pieces.pieces.splice(0);
    const writing = this.#file.append(pieces);
    for (const piece of pieces) this.#hash?.update(piece); // while the system writes
    await writing;
  }
}

/** The library's writers push into a queue made for streams; these two hand over the pieces as they are. */
interface Pieces {
  readonly pieces: Uint8Array[];
  readonly blocks: readonly Block[];
  reset(sink: undefined, schema: Schema): unknown;
  write(batch: RecordBatch): void;
  close(): unknown;
}

class FilePieces extends RecordBatchFileWriter implements Pieces {
  readonly pieces: Uint8Array[] = [];
  get blocks(): readonly Block[] {
    return this._recordBatchBlocks;
  }
  protected override _write(chunk: ArrayBufferView): this {
    if (this._started) this._position += collect(this.pieces, chunk);
    return this;
  }
}

class StreamPieces extends RecordBatchStreamWriter implements Pieces {
  readonly pieces: Uint8Array[] = [];
  get blocks(): readonly Block[] {
    return this._recordBatchBlocks;
  }
  protected override _write(chunk: ArrayBufferView): this {
    if (this._started) this._position += collect(this.pieces, chunk);
    return this;
  }
}

function collect(pieces: Uint8Array[], { buffer, byteOffset, byteLength }: ArrayBufferView): number {
  if (byteLength > 0) pieces.push(new Uint8Array(buffer, byteOffset, byteLength));
  return byteLength;
}
