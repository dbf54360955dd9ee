import { crc32 } from 'node:zlib';

/*
 * Small records beside the chunks. Every one begins with a CRC-32 of the rest, which repeats its key: a record that a
 * flipped key put in another's place is found too. Little-endian.
 */

/** Where a stretch of a stream stands: the index is keyed by stream id and first revision. */
export interface IndexEntry {
  readonly streamId: number;
  readonly firstRevision: number;
  readonly count: number;
  readonly chunk: number;
  /** Bytes of the stream's events as JSON, up to and with this stretch. */
  readonly bytes: number;
  /** Seq of the first event, -1 where it has none. */
  readonly firstSeq: number;
}

export function encodeEntry(entry: IndexEntry): Buffer {
  const value = Buffer.allocUnsafe(48);
  value.writeUInt32LE(entry.count, 4);
  value.writeDoubleLE(entry.streamId, 8);
  value.writeDoubleLE(entry.firstRevision, 16);
  value.writeDoubleLE(entry.chunk, 24);
  value.writeDoubleLE(entry.bytes, 32);
  value.writeDoubleLE(entry.firstSeq, 40);
  return sealed(value);
}

/** @returns undefined when the record is not what was written under this key */
export function readEntry(value: Buffer, [streamId, firstRevision]: readonly [number, number]): IndexEntry | undefined {
  if (value.length !== 48 || !isSealed(value)) return undefined;
  const entry = {
    count: value.readUInt32LE(4),
    streamId: value.readDoubleLE(8),
    firstRevision: value.readDoubleLE(16),
    chunk: value.readDoubleLE(24),
    bytes: value.readDoubleLE(32),
    firstSeq: value.readDoubleLE(40),
  };
  return entry.streamId === streamId && entry.firstRevision === firstRevision ? entry : undefined;
}

/** Numbers under a name: the id of a stream, where the log ends. */
export function encodeNumbers(name: string, numbers: readonly number[]): Buffer {
  const key = Buffer.from(name);
  const record = Buffer.allocUnsafe(8 + numbers.length * 8 + key.length);
  record.writeUInt32LE(numbers.length, 4);
  for (const [i, number] of numbers.entries()) record.writeDoubleLE(number, 8 + i * 8);
  key.copy(record, 8 + numbers.length * 8);
  return sealed(record);
}

/** @returns undefined when the record is not what was written under this name */
export function readNumbers(record: Buffer, name: string): readonly number[] | undefined {
  if (record.length < 8 || !isSealed(record)) return undefined;
  const count = record.readUInt32LE(4);
  if (record.toString('utf8', 8 + count * 8) !== name) return undefined;
  return Array.from({ length: count }, (_, i) => record.readDoubleLE(8 + i * 8));
}

function sealed(record: Buffer): Buffer {
  record.writeUInt32LE(crc32(record.subarray(4)), 0);
  return record;
}

const isSealed = (record: Buffer): boolean => crc32(record.subarray(4)) === record.readUInt32LE(0);
