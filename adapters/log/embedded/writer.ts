import { LogFailure, type LogEvent, type StreamAppend } from '../../../core/ports.js';
import type { OwnChanges } from '../changes.js';
import { canonicalEvent } from '../event-id.js';
import { checkStreamName } from '../expectation.js';
import { ChunkDamage, readEvents, readHead } from './chunk.js';
import { chunkFailure } from './damage.js';
import { textsOf } from './event-text.js';
import { logFailure } from './failure.js';
import { Group, type Part, type Stored } from './group.js';
import { checkedEntry, entryAt, readStreamHead, type StreamHead } from './heads.js';
import { droppingStreams, forgetDropping, noteDropping, noteTail, readTail, type Tail } from './notes.js';
import type { Change, Store } from './store.js';

/** Bytes of text that become durable in one transaction, roughly: what waits longer goes into the next. */
const LARGEST_COMMIT = 8 * 1024 * 1024;
/** Chunks taken away in one transaction, so that appends get their turn between. */
const DROPPED_AT_ONCE = 1_000;
/** Heads of streams that are kept at hand. */
const REMEMBERED_HEADS = 20_000;

/**
 * The one hand that writes. Transactions follow one another; appends that come while one is on its way to the disk go
 * into the next together. After a failed commit it writes nothing more: what the disk holds is known again only after
 * the log has been opened anew.
 */
export class Writer {
  #tail: Tail;
  #failure: LogFailure | undefined;
  #running: Promise<void> | undefined;
  readonly #tasks: Task[] = [];
  readonly #heads = new Map<string, StreamHead | undefined>();

  constructor(
    private readonly store: Store,
    private readonly directory: string,
    private readonly changes: OwnChanges,
  ) {
    this.#tail = readTail(store);
  }

  get failure(): LogFailure | undefined {
    return this.#failure;
  }

