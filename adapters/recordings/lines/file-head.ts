import { RecordingError } from '../errors.js';
import { LineCursor } from './line-cursor.js';

/** The beginning of a file, by which its format is told. */
export interface FileHead {
  readonly path: string;
  /** Its first lines, at most twenty, each cut after 4,096 characters. */
  readonly lines: readonly string[];
}

const LINES = 20;
const LONGEST = 4_096;

/** @throws {RecordingError} for a file that cannot be read */
export async function fileHead(path: string): Promise<FileHead> {
  const cursor = new LineCursor(path);
  const lines: string[] = [];
  try {
    while (lines.length < LINES && (await cursor.fill()))
      while (lines.length < LINES && cursor.next()) lines.push(cursor.text().slice(0, LONGEST));
  } catch (error) {
    // a file that breaks off later is told of where it breaks off, by whoever reads it
    if (lines.length === 0 || !(error instanceof RecordingError)) throw error;
  } finally {
    await cursor.close();
  }
  return { path, lines };
}
