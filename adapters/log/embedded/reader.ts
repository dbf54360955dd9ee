import { setImmediate as turn } from 'node:timers/promises';
import {
  LogFailure,
  type LogEvent,
  type Position,
  type ReadAllOptions,
  type StoredEvent,
} from '../../../core/ports.js';
import type { Stretch } from '../subscription.js';
import { ChunkDamage, readEvents, readHead, type ChunkHead } from './chunk.js';
import { chunkFailure, lostFailure, tailFailure } from './damage.js';
import { checkedEntry, entryAt, readStreamHead } from './heads.js';
import { droppingStreams, readTail } from './notes.js';
import type { Store } from './store.js';

/** Events handed over at once, roughly: enough that reading is not about handing over. */
const BATCH_EVENTS = 1_000;
const BATCH_BYTES = 1_048_576;

/** Behind any event of a chunk. */
const LAST_INDEX = 999_999_999;

/** The first event wanted: a chunk, and an index in it. */
export interface Cursor {
  readonly chunk: number;
  readonly index: number;
}

/**
 * Reads a store. No read of the store stays open between two batches: an open one would keep LMDB from using freed space
 * again, and the writer from being seen.
 */
export class Reader {
  constructor(
    private readonly store: Store,
    /** Throws when the log is closed or has failed. */
    private readonly guard: () => void,
  ) {}

  /** The number of the next chunk: everything stored stands before it. */
  end(): number {
    this.#look();
    return readTail(this.store).next;
  }

  /** A position behind everything that is stored. */
  lastPosition(): Position | undefined {
    const end = this.end();
    return end === 0 ? undefined : `${end - 1}.${LAST_INDEX}`;
  }

  async *readStream(
    stream: string,
    from: number,
    limit: number,
  ): AsyncGenerator<readonly StoredEvent[], void, undefined> {
    this.#look();
    const head = readStreamHead(this.store, stream);
    const last = head === undefined ? -1 : Math.min(head.lastRevision, from + limit - 1);
    for (let next = from; head !== undefined && next <= last;) {
      this.#look();
      const { events, failure } = this.#stretchOf(stream, head.id, next, last);
      if (readStreamHead(this.store, stream)?.id !== head.id) return; // it was dropped meanwhile
      // the last chunk may go on behind what is wanted
      if (events.length > 0) yield next + events.length > last + 1 ? events.slice(0, last + 1 - next) : events;
      next += events.length;
      if (failure !== undefined && next <= last) throw failure;
      await turn();
    }
  }

  /**
   * Everything from a cursor to what was stored when reading began, in the order of appending.
   *
   * @param wanted by the stream's name; its answer is remembered per stream
   */
  async *scan(from: Cursor, wanted: (stream: string) => boolean): AsyncGenerator<Stretch<Cursor>, void, undefined> {
    this.#look();
    const { next: end, live, drops } = readTail(this.store);
    const streams = new Map<number, Followed>();
    let met = 0;
    for (let cursor = from; cursor.chunk < end;) {
      this.#look();
      const { events, next, chunks, failure } = this.#stretchFrom(cursor, end, wanted, streams);
      met += chunks;
      yield { events, next };
      if (failure !== undefined) throw failure;
      cursor = next;
      await turn();
    }
    const isWhole = from.chunk === 0 && this.#dropsNow() === drops;
    if (isWhole && met !== live) throw tailFailure(`it has ${live} chunks, and ${met} are found`);
  }

