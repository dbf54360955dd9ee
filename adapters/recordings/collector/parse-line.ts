import { RecordingError } from '../errors.js';
import type { LineCursor } from './line-cursor.js';

/** The JSON of the present line. @throws {RecordingError} */
export function parseLine(cursor: LineCursor): unknown {
  try {
    return JSON.parse(cursor.text());
  } catch (cause) {
    throw new RecordingError(
      'bad_line',
      cursor.where,
      'holds no JSON after its receive time',
      'take the recording from its origin again, or cut this line out',
      { cause },
    );
  }
}
