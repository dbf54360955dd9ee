import { setImmediate as turn } from 'node:timers/promises';
import type { LogFailure } from '../../../core/ports.js';
import { ChunkDamage, readEvents, readHead } from './chunk.js';
import { chunkFailure, indexFailure, lostFailure } from './damage.js';
import { readEntry, readNumber } from './entry.js';
import { droppingStreams } from './notes.js';
import type { Store, Table, Tables } from './store.js';

/** What a walk over the whole log finds: every damage as it is met, and what was counted at the end. */
export type CheckItem =
  | { readonly kind: 'damage'; readonly failure: LogFailure }
  | {
      readonly kind: 'counts';
      readonly streams: number;
      readonly chunks: number;
      readonly events: number;
      /** Of events as JSON. */
      readonly bytes: number;
      readonly damages: number;
    };

/** Records looked at between two turns of the event loop. */
const AT_ONCE = 100;

/**
 * Reads every byte that the log has stored and holds names, index and chunks against each other: nothing may be other
 * than written, lost, or twice. Goes on behind each damage.
 */
export async function* checkStore(store: Store, guard: () => void): AsyncGenerator<CheckItem, void, undefined> {
  guard();
  store.refresh();
  const tables = store.snapshot();
  try {
    yield* checkTables(tables, guard);
  } finally {
    tables.done();
  }
}

async function* checkTables(tables: Tables, guard: () => void): AsyncGenerator<CheckItem, void, undefined> {
  const streams = new Map<number, string>();
  let damages = 0;
  const damage = (failure: LogFailure): CheckItem => {
    damages += 1;
    return { kind: 'damage', failure };
  };

  for await (const { key, value } of records(tables.names, guard)) {
    const id = readNumber(value, key);
    if (id === undefined) yield damage(indexFailure(key));
    else streams.set(id, key);
  }

  const chunksOf = new Map<number, number>(); // how many chunks the index knows of each stream
  const revisions = new Map<number, number>(); // the next revision of each stream
  const dropping = droppingStreams(tables);
  for await (const { key, value } of records(tables.index, guard)) {
    const entry = readEntry(value, key);
    const stream = streams.get(key[0]);
    if (dropping.has(key[0])) continue;
    if (entry === undefined || stream === undefined) {
      yield damage(indexFailure(stream, key[1]));
      continue;
    }
    const expected = revisions.get(entry.streamId) ?? 0;
    if (entry.firstRevision !== expected) yield damage(lostFailure(stream, expected));
    if (!has(tables, entry.chunk)) yield damage(lostFailure(stream, entry.firstRevision, entry.firstSeq));
    revisions.set(entry.streamId, entry.firstRevision + entry.count);
    chunksOf.set(entry.streamId, (chunksOf.get(entry.streamId) ?? 0) + 1);
  }

  let chunks = 0;
  let events = 0;
  let bytes = 0;
  for await (const { key, value } of records(tables.chunks, guard)) {
    try {
      const head = readHead(value, key);
      if (dropping.has(head.streamId)) continue;
      readEvents(value, head);
      const record = tables.index.get([head.streamId, head.firstRevision]);
      const entry = record === undefined ? undefined : readEntry(record, [head.streamId, head.firstRevision]);
      if (entry?.chunk !== key || entry.count !== head.count)
        yield damage(indexFailure(head.stream, head.firstRevision));
      chunks += 1;
      events += head.count;
      bytes += value.length;
    } catch (error) {
      if (!(error instanceof ChunkDamage)) throw error;
      yield damage(chunkFailure(tables, error, key));
    }
  }
  for (const [id, stream] of streams) if (!chunksOf.has(id)) yield damage(lostFailure(stream, 0));
  yield { kind: 'counts', streams: streams.size, chunks, events, bytes, damages };
}

/** Record by record as they stand in the file, so that a wrong key leads nowhere else; others have their turn between. */
async function* records<Key>(
  table: Table<Key>,
  guard: () => void,
): AsyncGenerator<{ readonly key: Key; readonly value: Buffer }, void, undefined> {
  let seen = 0;
  for (const record of table.range({})) {
    yield record;
    if (++seen % AT_ONCE !== 0) continue;
    await turn();
    guard();
  }
}

function has(tables: Tables, chunk: number): boolean {
  for (const key of tables.chunks.keys({ start: chunk, limit: 1 })) return key === chunk;
  return false;
}