  #dropsNow(): number {
    this.#look();
    return readTail(this.store).drops;
  }

  /** @throws {LogFailure} `foreign` for a position that this log never gave */
  cursorOf({ from, after }: ReadAllOptions): Cursor {
    const start = from === undefined ? { chunk: 0, index: 0 } : this.#parse(from);
    if (after === undefined) return start;
    const { chunk, index } = this.#parse(after);
    const behind = { chunk, index: index + 1 };
    return start.chunk > behind.chunk || (start.chunk === behind.chunk && start.index > behind.index) ? start : behind;
  }

  #parse(position: Position): Cursor {
    const match = /^(\d{1,15})\.(\d{1,9})$/.exec(position);
    const cursor = match === null ? undefined : { chunk: Number(match[1]), index: Number(match[2]) };
    if (cursor === undefined || cursor.chunk >= this.end())
      throw new LogFailure(
        'foreign',
        `${position} is no position of this log: it comes from another one, or this one was put back from an older copy; read from the start`,
      );
    return cursor;
  }

  #look(): void {
    this.guard();
    this.store.refresh();
  }

  #stretchOf(stream: string, id: number, from: number, last: number): Found {
    const events: StoredEvent[] = [];
    try {
      const first = entryAt(this.store, stream, id, from);
      if (first === undefined) throw lostFailure(stream, from);
      let next = first.firstRevision;
      let bytes = 0;
      for (const { key, value } of this.store.index.range({ start: [id, next], end: [id, last + 1] })) {
        const entry = checkedEntry(stream, value, key);
        if (entry.firstRevision !== next) throw lostFailure(stream, next);
        const of = { stream, id, first: entry.firstRevision, count: entry.count };
        bytes += this.#append(events, entry.chunk, of, from);
        next += entry.count;
        if (events.length >= BATCH_EVENTS || bytes >= BATCH_BYTES) break;
      }
      if (events.length === 0) throw lostFailure(stream, from);
    } catch (error) {
      return { events, failure: failureOf(error) };
    }
    return { events };
  }

  /** @returns  bytes read */
  #append(
    into: StoredEvent[],
    chunk: number,
    of: { readonly stream: string; readonly id: number; readonly first: number; readonly count: number },
    from: number,
  ): number {
    const value = this.store.chunks.get(chunk);
    if (value === undefined) throw lostFailure(of.stream, of.first);
    try {
      const head = readHead(value, chunk);
      if (head.streamId !== of.id || head.firstRevision !== of.first || head.count !== of.count)
        throw new ChunkDamage('it is not the one that the index means', head, 0, head.firstSeq, []);
      add(into, of.stream, head, readEvents(value, head), Math.max(0, from - of.first));
    } catch (error) {
      throw this.#failureAt(error, chunk, into, Math.max(0, from - of.first));
    }
    return value.length;
  }

  #stretchFrom(
    cursor: Cursor,
    end: number,
    wanted: (stream: string) => boolean,
    streams: Map<number, Followed>,
  ): Found & { readonly next: Cursor; readonly chunks: number } {
    const events: StoredEvent[] = [];
    const dropping = droppingStreams(this.store);
    let next = { chunk: end, index: 0 };
    let bytes = 0;
    let chunks = 0;
    let last = cursor.chunk - 1;
    try {
      for (const { key, value } of this.store.chunks.range({ start: cursor.chunk, end })) {
        if (events.length >= BATCH_EVENTS || bytes >= BATCH_BYTES) {
          next = { chunk: key, index: 0 };
          break;
        }
        const skip = key === cursor.chunk ? cursor.index : 0;
        bytes += value.length;
        chunks += 1;
        last = key;
        try {
          const head = readHead(value, key);
          if (dropping.has(head.streamId)) continue;
          const stream = followed(streams, head, wanted);
          if (stream.wanted) add(events, stream.name, head, readEvents(value, head), skip);
        } catch (error) {
          throw this.#failureAt(error, key, events, skip);
        }
      }
      const noted = readTail(this.store).last;
      if (next.chunk === end && noted > last && noted < end) throw tailFailure(`chunk ${noted}, its last one, is lost`);
    } catch (error) {
      return { events, next, chunks, failure: failureOf(error) };
    }
    return { events, next, chunks };
  }

  /** Keeps the sound events before the damage, and says where it is. */
  #failureAt(error: unknown, chunk: number, into: StoredEvent[], from: number): unknown {
    if (!(error instanceof ChunkDamage)) return error;
    if (error.head !== undefined) add(into, error.head.stream, error.head, error.sound, from);
    return chunkFailure(this.store, error, chunk);
  }
}

interface Found {
  readonly events: readonly StoredEvent[];
  /** What stopped the reading behind these events. */
  readonly failure?: Error;
}

interface Followed {
  readonly name: string;
  readonly wanted: boolean;
  nextRevision: number;
}

/** A stream's revisions have no holes: one that is met behind a hole says that a chunk is lost. */
function followed(streams: Map<number, Followed>, head: ChunkHead, wanted: (stream: string) => boolean): Followed {
  const known = streams.get(head.streamId);
  if (known === undefined) {
    const stream = {
      name: head.stream,
      wanted: wanted(head.stream),
      nextRevision: head.firstRevision + head.count,
    };
    streams.set(head.streamId, stream);
    return stream;
  }
  if (known.nextRevision !== head.firstRevision) throw lostFailure(known.name, known.nextRevision);
  known.nextRevision += head.count;
  return known;
}

function add(into: StoredEvent[], stream: string, head: ChunkHead, events: readonly LogEvent[], from: number): void {
  for (let i = from; i < events.length; i++)
    into.push({ stream, revision: head.firstRevision + i, position: `${head.chunk}.${i}`, event: events[i]! });
}

const failureOf = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
