import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LogFailure } from '../../../core/ports.js';
import { DATA_FILE, inspectDataFile, type DataFile } from './data-file.js';
import { logFailure } from './failure.js';
import { holdFolder, isHeld } from './folder-lock.js';
import { logOn, type EmbeddedLog } from './log.js';
import { readMarker, writeMarker, type Marker } from './marker.js';
import { isIdentity, noteIdentity } from './notes.js';
import { openLmdb, type Store } from './store.js';
import { tryInChild } from './trial.js';

export interface EmbeddedLogOptions {
  /** Reads beside the server that writes; takes no lock and changes nothing. Default false. */
  readonly readOnly?: boolean;
  /** How often a read-only log asks for news while somebody subscribes, in milliseconds. Default 50. */
  readonly pollMs?: number;
  /** Where the store comes from; a test puts one here that fails. */
  readonly openStore?: (directory: string, readOnly: boolean) => Store;
}

/**
 * Opens the log in a folder, or makes one there. One process at a time writes it; others may read.
 *
 * @throws {LogFailure} `in_use` when another server has the folder, `damaged` or `foreign` for what stands in it,
 *   `read_only` and `disk_full` when it cannot be written, `unavailable` when there is nothing to read
 */
export async function openEmbeddedLog(directory: string, options: EmbeddedLogOptions = {}): Promise<EmbeddedLog> {
  try {
    return await (options.readOnly === true ? openForReading(directory, options) : openForWriting(directory, options));
  } catch (error) {
    throw logFailure(error, directory);
  }
}

const POLL_MS = 50;

async function openForWriting(directory: string, options: EmbeddedLogOptions): Promise<EmbeddedLog> {
  const { openStore = openLmdb, pollMs = POLL_MS } = options;
  mkdirSync(directory, { recursive: true });
  const lock = await holdFolder(directory);
  let store: Store | undefined;
  try {
    const found = readMarker(directory);
    const isNew = found === undefined || found.state === 'creating';
    const id = found?.id ?? randomUUID();
    if (isNew) clear(directory, found);
    else await examine(directory, found, false);
    writeMarker(directory, { id, state: isNew ? 'creating' : 'open' });
    store = openStore(directory, false);
    if (isNew) await store.commit(noteIdentity(id));
    else identify(store, directory, id);
    if (isNew) writeMarker(directory, { id, state: 'open' });
    const release = async (clean: boolean): Promise<void> => {
      if (clean) putAway(directory, id);
      await lock.release();
    };
    return logOn(store, { directory, readOnly: false, pollMs, release });
  } catch (error) {
    await store?.close();
    await lock.release();
    throw error;
  }
}

async function openForReading(directory: string, options: EmbeddedLogOptions): Promise<EmbeddedLog> {
  const { openStore = openLmdb, pollMs = POLL_MS } = options;
  const found = existsSync(directory) ? readMarker(directory) : undefined;
  if (found === undefined || found.state === 'creating')
    throw new LogFailure(
      'unavailable',
      `there is no log in ${directory} yet; start its server, or name another folder`,
    );
  // what a server has open it has examined itself, and goes on changing
  if (!(await isHeld(directory))) await examine(directory, found, true);
  const store = openStore(directory, true);
  try {
    identify(store, directory, found.id);
  } catch (error) {
    await store.close();
    throw error;
  }
  return logOn(store, { directory, readOnly: true, pollMs, release: () => Promise.resolve() });
}

/** Makes room for a new log; what a first opening left that was cut short goes, for nothing of it was acknowledged. */
function clear(directory: string, found: Marker | undefined): void {
  if (found === undefined && inspectDataFile(directory, false) !== undefined)
    throw new LogFailure(
      'foreign',
      `${directory} holds a ${DATA_FILE} that no log.json speaks of; restore log.json, or name another folder with --data`,
    );
  for (const file of [DATA_FILE, 'lock.mdb']) rmSync(join(directory, file), { force: true });
}

/** Looks at the data file before LMDB maps it, and lets another process try it first where there is a doubt. */
async function examine(directory: string, marker: Marker, readOnly: boolean): Promise<void> {
  const file = inspectDataFile(directory, true);
  if (file === undefined)
    throw new LogFailure('damaged', `${join(directory, DATA_FILE)} is gone or empty; restore the folder from a copy`);
  if (marker.state === 'closed') compare(directory, marker, file);
  if (file.doubt !== undefined) await tryInChild({ directory, depth: 'whole', readOnly }, file.doubt);
  else if (marker.state !== 'closed')
    await tryInChild({ directory, depth: 'quick', readOnly }, 'it was not closed when its server ended');
}

/** Holds a data file that was put away cleanly against what was noted then. */
function compare(directory: string, marker: Marker & { readonly state: 'closed' }, file: DataFile): void {
  const path = join(directory, DATA_FILE);
  if (file.bytes < marker.bytes)
    throw new LogFailure(
      'damaged',
      `${path} has ${file.bytes} bytes, and had ${marker.bytes} when it was closed; restore the folder from a copy`,
    );
  if (file.doubt === undefined && file.transaction !== marker.transaction)
    throw new LogFailure(
      'foreign',
      `${path} is not the one that log.json speaks of (transaction ${file.transaction}, not ${marker.transaction}); ` +
        'put back the two files together',
    );
  if (file.metaCrc !== marker.metaCrc)
    throw new LogFailure(
      'damaged',
      `the first pages of ${path} are not what they were when it was closed; restore the folder from a copy`,
    );
}

/** Notes what a later opening compares. If even that fails, the next opening takes this for an unclean stop. */
function putAway(directory: string, id: string): void {
  try {
    const file = inspectDataFile(directory, true);
    if (file === undefined) return;
    const { bytes, transaction, metaCrc } = file;
    writeMarker(directory, { id, state: 'closed', bytes, transaction, metaCrc });
  } catch {
    return;
  }
}

function identify(store: Store, directory: string, id: string): void {
  if (isIdentity(store, id)) return;
  throw new LogFailure(
    'foreign',
    `the ${DATA_FILE} in ${directory} belongs to another log than log.json; put back the two files together`,
  );
}
