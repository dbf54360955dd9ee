import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { RecordingError } from '../errors.js';

export interface ZipReading {
  readonly chunkBytes: number;
  /** Told how many packed bytes were read. */
  readonly onRead: (bytes: number) => void;
  /** Told every byte of the file as it is stored, once the entry was read to its end. */
  readonly onStored: (chunk: Buffer) => void;
}

/** The bytes of the one file in a zip, checked against its length and CRC-32. @throws {RecordingError} */
export async function* zipEntry(path: string, { chunkBytes, onRead, onStored }: ZipReading): AsyncGenerator<Buffer> {
  const zip = await openPromise(path, { autoClose: false }).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    const entry = await onlyEntry(zip, path);
    let length = 0;
    let checksum = 0;
    if (entry.isEncrypted() || !METHODS.includes(entry.compressionMethod))
      throw new RecordingError(
        'unreadable',
        path,
        `${entry.fileName} in it is encrypted, or packed in another way than deflate`,
        'unpack it, and name the file',
      );
    for await (const chunk of await unpacked(zip, entry, chunkBytes, onRead)) {
      length += chunk.length;
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
    if (length !== entry.uncompressedSize || checksum !== entry.crc32)
      throw new RecordingError(
        'unreadable',
        path,
        `${entry.fileName} in it is not what its checksum says`,
        'fetch the file again',
      );
  } finally {
    zip.close();
  }
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) onStored(chunk as Buffer);
}

/** Folders, and what archivers of one system add for themselves, do not count. */
async function onlyEntry(zip: ZipFile, path: string): Promise<Entry> {
  const files: Entry[] = [];
  for await (const entry of zip.eachEntry())
    if (!entry.fileName.endsWith('/') && !entry.fileName.startsWith('__MACOSX/')) files.push(entry);
  const [file] = files;
  if (file !== undefined && files.length === 1) return file;
  throw new RecordingError(
    'foreign',
    path,
    file === undefined ? 'is a zip without a file' : `is a zip of ${files.length} files`,
    'unpack it, and name the files that are one recording',
  );
}

const STORED = 0;
const DEFLATED = 8;
const METHODS: readonly number[] = [STORED, DEFLATED];

async function unpacked(
  zip: ZipFile,
  entry: Entry,
  chunkSize: number,
  onRead: (bytes: number) => void,
): Promise<AsyncIterable<Buffer>> {
  const stored = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  stored.on('data', (chunk: Buffer) => onRead(chunk.length));
  if (entry.compressionMethod === STORED) return stored as AsyncIterable<Buffer>;
  const inflate = createInflateRaw({ chunkSize });
  pipeline(stored, inflate, () => undefined); // an error comes to light where `inflate` is read
  return inflate as AsyncIterable<Buffer>;
}

/** A file that begins as a zip and cannot be read as one. */
function unreadable(path: string, cause: unknown): unknown {
  if (cause instanceof Error && 'code' in cause) return cause; // the disk, not the zip
  return new RecordingError('unreadable', path, 'begins as a zip, and is none', 'fetch the file again', { cause });
}
