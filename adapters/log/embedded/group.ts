import { placeOf, wrongRevision } from '../expectation.js';
import type { StreamAppend } from '../../../core/ports.js';
import { encodeChunk, type Piece } from './chunk.js';
import { encodeEntry, encodeNumbers } from './entry.js';
import { SEPARATOR, type EventTexts } from './event-text.js';
import type { StreamHead } from './heads.js';
import type { Change } from './store.js';

/** A chunk is closed before it grows beyond this; an event that is larger stands alone. Bytes of text. */
const LARGEST_CHUNK = 64 * 1024;

/** One stream's part of an append, as text. */
export interface Part {
  readonly append: StreamAppend;
  readonly texts: EventTexts;
}

/** What a group needs to know of the log as it is stored. */
export interface Stored {
  head(stream: string): StreamHead | undefined;
  /** Whether exactly these events stand at that revision and behind it. */
  holds(part: Part, revision: number): boolean;
}

/**
 * Appends that become durable together. Every append is taken whole or refused whole: its streams are looked at first,
 * and nothing is added before all of them agree.
 */
export class Group {
  readonly changes: Change[] = [];
  /** Streams as they will be once this is stored. */
  readonly heads = new Map<string, StreamHead>();
  /** Bytes of text taken. */
  bytes = 0;
  #open: OpenChunk | undefined;

  constructor(
    private readonly stored: Stored,
    /** The number that the next chunk gets. */
    public next: number,
  ) {}

  /**
   * @returns false when it cannot be told yet: it may repeat what this very group stores, so it must wait for the next
   * @throws {WrongExpectedRevision} and then nothing of it was taken
   */
  take(parts: readonly Part[]): boolean {
    const planned = new Map<string, number | undefined>();
    const places: number[] = [];
    for (const part of parts) {
      const { stream, expected, events } = part.append;
      const standing = this.#lastRevision(stream);
      const actual = planned.has(stream) ? planned.get(stream) : standing;
      const { revision, mayBeRepeat } = placeOf(part.append, actual);
      if (!mayBeRepeat) {
        places.push(revision);
        planned.set(stream, events.length === 0 ? actual : revision + events.length - 1);
        continue;
      }
      const settled = this.stored.head(stream)?.lastRevision ?? -1;
      if (revision + events.length - 1 > settled) {
        if (actual !== standing) throw wrongRevision(stream, expected, actual); // it repeats itself
        return false;
      }
      if (!this.stored.holds(part, revision)) throw wrongRevision(stream, expected, actual);
      places.push(-1);
    }
    for (const [i, part] of parts.entries()) if (places[i]! >= 0) this.#add(part, places[i]!);
    return true;
  }

  /** All that is to be stored. */
  finish(): readonly Change[] {
    this.#close();
    return this.changes;
  }

  #lastRevision(stream: string): number | undefined {
    if (this.#open?.stream === stream) return this.#open.firstRevision + this.#open.count - 1;
    return (this.heads.get(stream) ?? this.stored.head(stream))?.lastRevision;
  }

  #add({ append: { stream }, texts }: Part, revision: number): void {
    this.bytes += texts.bytes.length;
    let at = revision;
    for (const piece of cut(texts)) {
      if (this.#open?.stream !== stream || this.#open.bytes + piece.bytes.length > LARGEST_CHUNK) {
        this.#close();
        this.#open = { stream, firstRevision: at, pieces: [], count: 0, bytes: 0 };
      }
      const open = this.#open;
      open.pieces.push(piece);
      open.count += piece.marks.length;
      open.bytes += piece.bytes.length;
      at += piece.marks.length;
    }
  }

  #close(): void {
    if (this.#open === undefined) return;
    const { stream, firstRevision, pieces } = this.#open;
    this.#open = undefined;
    const head = this.heads.get(stream) ?? this.stored.head(stream);
    const chunk = this.next++;
    const streamId = head?.id ?? chunk;
    const { value, count, firstSeq, textBytes } = encodeChunk({ chunk, streamId, stream, firstRevision }, pieces);
    const bytes = (head?.bytes ?? 0) + textBytes;
    this.changes.push(
      { table: 'chunks', key: chunk, value },
      {
        table: 'index',
        key: [streamId, firstRevision],
        value: encodeEntry({ streamId, firstRevision, count, chunk, bytes, firstSeq }),
      },
    );
    if (head === undefined)
      this.changes.push({ table: 'names', key: stream, value: encodeNumbers(stream, [streamId]) });
    this.heads.set(stream, { id: streamId, lastRevision: firstRevision + count - 1, bytes });
  }
}

interface OpenChunk {
  readonly stream: string;
  readonly firstRevision: number;
  readonly pieces: Piece[];
  count: number;
  bytes: number;
}

/** Stretches of at most a chunk's size. */
function* cut(texts: EventTexts): Generator<Piece> {
  if (texts.bytes.length <= LARGEST_CHUNK) {
    if (texts.marks.length > 0) yield texts;
    return;
  }
  let first = 0;
  let start = 0;
  let end = 0; // behind the last event taken
  for (const [i, { length }] of texts.marks.entries()) {
    const begin = i === 0 ? 0 : end + SEPARATOR.length;
    if (i > first && begin + length - start > LARGEST_CHUNK) {
      yield { bytes: texts.bytes.subarray(start, end), marks: texts.marks.slice(first, i) };
      first = i;
      start = begin;
    }
    end = begin + length;
  }
  yield { bytes: texts.bytes.subarray(start, end), marks: texts.marks.slice(first) };
}
