import { access, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RecordingError } from '../../adapters/recordings/errors.js';
import { onDisk } from '../../adapters/recordings/session/disk.js';
import { canonical, type Json } from '../../core/json.js';
import { SweepRefused } from './refused.js';

/** What a folder of results holds. */
export const FILES = {
  /** What it is, once it is whole. */
  run: 'run.json',
  arrow: 'results.arrow',
  csv: 'results.csv',
  /** Figures of every set, by assumption. */
  comparisons: 'comparisons.json',
  traces: 'traces.json',
  /** What is being swept, until it is whole. */
  plan: 'plan.json',
  parts: 'parts',
} as const;

/** What must be the same for one run to go on where another one stopped. */
export type Identity = Readonly<Record<string, Json | undefined>>;

/**
 * Makes the folder of a sweep ready: a new one, or one in which the same sweep was interrupted.
 *
 * @param force  whether results that are there already, whole or not, may go
 * @returns      whether an interrupted sweep goes on
 * @throws {SweepRefused} when it holds another sweep @throws {RecordingError} when it is there and not ours
 */
export async function prepareFolder(folder: string, identity: Identity, force: boolean): Promise<boolean> {
  await onDisk(folder, mkdir(folder, { recursive: true }));
  const content = await onDisk(folder, readdir(folder));
  const whole = content.includes(FILES.run);
  const begun = content.includes(FILES.plan);
  if (content.length > 0 && !whole && !begun)
    throw new RecordingError('exists', folder, 'is there and holds no results', 'name another --out');
  if (whole && !force)
    throw new RecordingError('exists', folder, 'is there already', 'name another --out, or add --force');
  if (begun && !whole) {
    const difference = differenceBetween(await readIdentity(join(folder, FILES.plan)), identity);
    if (difference === undefined) return true;
    if (!force)
      throw new SweepRefused(
        `${folder} holds an unfinished run of ${difference}; name another --out, or add --force to begin anew`,
      );
  }
  for (const name of content)
    if (Object.values<string>(FILES).includes(name)) await onDisk(folder, rm(join(folder, name), { recursive: true }));
  await writeWhole(join(folder, FILES.plan), `${JSON.stringify(identity)}\n`);
  return false;
}

async function readIdentity(path: string): Promise<Identity> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Identity;
  } catch {
    return {};
  }
}

const NAMES: Readonly<Record<string, string>> = {
  engineVersion: 'another version',
  kind: 'another command',
  sessions: 'other sessions',
  grid: 'another grid',
  orders: 'other orders',
  seeds: 'another seed',
  seed: 'another seed',
  cut: 'another --cut',
  settings: 'other settings',
  venue: 'other settings of the venue',
};

function differenceBetween(stored: Identity, own: Identity): string | undefined {
  const text = (value: Json | undefined): string => (value === undefined ? '' : canonical(value));
  const key = Object.keys({ ...own, ...stored }).find((each) => text(stored[each]) !== text(own[each]));
  if (key === undefined) return undefined;
  const version = key === 'engineVersion' ? ` (${text(stored[key])}, and this is ${text(own[key])})` : '';
  return `${NAMES[key] ?? `another ${key}`}${version}`;
}

/** Writes a file so that it is there whole or not at all. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`;
  await onDisk(path, rm(draft, { force: true }));
  const file = await onDisk(path, open(draft, 'wx'));
  try {
    await onDisk(path, file.writeFile(text));
    await onDisk(path, file.sync());
  } finally {
    await file.close();
  }
  await onDisk(path, rename(draft, path));
}

/** Whether a folder holds results of a sweep or a backtest. */
export async function isResults(folder: string): Promise<boolean> {
  for (const name of [FILES.run, FILES.plan])
    if (
      await access(join(folder, name)).then(
        () => true,
        () => false,
      )
    )
      return true;
  return false;
}
