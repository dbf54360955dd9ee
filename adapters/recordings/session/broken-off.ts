import { type FileHandle, open } from 'node:fs/promises';
import { Message } from 'apache-arrow';
import type { ColumnInstrument, MarketColumns } from '../../../core/market/columns.js';
import { type Block, readBlocks } from './arrow-blocks.js';
import { hasMarketFields, instrumentsOf } from './schema.js';

/** Bytes before the first message of a file, where it is no bare stream. */
const MAGIC = Buffer.from('ARROW1\0\0');
const PREFIX = 8;
const CONTINUES = -1;

/**
 * Reads the market rows of an Arrow file or stream that may break off anywhere: every batch that is there whole. A batch is
 * good until the next one is asked for.
 *
 * @param schemaPath  a stream that says what a file is that ends before it says so itself
 */
export async function* readBrokenOff(path: string, schemaPath = path): AsyncGenerator<MarketColumns> {
  const instruments = await within(schemaPath, instrumentsIn);
  if (instruments === undefined) return;
  const file = await open(path);
  try {
    const blocks: Block[] = [];
    for await (const { message, block } of wholeMessages(file)) if (message.isRecordBatch()) blocks.push(block);
    yield* readBlocks(path, file, { blocks, instruments });
  } finally {
    await file.close();
  }
}

async function within<Result>(path: string, work: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const file = await open(path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** What a stream says of its instruments; undefined for what holds no market rows. */
async function instrumentsIn(file: FileHandle): Promise<readonly ColumnInstrument[] | undefined> {
  for await (const { message } of wholeMessages(file)) {
    if (!message.isSchema()) continue;
    const schema = message.header();
    return hasMarketFields(schema) ? instrumentsOf(schema) : undefined;
  }
  return undefined;
}

async function* wholeMessages(file: FileHandle): AsyncGenerator<{ message: Message; block: Block }> {
  const { size } = await file.stat();
  let offset = (await read(file, 0, PREFIX)).equals(MAGIC) ? PREFIX : 0;
  while (offset + PREFIX <= size) {
    const prefix = await read(file, offset, PREFIX);
    const length = prefix.readInt32LE(4);
    if (prefix.readInt32LE(0) !== CONTINUES || length <= 0 || offset + PREFIX + length > size) return;
    const message = decoded(await read(file, offset + PREFIX, length));
    if (message === undefined) return;
    const block = { offset, metaDataLength: PREFIX + length, bodyLength: message.bodyLength };
    offset += block.metaDataLength + block.bodyLength;
    if (offset > size) return;
    yield { message, block };
  }
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
