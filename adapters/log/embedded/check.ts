import { setImmediate as turn } from 'node:timers/promises';
import { LogFailure } from '../../../core/ports.js';
import { checkEvents, ChunkDamage, readHead } from './chunk.js';
import { chunkFailure, indexFailure, lostFailure, tailFailure } from './damage.js';
import { readEntry, readNumbers } from './entry.js';
import { droppingStreams, readTail } from './notes.js';
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
  const walk = new Walk(tables, guard);
  let damages = 0;
  try {
    for (const part of [walk.names(), walk.index(), walk.chunks(), walk.tail()])
      for await (const failure of untilUnreadable(part)) {
        damages += 1;
        yield { kind: 'damage', failure };
      }
  } finally {
    tables.done();
  }
  yield { kind: 'counts', ...walk.counts(), damages };
}

interface Walked {
  readonly name: string;
  nextRevision: number;
  bytes: number;
}

class Walk {
  readonly #streams = new Map<number, Walked>();
  #dropping: ReadonlySet<number> = new Set();
  #chunks = 0;
  #events = 0;
  #last = -1;

  constructor(
    private readonly tables: Tables,
    private readonly guard: () => void,
  ) {}

  counts(): { readonly streams: number; readonly chunks: number; readonly events: number; readonly bytes: number } {
    let bytes = 0;
    for (const stream of this.#streams.values()) bytes += stream.bytes;
    return { streams: this.#streams.size, chunks: this.#chunks, events: this.#events, bytes };
  }

  async *names(): AsyncGenerator<LogFailure, void, undefined> {
    this.#dropping = droppingStreams(this.tables);
    for await (const { key, value } of records(this.tables.names, this.guard)) {
      const id = readNumbers(value, key)?.[0];
      if (id === undefined) yield indexFailure(key);
      else this.#streams.set(id, { name: key, nextRevision: 0, bytes: 0 });
    }
  }

  async *index(): AsyncGenerator<LogFailure, void, undefined> {
    for await (const { key, value } of records(this.tables.index, this.guard)) {
      if (this.#dropping.has(key[0])) continue;
      const entry = readEntry(value, key);
      const stream = this.#streams.get(key[0]);
      if (entry === undefined || stream === undefined) {
        yield indexFailure(stream?.name, key[1]);
        continue;
      }
      if (entry.firstRevision !== stream.nextRevision) yield lostFailure(stream.name, stream.nextRevision);
      if (!has(this.tables, entry.chunk)) yield lostFailure(stream.name, entry.firstRevision, entry.firstSeq);
      stream.nextRevision = entry.firstRevision + entry.count;
      stream.bytes = entry.bytes;
    }
    for (const { name, nextRevision } of this.#streams.values()) if (nextRevision === 0) yield lostFailure(name, 0);
  }

  async *chunks(): AsyncGenerator<LogFailure, void, undefined> {
    for await (const { key, value } of records(this.tables.chunks, this.guard)) {
      this.#chunks += 1;
      this.#last = key;
      try {
        const head = readHead(value, key);
        if (this.#dropping.has(head.streamId)) continue;
        checkEvents(value, head);
        this.#events += head.count;
        const place = [head.streamId, head.firstRevision] as const;
        const record = this.tables.index.get(place);
        const entry = record === undefined ? undefined : readEntry(record, place);
        if (entry?.chunk !== key || entry.count !== head.count) yield indexFailure(head.stream, head.firstRevision);
      } catch (error) {
        if (!(error instanceof ChunkDamage)) throw error;
        yield chunkFailure(this.tables, error, key);
      }
    }
  }

  async *tail(): AsyncGenerator<LogFailure, void, undefined> {
    const { last, live } = await Promise.resolve(readTail(this.tables));
    if (live !== this.#chunks) yield tailFailure(`it has ${live} chunks, and ${this.#chunks} are found`);
    else if (last !== this.#last) yield tailFailure(`its last chunk is ${last}, and ${this.#last} is found`);
  }
}

/** A page that LMDB cannot read ends that part of the walk, not the walk. */
async function* untilUnreadable(part: AsyncIterable<LogFailure>): AsyncGenerator<LogFailure, void, undefined> {
  try {
    yield* part;
  } catch (error) {
    if (error instanceof LogFailure && error.code === 'damaged') yield error;
    else throw error;
  }
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