  append(batch: readonly StreamAppend[]): Promise<void> {
    const parts = batch.map((append) => {
      checkStreamName(append.stream);
      return { append, texts: textsOf(append.events) };
    });
    return new Promise((resolve, reject) => this.#enqueue({ parts, resolve, reject }));
  }

  /** Takes the names away at once and the events piece by piece; a crash in between is made good at the next opening. */
  async drop(streams: readonly string[]): Promise<void> {
    const ids: number[] = [];
    await this.#change(() => {
      const changes: Change[] = [];
      for (const stream of new Set(streams)) {
        const head = this.#head(stream);
        if (head === undefined) continue;
        ids.push(head.id);
        changes.push({ table: 'names', key: stream }, noteDropping(head.id));
        this.#heads.delete(stream);
      }
      return changes;
    });
    for (const id of ids) await this.#sweep(id);
  }

  /** Ends what a crash left half dropped. */
  async finishDrops(): Promise<void> {
    for (const id of droppingStreams(this.store)) await this.#sweep(id);
  }

  /** Resolves when everything handed over is settled. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #sweep(id: number): Promise<void> {
    while (await this.#dropSome(id));
  }

  /** @returns whether there was something left */
  async #dropSome(id: number): Promise<boolean> {
    const gone = new Set<number>();
    await this.#change(() => {
      const changes: Change[] = [];
      const range = { start: [id, -1] as const, end: [id + 1, -1] as const, limit: DROPPED_AT_ONCE };
      for (const { key, value } of this.store.index.range(range)) {
        const { chunk } = checkedEntry(`number ${id}, dropped`, value, key);
        changes.push({ table: 'index', key }, { table: 'chunks', key: chunk });
        gone.add(chunk);
      }
      if (gone.size === 0) return [forgetDropping(id)];
      const { next, live, drops } = this.#tail;
      this.#tail = { next, last: this.#lastBeside(gone), live: live - gone.size, drops: drops + 1 };
      return [...changes, noteTail(this.#tail)];
    });
    return gone.size > 0;
  }

  #lastBeside(gone: ReadonlySet<number>): number {
    if (!gone.has(this.#tail.last)) return this.#tail.last;
    for (const key of this.store.chunks.keys({ reverse: true })) if (!gone.has(key)) return key;
    return -1;
  }

  #change(make: () => readonly Change[]): Promise<void> {
    return new Promise((resolve, reject) => this.#enqueue({ make, resolve, reject }));
  }

  #enqueue(task: Task): void {
    if (this.#failure !== undefined) {
      task.reject(this.#failure);
      return;
    }
    this.#tasks.push(task);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // whatever is appended in this same turn goes into one transaction
    try {
      while (this.#tasks.length > 0) {
        const settle = this.#failure === undefined ? await this.#step() : this.#refuseAll();
        for (const done of settle) done();
      }
    } finally {
      this.#running = undefined; // in the same turn as the last look: a task that comes now starts a run of its own
    }
  }

  /** One transaction; returns how its tasks are answered. */
  async #step(): Promise<readonly (() => void)[]> {
    const first = this.#tasks[0]!;
    if ('make' in first) {
      this.#tasks.shift();
      return this.#attempt(first, () => this.#commit(first.make()));
    }
    const group = new Group(this.#stored, this.#tail.next);
    const settle: (() => void)[] = [];
    let taken = 0;
    for (const task of this.#tasks) {
      if ('make' in task || group.bytes >= LARGEST_COMMIT) break;
      try {
        if (!group.take(task.parts)) break;
        settle.push(task.resolve);
      } catch (error) {
        settle.push(() => task.reject(error));
      }
      taken += 1;
    }
    const tasks = this.#tasks.splice(0, taken);
    const changes = group.finish();
    const { live, drops } = this.#tail;
    const tail = { next: group.next, last: group.next - 1, live: live + group.next - this.#tail.next, drops };
    try {
      if (changes.length > 0) await this.#commit([...changes, noteTail(tail)]);
    } catch (error) {
      return tasks.map((task) => () => task.reject(error));
    }
    if (changes.length > 0) this.#tail = tail;
    if (this.#heads.size > REMEMBERED_HEADS) this.#heads.clear();
    for (const [stream, head] of group.heads) this.#heads.set(stream, head);
    if (group.heads.size > 0) this.changes.announce();
    return settle;
  }

  async #attempt(task: Task, commit: () => Promise<void>): Promise<readonly (() => void)[]> {
    try {
      await commit();
      return [task.resolve];
    } catch (error) {
      return [() => task.reject(error)];
    }
  }

  async #commit(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    try {
      await this.store.commit(changes);
    } catch (error) {
      this.#failure = logFailure(error, this.directory);
      this.changes.fail(this.#failure);
      throw this.#failure;
    }
  }

  #refuseAll(): readonly (() => void)[] {
    return this.#tasks.splice(0).map((task) => () => task.reject(this.#failure));
  }

  #head(stream: string): StreamHead | undefined {
    if (!this.#heads.has(stream)) this.#heads.set(stream, readStreamHead(this.store, stream));
    return this.#heads.get(stream);
  }

  readonly #stored: Stored = {
    head: (stream) => this.#head(stream),
    holds: ({ append: { stream }, texts }, revision) => {
      const handed = JSON.parse(`[${texts.bytes.toString()}]`) as LogEvent[];
      const standing = this.#events(stream, revision);
      return handed.every((event) => {
        const stored = standing.next().value;
        return stored !== undefined && canonicalEvent(stored) === canonicalEvent(event);
      });
    },
  };

  *#events(stream: string, revision: number): Generator<LogEvent, undefined, undefined> {
    const id = this.#head(stream)?.id;
    for (let from = revision; id !== undefined;) {
      const entry = entryAt(this.store, stream, id, from);
      const value = entry === undefined ? undefined : this.store.chunks.get(entry.chunk);
      if (entry === undefined || value === undefined) return undefined;
      yield* eventsOf(this.store, value, entry.chunk).slice(from - entry.firstRevision);
      from = entry.firstRevision + entry.count;
    }
    return undefined;
  }
}

type Task = { readonly resolve: () => void; readonly reject: (error: unknown) => void } & (
  { readonly parts: readonly Part[] } | { readonly make: () => readonly Change[] }
);

function eventsOf(store: Store, value: Buffer, chunk: number): readonly LogEvent[] {
  try {
    return readEvents(value, readHead(value, chunk));
  } catch (error) {
    throw error instanceof ChunkDamage ? chunkFailure(store, error, chunk) : error;
  }
}
