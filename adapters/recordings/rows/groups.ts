import type { ToldFile } from '../format.js';

/** Files of one recording together, in the order in which the first of each was given. */
export function groupsOf<File extends ToldFile>(files: readonly File[]): Map<string, File[]> {
  const groups = new Map<string, File[]>();
  for (const file of files) {
    const alike = groups.get(file.group);
    if (alike === undefined) groups.set(file.group, [file]);
    else alike.push(file);
  }
  return groups;
}
