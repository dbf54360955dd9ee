import { indexFailure } from './damage.js';
import { readEntry, readNumbers, type IndexEntry } from './entry.js';
import type { Tables } from './store.js';

/** Where a stream stands. */
export interface StreamHead {
  /** The number of its first chunk; a stream that is dropped and begun again has another. */
  readonly id: number;
  readonly lastRevision: number;
  /** Bytes of its events as JSON. */
  readonly bytes: number;
}

/** @throws {LogFailure} `damaged` when the records that tell it are */
export function readStreamHead(tables: Tables, stream: string): StreamHead | undefined {
  const record = tables.names.get(stream);
  if (record === undefined) return undefined;
  const id = readNumbers(record, stream)?.[0];
  const entry = id === undefined ? undefined : lastEntry(tables, stream, id);
  if (id === undefined || entry === undefined) throw indexFailure(stream);
  return { id, lastRevision: entry.firstRevision + entry.count - 1, bytes: entry.bytes };
}

/** The index entry that holds `revision`, or the last one before it. */
export function entryAt(tables: Tables, stream: string, id: number, revision: number): IndexEntry | undefined {
  for (const { key, value } of tables.index.range({ start: [id, revision], end: [id, -1], reverse: true, limit: 1 }))
    return checkedEntry(stream, value, key);
  return undefined;
}

/** @throws {LogFailure} `damaged` when the record is not what was written under this key */
export function checkedEntry(stream: string, value: Buffer, key: readonly [number, number]): IndexEntry {
  const entry = readEntry(value, key);
  if (entry === undefined) throw indexFailure(stream, key[1]);
  return entry;
}

const lastEntry = (tables: Tables, stream: string, id: number): IndexEntry | undefined =>
  entryAt(tables, stream, id, Number.MAX_SAFE_INTEGER);
