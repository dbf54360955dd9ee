import { encodeNumber, readNumber } from './entry.js';
import type { Change, Tables } from './store.js';

/*
 * Small facts beside the events. Chunks are numbered once and for ever: the number of the next one is noted when the last
 * ones are dropped, so that a position never comes to mean another event.
 */
const NEXT = 'next chunk';
const DROPPING = 'dropping ';
const BEHIND_DROPPING = 'dropping!'; // the character behind the blank

/** The number that the next chunk gets. */
export function nextChunk(tables: Tables): number {
  const record = tables.notes.get(NEXT);
  const noted = record === undefined ? 0 : (readNumber(record, NEXT) ?? 0);
  for (const key of tables.chunks.keys({ reverse: true, limit: 1 })) return Math.max(noted, key + 1);
  return noted;
}

export const noteNextChunk = (next: number): Change => ({
  table: 'notes',
  key: NEXT,
  value: encodeNumber(NEXT, next),
});

/** Streams that have lost their name and lose their events piece by piece, by id. */
export function droppingStreams(tables: Tables): ReadonlySet<number> {
  const ids = new Set<number>();
  for (const key of tables.notes.keys({ start: DROPPING, end: BEHIND_DROPPING }))
    ids.add(Number(key.slice(DROPPING.length)));
  return ids;
}

export const noteDropping = (id: number): Change => {
  const key = `${DROPPING}${id}`;
  return { table: 'notes', key, value: encodeNumber(key, id) };
};

export const forgetDropping = (id: number): Change => ({ table: 'notes', key: `${DROPPING}${id}` });
