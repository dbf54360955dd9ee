import { type FileHandle, open } from 'node:fs/promises';
import { Message } from 'apache-arrow';
import type { MarketColumns } from '../../../core/market/columns.js';
import { type Block, readBlocks } from './arrow-blocks.js';
import { hasMarketFields, instrumentsOf } from './schema.js';

/** Bytes before the first message of a file, where it is no bare stream. */
const MAGIC = Buffer.from('ARROW1\0\0');
const PREFIX = 8;
const CONTINUES = -1;

/**
 * Reads the market rows of an Arrow file or stream that may break off anywhere: every batch that is there whole. A batch is
 * good until the next one is asked for.
 */
export async function* readBrokenOff(path: string): AsyncGenerator<MarketColumns> {
  const file = await open(path);
  try {
    const found = await wholeBlocks(file);
    if (found !== undefined) yield* readBlocks(path, file, found);
  } finally {
    await file.close();
  }
}

async function wholeBlocks(file: FileHandle): Promise<Parameters<typeof readBlocks>[2] | undefined> {
  const { size } = await file.stat();
  const blocks: Block[] = [];
  let instruments: ReturnType<typeof instrumentsOf>;
  let offset = (await read(file, 0, PREFIX)).equals(MAGIC) ? PREFIX : 0;
  while (offset + PREFIX <= size) {
    const prefix = await read(file, offset, PREFIX);
    const length = prefix.readInt32LE(4);
    if (prefix.readInt32LE(0) !== CONTINUES || length <= 0 || offset + PREFIX + length > size) break;
    const message = decoded(await read(file, offset + PREFIX, length));
    if (message === undefined) break;
    const block = { offset, metaDataLength: PREFIX + length, bodyLength: message.bodyLength };
    offset += block.metaDataLength + block.bodyLength;
    if (offset > size) break;
    if (message.isRecordBatch()) blocks.push(block);
    else if (message.isSchema()) {
      const schema = message.header();
      if (!hasMarketFields(schema)) return undefined;
      instruments = instrumentsOf(schema);
    }
  }
  return instruments && { blocks, instruments };
}

async function read(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, offset);
  return bytes;
}

function decoded(bytes: Buffer): Message | undefined {
  try {
    return Message.decode(bytes);
  } catch {
    return undefined; // what was being written when it broke off
  }
}
