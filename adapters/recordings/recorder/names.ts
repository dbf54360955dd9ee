import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { onDisk } from '../session/disk.js';
import { refuseUnfinished } from '../session/unfinished.js';

/** Where the parts of a recording go. */
export interface PartNames {
  /** The next part's folder. */
  next(): string;
}

/** One session and no other. @throws {RecordingError} where a recording of that name was broken off, or is under way */
export async function oneName(out: string): Promise<PartNames> {
  await refuseUnfinished(out);
  return { next: () => out };
}

/**
 * `NAME-0001`, `NAME-0002` and so on, behind the highest that is there, as a session or as what a recorder left: a recorder that is
 * started again goes on beside what it has.
 *
 * @returns also the folders that recorders left, each with the session that it would become
 */
export async function numberedNames(
  out: string,
): Promise<PartNames & { readonly left: readonly { readonly folder: string; readonly target: string }[] }> {
  const parent = dirname(resolve(out));
  const name = basename(resolve(out));
  const entries = await readdir(parent).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []; // it is made with the first part
    return onDisk(parent, Promise.reject(error as Error));
  });
  let highest = 0;
  const left: { folder: string; target: string }[] = [];
  for (const entry of entries) {
    const isLeft = entry.startsWith('.') && entry.endsWith('.recording');
    const part = isLeft ? entry.slice(1, -'.recording'.length) : entry;
    if (!part.startsWith(`${name}-`) || !/^\d{4,9}$/.test(part.slice(name.length + 1))) continue;
    highest = Math.max(highest, Number(part.slice(name.length + 1)));
    if (isLeft) left.push({ folder: join(parent, entry), target: join(parent, part) });
  }
  return {
    left,
    next: () => join(parent, `${name}-${String(++highest).padStart(4, '0')}`),
  };
}
