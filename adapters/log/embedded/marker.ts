import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LogFailure } from '../../../core/ports.js';

/**
 * What a folder says of itself in `log.json`, beside the data file. `creating`: nothing was ever acknowledged.
 * `open`: a server has it, or died with it. `closed`: put away cleanly, with what the data file was then.
 */
export type Marker = Identity &
  (
    | { readonly state: 'creating' | 'open' }
    | { readonly state: 'closed'; readonly bytes: number; readonly transaction: number; readonly metaCrc: number }
  );

interface Identity {
  /** Made once, and noted in the data file too: tells that the two belong together. */
  readonly id: string;
}

const FILE = 'log.json';
const NAME = 'reprise';
const SHAPE = 1;

/**
 * @returns undefined in a folder without one
 * @throws {LogFailure} `foreign` when the file is not ours or newer than this program
 */
export function readMarker(directory: string): Marker | undefined {
  let text: string;
  try {
    text = readFileSync(join(directory, FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const marker = parsed(text);
  if (marker?.['log'] !== NAME)
    throw new LogFailure(
      'foreign',
      `${join(directory, FILE)} was not written by Reprise; name another folder with --data`,
    );
  if (marker['shape'] !== SHAPE)
    throw new LogFailure(
      'foreign',
      `the log in ${directory} has shape ${String(marker['shape'])}, this program reads ${SHAPE}; use the version that wrote it`,
    );
  return marker as unknown as Marker;
}

/** Replaces the file as a whole: whoever reads finds the old one or the new one, after a crash too. */
export function writeMarker(directory: string, marker: Marker): void {
  const text = `${JSON.stringify({ log: NAME, shape: SHAPE, ...marker }, null, 2)}\n`;
  const file = join(directory, FILE);
  const draft = `${file}.new`;
  const descriptor = openSync(draft, 'w', 0o644);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
  syncFolder(directory);
}

/** Makes a file's new name durable; Windows has no such thing and needs none. */
function syncFolder(directory: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
