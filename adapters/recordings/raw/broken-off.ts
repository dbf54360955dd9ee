import { createReadStream, type ReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { pipeline } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';

const CHUNK_BYTES = 262_144;

/** The lines of a gzip file that may break off anywhere: every line that is there whole. */
export async function* wholeLines(path: string): AsyncGenerator<string[]> {
  const unzip = createGunzip({ chunkSize: CHUNK_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
  pipeline(createReadStream(path, { highWaterMark: CHUNK_BYTES }), unzip, () => undefined);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const chunk of unzip as unknown as ReadStream) {
      const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
      rest = lines.pop()!;
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    if (!BROKEN.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

const BROKEN: ReadonlySet<string> = new Set(['Z_DATA_ERROR', 'Z_BUF_ERROR']);
