import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inChild } from './child.js';

/** What a log that was made for the bench holds. */
export interface MadeLog {
  readonly inputs: number;
  readonly outcomes: number;
  readonly orders: number;
}

/** A copy, under a name of its own, of a log of so many events that the live host wrote; it is made once for all rows. */
export async function madeLog(
  folder: string,
  events: number,
  as: string,
): Promise<MadeLog & { readonly path: string }> {
  const source = join(folder, `made-${events}`);
  const says = `${source}.json`;
  if (!existsSync(says)) {
    const made = await inChild<MadeLog>('children/make-log', [source, String(events)]);
    writeFileSync(`${says}.part`, JSON.stringify(made));
    renameSync(`${says}.part`, says);
  }
  const path = join(folder, as);
  cpSync(source, path, { recursive: true });
  return { ...(JSON.parse(readFileSync(says, 'utf8')) as MadeLog), path };
}
