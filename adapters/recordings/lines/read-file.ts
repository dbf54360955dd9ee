import { basename } from 'node:path';
import type { SessionSource } from '../session/meta.js';
import type { Reader } from '../source.js';
import type { LineCursor } from './line-cursor.js';

/** What a session says of a file that was read to its end, with what its reader did to what stood there. */
export function readFile(cursor: LineCursor, reader: Reader): SessionSource {
  const notes = reader.notes?.() ?? [];
  return {
    file: basename(cursor.path),
    sha256: cursor.sha256(),
    lines: cursor.line,
    ...(notes.length === 0 ? {} : { notes }),
  };
}
