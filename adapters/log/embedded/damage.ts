import { LogFailure } from '../../../core/ports.js';
import type { ChunkDamage } from './chunk.js';
import { readEntry, readNumbers } from './entry.js';
import type { Tables } from './store.js';

const MEND = 'list the damage with `reprise log check` and restore the folder from a copy';

/** A place in the log, as far as it is known. */
export interface Place {
  readonly stream?: string;
  readonly revision?: number;
  readonly seq?: number;
}

/** A damaged chunk as a failure of the log, with stream, revision and seq. */
export function chunkFailure(tables: Tables, damage: ChunkDamage, chunk: number): LogFailure {
  const place = placeOf(tables, damage, chunk);
  return new LogFailure('damaged', `${say(place)}: chunk ${chunk} is damaged, ${damage.what}; ${MEND}`, place, {
    cause: damage,
  });
}

/** Events that the log once had and has no more. */
export function lostFailure(stream: string, revision: number, seq = -1): LogFailure {
  const place = { stream, revision, ...(seq < 0 ? {} : { seq }) };
  return new LogFailure('damaged', `${say(place)} is lost; ${MEND}`, place);
}

/** A record of the index or of the names that is not what was written. */
export function indexFailure(stream: string | undefined, revision?: number): LogFailure {
  const place = { ...(stream === undefined ? {} : { stream }), ...(revision === undefined ? {} : { revision }) };
  return new LogFailure('damaged', `${say(place)}: the index is not what was written; ${MEND}`, place);
}

/** LMDB stumbled over a page of its own: those have no checksum. */
export function pageFailure(error: unknown): LogFailure {
  const said = error instanceof Error ? error.message : String(error);
  return new LogFailure('damaged', `the log: a page is not what LMDB wrote (${said}); ${MEND}`, {}, { cause: error });
}

/** Chunks that the log notes to have, and that reading does not find. */
export function tailFailure(what: string): LogFailure {
  return new LogFailure('damaged', `the log: ${what}; ${MEND}`);
}

/** A chunk that cannot name itself any more is looked up in the index: slow, and only ever done for damage. */
function placeOf(tables: Tables, { head, index, seq }: ChunkDamage, chunk: number): Place {
  if (head !== undefined)
    return { stream: head.stream, revision: head.firstRevision + index, ...(seq < 0 ? {} : { seq }) };
  for (const { key, value } of tables.index.range({})) {
    const entry = readEntry(value, key);
    if (entry?.chunk !== chunk) continue;
    const stream = nameOf(tables, entry.streamId);
    return {
      ...(stream === undefined ? {} : { stream }),
      revision: entry.firstRevision,
      ...(entry.firstSeq < 0 ? {} : { seq: entry.firstSeq }),
    };
  }
  return {};
}

function nameOf(tables: Tables, id: number): string | undefined {
  for (const { key, value } of tables.names.range({})) if (readNumbers(value, key)?.[0] === id) return key;
  return undefined;
}

function say({ stream, revision, seq }: Place): string {
  const words = [
    ...(stream === undefined ? [] : [`stream ${stream}`]),
    ...(revision === undefined ? [] : [`revision ${revision}`]),
    ...(seq === undefined ? [] : [`seq ${seq}`]),
  ];
  return words.length === 0 ? 'the log' : words.join(', ');
}
