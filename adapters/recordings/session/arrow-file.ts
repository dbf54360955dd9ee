import { type FileHandle, open } from 'node:fs/promises';
import { createHash, type Hash } from 'node:crypto';
import { RecordBatchFileWriter, RecordBatchStreamWriter } from 'apache-arrow';
import type { ColumnInstrument, MarketColumns } from '../../../core/market/columns.js';
import type { Block } from './arrow-blocks.js';
import { onDisk } from './disk.js';
import { MarketSchema } from './schema.js';

/**
 * Writes batches of market rows as an Arrow IPC file or stream, piece by piece: at most one batch is in memory, and it is
 * not copied on its way.
 */
export class ArrowWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #schema: MarketSchema;
  readonly #pieces: Pieces;
  readonly #hash: Hash | undefined;

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
    this.#schema = new MarketSchema(instruments);
    this.#hash = format === 'file' ? createHash('sha256') : undefined;
    this.#pieces = format === 'file' ? new FilePieces() : new StreamPieces();
    this.#pieces.reset(undefined, this.#schema.schema); // begins the file even when no batch will follow
  }

  /** Resolved: the bytes are with the operating system, and `columns` may be used again. */
  async write(columns: MarketColumns): Promise<void> {
    this.#pieces.write(this.#schema.recordBatch(columns));
    await onDisk(this.#path, this.#drain());
  }

  /**
   * Ends the file; one in the file format is made durable.
   *
   * @returns where its batches stand, and in the file format the SHA-256 of all its bytes, lower-case hex
   */
  async close(): Promise<{ blocks: readonly Block[]; hash: string }> {
    const { blocks } = this.#pieces;
    this.#pieces.close();
    await onDisk(this.#path, this.#drain());
    if (this.#hash !== undefined) await onDisk(this.#path, this.#file.sync());
    await this.#file.close();
    return { blocks, hash: this.#hash?.digest('hex') ?? '' };
  }

  /** Gives the file up as it is. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }

  async #drain(): Promise<void> {
    const pieces = this.#pieces.pieces.splice(0);
    const writing = this.#file.writev(pieces);
    for (const piece of pieces) this.#hash?.update(piece); // while the system writes
    let { bytesWritten } = await writing;
    for (const piece of pieces) {
      // a short write, as on a full disk: the rest goes out piece by piece, and the error comes to light
      for (let from = Math.min(bytesWritten, piece.byteLength); from < piece.byteLength;)
        from += (await this.#file.write(piece, from)).bytesWritten;
      bytesWritten = Math.max(0, bytesWritten - piece.byteLength);
    }
  }
}

/** The library's writers push into a queue made for streams; these two hand over the pieces as they are. */
interface Pieces {
  readonly pieces: Uint8Array[];
  readonly blocks: readonly Block[];
  reset(sink: undefined, schema: MarketSchema['schema']): unknown;
  write(batch: ReturnType<MarketSchema['recordBatch']>): void;
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
