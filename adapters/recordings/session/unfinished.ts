import { access, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isHeld } from '../../log/embedded/folder-lock.js';
import { RecordingError } from '../errors.js';

/** The file that says that a folder is a recording under way, or one that was broken off. */
export const MARK = 'recording.json';
export const MARK_FORMAT = 'reprise-recording';

/** What `recording.json` says. */
export interface RecordingMark {
  readonly format: typeof MARK_FORMAT;
  readonly formatVersion: 1;
  readonly engineVersion: string;
  /** The name of the session that it becomes. */
  readonly name: string;
}

/** Where a recording is kept until it is a session: beside its place, hidden, and called what it is. */
export const recordingFolder = (target: string): string =>
  join(dirname(resolve(target)), `.${basename(resolve(target))}.recording`);

/** Reads the mark of a folder; undefined where there is none, or none that can be read. */
export async function readMark(folder: string): Promise<RecordingMark | undefined> {
  try {
    const mark = JSON.parse(await readFile(join(folder, MARK), 'utf8')) as Partial<RecordingMark> | null;
    return mark?.format === MARK_FORMAT && typeof mark.name === 'string' ? (mark as RecordingMark) : undefined;
  } catch {
    return undefined;
  }
}

/** How the session is got that was to be at `target`, where a recorder left it behind or is at it still; else undefined. */
export async function howToRecover(target: string): Promise<string | undefined> {
  const folder = recordingFolder(target);
  if (!(await isThere(folder))) return undefined;
  if (await isHeld(folder)) return `a recorder is writing it in ${folder}: wait for it, or stop it`;
  return recoverCommand(folder, target);
}

export const recoverCommand = (folder: string, target: string): string =>
  `what a recorder left in ${folder} becomes a session by \`reprise import ${folder} --recover --out ${target}\``;

/** @throws {RecordingError} where a recording of this name is under way, or was broken off */
export async function refuseUnfinished(target: string): Promise<void> {
  const how = await howToRecover(target);
  if (how === undefined) return;
  const mend = how.startsWith('a recorder') ? how : `${how}; delete the folder where it is not wanted`;
  throw new RecordingError('exists', recordingFolder(target), 'is there already', mend);
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
