import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '../../../core/json.js';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import { parseInstant } from '../../../core/time.js';
import { RecordingError } from '../errors.js';
import type { RawPart } from '../raw/raw-file.js';
import { howToRecover, MARK, readMark, recoverCommand } from './unfinished.js';

export const SESSION_FORMAT = 'reprise-session';
export const SESSION_FORMAT_VERSION = 1;

/** The parts of a session folder. Outcomes are absent for a bare recording. */
export const PARTS = {
  meta: 'session.json',
  market: 'market.arrow',
  inputs: 'inputs.ndjson',
  outcomes: 'outcomes.ndjson',
} as const;

/** A file that a session was made from. */
export interface SessionSource {
  /** Its name without folders. */
  readonly file: string;
  readonly sha256?: string;
  readonly lines: number;
  /** What was done to its content beyond reading it, in sentences: binary noise rounded away, sides that it does not tell. */
  readonly notes?: readonly string[];
}

export interface SessionCounts {
  /** Venue messages that became inputs: snapshots, updates (empty and dropped ones too), trades, interruptions. */
  readonly messages: number;
  /** Lines of the sources that became no input, tickers for instance. */
  readonly ignored: number;
  /** All inputs, commands and ticks included. */
  readonly inputs: number;
  readonly outcomes: number;
  /** Rows of `market.arrow`. */
  readonly rows: number;
}

/** `session.json`: what is in the folder and how to see that it is whole. */
export interface SessionMeta {
  readonly format: typeof SESSION_FORMAT;
  readonly formatVersion: typeof SESSION_FORMAT_VERSION;
  readonly name?: string;
  readonly engineVersion: string;
  /** ISO 8601 with `Z`: receive times of the first and the last line, ignored lines included. */
  readonly from: string;
  readonly to: string;
  /** Settings and seed of the run that wrote it; null for a bare recording. */
  readonly settings: Json;
  readonly seed: Json;
  readonly instruments: readonly InstrumentDefinition[];
  readonly counts: SessionCounts;
  /** Breaks of a book's sequence: `FeedInterrupted` with reason `gap`. */
  readonly gaps: number;
  readonly complete: true;
  /** SHA-256 of each part: for the journey. */
  readonly fileHashes: Readonly<Record<string, string>>;
  readonly hashes: { readonly market: string; readonly inputs: string; readonly outcomes: string | null };
  /** What equality of two sessions means. */
  readonly contentHash: string;
  readonly sources: readonly SessionSource[];
  /** Raw frames that lie beside the session (docs/recordings.md). They are no part of it: it is whole without them. */
  readonly raw?: readonly RawPart[];
}

/** Reads and checks `session.json`. @throws {RecordingError} */
export async function readMeta(directory: string): Promise<SessionMeta> {
  const path = join(directory, PARTS.meta);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const absent =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' || (cause as NodeJS.ErrnoException).code === 'ENOTDIR';
    throw absent
      ? new RecordingError(
          'not_found',
          directory,
          `is no captured session: it has no ${PARTS.meta}`,
          (await unfinished(directory)) ??
            'name a folder that `reprise import`, `generate`, `record`, `export` or `replay --out` made',
          { cause },
        )
      : new RecordingError('unreadable', path, 'cannot be read', 'check the permissions and the disk', { cause });
  }
  let meta: unknown;
  try {
    meta = JSON.parse(text);
  } catch (cause) {
    throw new RecordingError('damaged', path, 'is no JSON', 'take the session from its origin again', { cause });
  }
  return checkMeta(path, meta);
}

/** What to do where a recorder left the session unfinished, here or beside here. */
async function unfinished(directory: string): Promise<string | undefined> {
  const mark = await readMark(directory);
  if (mark === undefined) return howToRecover(directory);
  return `it holds a ${MARK}: ${recoverCommand(directory, mark.name)}`;
}

function checkMeta(path: string, value: unknown): SessionMeta {
  const meta = value as Partial<Record<keyof SessionMeta, unknown>> | null;
  if (typeof meta !== 'object' || meta === null || meta.format !== SESSION_FORMAT)
    throw new RecordingError(
      'foreign',
      path,
      `does not say "format": "${SESSION_FORMAT}"`,
      'name the folder of a captured session',
    );
  if (meta.formatVersion !== SESSION_FORMAT_VERSION)
    throw new RecordingError(
      'unknown_version',
      path,
      `has format version ${JSON.stringify(meta.formatVersion)}, and this build reads version ${SESSION_FORMAT_VERSION}`,
      'use the build that wrote it, or a newer one',
    );
  const lacking = LOOKS.find(([key, looksRight]) => !looksRight(meta[key]));
  if (lacking !== undefined)
    throw new RecordingError(
      'damaged',
      path,
      `has no usable "${lacking[0]}"`,
      'take the session from its origin again',
    );
  return meta as unknown as SessionMeta;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isInstant = (value: unknown): boolean => typeof value === 'string' && parseInstant(value) !== undefined;
const LOOKS: readonly (readonly [keyof SessionMeta, (value: unknown) => boolean])[] = [
  ['complete', (value) => value === true],
  ['engineVersion', (value) => typeof value === 'string'],
  ['from', isInstant],
  ['to', isInstant],
  ['instruments', Array.isArray],
  ['counts', isObject],
  ['fileHashes', isObject],
  ['hashes', isObject],
  ['contentHash', (value) => typeof value === 'string'],
];
