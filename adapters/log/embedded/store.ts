import { ABORT, open, type Database, type Key as LmdbKey, type Transaction } from 'lmdb';
import { pageFailure } from './damage.js';

/**
 * What the log needs of a store of sorted keys: four tables, a commit that is durable before it is readable, reading in
 * order. LMDB fills it; a test puts a failing one in its place.
 */
export interface Store extends Tables {
  /** All changes or none; resolved means on disk. Readers see nothing of it before that. */
  commit(changes: readonly Change[]): Promise<void>;
  /** Lets the next read see what another process has committed. */
  refresh(): void;
  /** The tables as they are now, whatever is written later. Freed space is not used again before `done`. */
  snapshot(): Tables & { done(): void };
  /** Begins a transaction as a writer does, and gives it up: what only a writer reads is read. */
  rehearse(): void;
  close(): Promise<void>;
}

export interface Tables {
  /** By the number of the chunk. */
  readonly chunks: Table<number>;
  /** By stream id and first revision. */
  readonly index: Table<readonly [streamId: number, firstRevision: number]>;
  /** By the stream's name: its id. */
  readonly names: Table<string>;
  /** Counters, the log's identity, and streams that are being dropped. */
  readonly notes: Table<string>;
}

export interface Table<Key> {
  /** The bytes are the caller's. */
  get(key: Key): Buffer | undefined;
  range(options: Range<Key>): Iterable<{ readonly key: Key; readonly value: Buffer }>;
  keys(options: Range<Key>): Iterable<Key>;
}

export interface Range<Key> {
  /** Inclusive; with `reverse` the upper end. */
  readonly start?: Key;
  /** Exclusive; with `reverse` the lower end. */
  readonly end?: Key;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** A put, or a removal where `value` is absent. */
export type Change =
  | { readonly table: 'chunks'; readonly key: number; readonly value?: Buffer }
  | { readonly table: 'index'; readonly key: readonly [number, number]; readonly value?: Buffer }
  | { readonly table: 'names' | 'notes'; readonly key: string; readonly value?: Buffer };

/** Opens LMDB in a folder. Look at the data file first: LMDB trusts it blindly. */
export function openLmdb(directory: string, readOnly: boolean): Store {
  const environment = open(directory, {
    encoding: 'binary',
    maxDbs: 4,
    noSubdir: false,
    readOnly,
    // Each commit waits for the disk before readers and the writer hear of it. The library's default shows a commit
    // first and syncs behind it.
    overlappingSync: false,
    // One commit is one `batch` of ours; without this the library opens batches of its own around it, whose failures
    // nobody can catch.
    eventTurnBatching: false,
  });
  const table = (name: keyof Tables): Database<Buffer> => {
    const database = environment.openDB<Buffer>(name, { encoding: 'binary' }) as Database<Buffer> | undefined;
    if (database === undefined) throw Object.assign(new Error(`it has no table ${name}`), { code: -30793 });
    return database;
  };
  const tables = { chunks: table('chunks'), index: table('index'), names: table('names'), notes: table('notes') };
  const view = (transaction?: Transaction): Tables => ({
    chunks: reading(tables.chunks, transaction),
    index: reading(tables.index, transaction),
    names: reading(tables.names, transaction),
    notes: reading(tables.notes, transaction),
  });
  return {
    ...view(),
    async commit(changes) {
      try {
        await environment.batch(() => {
          for (const { table, key, value } of changes)
            if (value === undefined) void tables[table].remove(key as LmdbKey);
            else void tables[table].put(key as LmdbKey, value);
        });
      } catch (error) {
        throw await reasonOf(error);
      }
    },
    refresh: () => environment.resetReadTxn(),
    snapshot() {
      const transaction = environment.useReadTransaction();
      return { ...view(transaction), done: () => transaction.done() };
    },
    rehearse: () =>
      environment.transactionSync(() => {
        void tables.notes.put('rehearsal', Buffer.alloc(64));
        return ABORT;
      }),
    close: () => environment.close(),
  };
}

function reading<Key>(database: Database<Buffer>, transaction: Transaction | undefined): Table<Key> {
  const within = transaction === undefined ? {} : { transaction };
  return {
    get: (key) => readable(() => database.get(key as LmdbKey, within)),
    *range(options) {
      const found = readable(() => database.getRange({ ...options, ...within } as object)[Symbol.iterator]());
      yield* iterate(found as Iterator<{ key: Key; value: Buffer }>);
    },
    *keys(options) {
      const found = readable(() => database.getKeys({ ...options, ...within } as object)[Symbol.iterator]());
      yield* iterate(found as Iterator<Key>);
    },
  };
}

function* iterate<Item>(found: Iterator<Item>): Generator<Item, void, undefined> {
  let ended = false;
  try {
    for (;;) {
      const step = readable(() => found.next());
      ended = step.done === true;
      if (step.done === true) return;
      yield step.value;
    }
  } finally {
    if (!ended) found.return?.(); // closes the cursor
  }
}

/** What LMDB throws while reading, it throws over pages that it did not write so. */
function readable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw pageFailure(error);
  }
}

/** The library rejects with "commit failed" and hides the reason behind another promise. */
async function reasonOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { readonly commitError?: Promise<never> };
  if (commitError === undefined) return error;
  return commitError.then(
    () => error,
    (reason: unknown) => reason,
  );
}
