import type { FileHandle } from 'node:fs/promises';
import { Message } from 'apache-arrow';
import { Footer } from 'apache-arrow/ipc/metadata/file';
import type { ColumnInstrument, MarketColumns } from '../../../core/market/columns.js';
import { RecordingError } from '../errors.js';
import { columnsAt, hasMarketFields, instrumentsOf } from './schema.js';

/** Where a record batch stands in a file: its message from `offset`, then its body. */
export interface Block {
  readonly offset: number;
  /** Length of the message with its prefix, a multiple of 8. */
  readonly metaDataLength: number;
  readonly bodyLength: number;
}

/** What the end of an Arrow file says of it. */
export interface MarketIndex {
  readonly blocks: readonly Block[];
  readonly instruments: readonly ColumnInstrument[];
}

const MAGIC = 'ARROW1';

/** @throws {RecordingError} when the file is no Arrow file, or not one of market rows */
export async function readIndex(path: string, file: FileHandle): Promise<MarketIndex> {
  const { size } = await file.stat();
  const tail = Buffer.alloc(10);
  if (size > 20) await file.read(tail, 0, 10, size - 10);
  const length = tail.readInt32LE(0);
  if (tail.toString('latin1', 4) !== MAGIC || length <= 0 || length > size - 18) throw foreign(path);
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, size - 10 - length);
  let footer: Footer;
  try {
    footer = Footer.decode(bytes);
  } catch (cause) {
    throw foreign(path, cause);
  }
  const instruments = instrumentsOf(footer.schema);
  if (!hasMarketFields(footer.schema) || instruments === undefined) throw foreign(path);
  return { blocks: [...footer.recordBatches()], instruments };
}

/**
 * Reads record batches as columns, one ahead of the reader. Two buffers take turns, because fresh memory for every batch
 * costs five times as much as reading it: a batch is good until the next one is asked for.
 */
export async function* readBlocks(
  path: string,
  file: FileHandle,
  { blocks, instruments }: MarketIndex,
): AsyncGenerator<MarketColumns> {
  const greatest = blocks.reduce((most, block) => Math.max(most, block.metaDataLength + block.bodyLength), 0);
  const turns = [Buffer.allocUnsafeSlow(greatest), Buffer.allocUnsafeSlow(greatest)];
  const read = async (index: number): Promise<Buffer> => {
    const { offset, metaDataLength, bodyLength } = blocks[index]!;
    const bytes = turns[index % 2]!;
    const { bytesRead } = await file.read(bytes, 0, metaDataLength + bodyLength, offset);
    if (bytesRead < metaDataLength + bodyLength) throw foreign(path);
    return bytes;
  };
  let next = blocks.length > 0 ? read(0) : undefined;
  try {
    for (let index = 0; index < blocks.length; index++) {
      const bytes = await next!;
      next = index + 1 < blocks.length ? read(index + 1) : undefined;
      next?.catch(() => undefined); // it comes to light when it is awaited
      yield decode(path, bytes, blocks[index]!, instruments);
    }
  } finally {
    await next?.catch(() => undefined); // nobody closes the file under a read
  }
}

function decode(path: string, bytes: Buffer, block: Block, instruments: readonly ColumnInstrument[]): MarketColumns {
  const message = Message.decode(bytes.subarray(8, block.metaDataLength));
  if (!message.isRecordBatch()) throw foreign(path);
  const { length, buffers } = message.header() as ReturnType<typeof message.header> & RecordBatchHeader;
  const body = bytes.byteOffset + block.metaDataLength;
  return columnsAt(
    bytes.buffer as ArrayBuffer,
    length,
    buffers.map(({ offset }) => body + offset),
    instruments,
  );
}

interface RecordBatchHeader {
  readonly length: number;
  readonly buffers: readonly { readonly offset: number }[];
}

function foreign(path: string, cause?: unknown): RecordingError {
  return new RecordingError(
    'damaged',
    path,
    'is not the Arrow file of a captured session, or not whole',
    'take the session from its origin again',
    { cause },
  );
}
