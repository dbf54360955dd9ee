import { LogFailure, WrongExpectedRevision, type LogEvent, type StreamAppend } from '../../../core/ports.js';
import { canonicalEvent, eventId } from '../event-id.js';
import { placeOf, wrongRevision } from '../expectation.js';
import { eventOf, keptEvent, LARGEST_APPEND, type KeptEvent } from './body.js';
import { NodeRefusal, type PatientNode } from './node.js';

/** An append that was asked for and has not begun. */
interface Job {
  readonly parts: readonly Part[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}
interface Part extends StreamAppend {
  readonly kept: readonly KeptEvent[];
}
/** What goes to the node in one append: whole or not at all. */
interface Piece {
  readonly stream: string;
  readonly first: number;
  readonly expected: StreamAppend['expected'];
  readonly events: LogEvent[];
  bytes: number;
}

const IN_FLIGHT = 32;
const PAGE = 500;
const MOST_WAITING = 20_000;
const MOST_WAITING_BYTES = 64 * 1_048_576;
const KNOWN_HEADS = 20_000;
const TRIES = 10;

/**
 * Appends in the order in which they were asked for, with several under way: never two for one stream, and the first on
 * a fresh connection alone, because the client sends the first of a burst last. Every append names the revision that it
 * expects, also where the writer leaves it open; so a repeat after a lost answer is known to the node as one.
 */
export class Appends {
  readonly #queue: Job[] = [];
  #waitingBytes = 0;
  #running = false;
  #closed = false;
  /** Revision of the last event, -1 for none, of streams that were written to. */
  readonly #heads = new Map<string, number>();
  readonly #busy = new Map<string, Promise<void>>();
  #warmSince: number | undefined;

  constructor(
    private readonly node: PatientNode,
    private readonly wireName: (stream: string) => string,
    /** @throws when nothing may be appended to this stream */
    private readonly check: (stream: string) => void,
  ) {}

  append(batch: readonly StreamAppend[]): Promise<void> {
    const parts = batch.map((part) => ({ ...part, kept: part.events.map((event) => keptEvent(part.stream, event)) }));
    const bytes = parts.reduce((sum, { kept }) => kept.reduce((all, one) => all + one.bytes, sum), 0);
    if (
      this.#queue.length > 0 &&
      (this.#queue.length >= MOST_WAITING || this.#waitingBytes + bytes > MOST_WAITING_BYTES)
    )
      throw new LogFailure('unavailable', 'the store is slower than its writers: too much is waiting to be appended');
    return new Promise((resolve, reject) => {
      this.#queue.push({ parts, bytes, resolve, reject });
      this.#waitingBytes += bytes;
      void this.#run();
    });
  }

  forget(stream: string): void {
    this.#heads.delete(stream);
  }

  /** Refuses what has not begun, and waits for what has. */
  async close(): Promise<void> {
    this.#closed = true;
    const failure = new LogFailure('unavailable', 'the log was closed before this was appended');
    for (const { reject } of this.#queue.splice(0)) reject(failure);
    await Promise.all(this.#busy.values());
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) {
      this.#waitingBytes -= job.bytes;
      try {
        await this.#begin(job);
      } catch (error) {
        job.reject(error as Error);
      }
    }
    this.#running = false;
  }

  /** Resolves when all of it is on its way; the job itself is answered when all of it is there. */
  async #begin({ parts, resolve, reject }: Job): Promise<void> {
    for (const { stream } of parts) await this.#busy.get(stream);
    const pieces = await this.#plan(parts).catch((error: unknown) => {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      for (const { stream } of parts) this.forget(stream); // another writer may have moved it: look, then judge
      return this.#plan(parts);
    });
    const sent: Promise<void>[] = [];
    const broken = { off: false }; // what comes behind a piece that failed must not be stored without it
    for (const piece of pieces) {
      await this.#busy.get(piece.stream);
      if (this.#busy.size >= IN_FLIGHT) await Promise.race(this.#busy.values());
      if (this.#closed) throw new LogFailure('unavailable', 'the log was closed before this was appended');
      if (broken.off) break;
      const sending = this.#send(piece);
      sent.push(sending);
      const settled = sending
        .catch(() => {
          broken.off = true;
        })
        .then(() => {
          this.#busy.delete(piece.stream);
        });
      this.#busy.set(piece.stream, settled);
      if (this.#warmSince !== this.node.breaks) await settled;
    }
    void Promise.allSettled(sent).then((results) => {
      const failed = results.find((result) => result.status === 'rejected');
      if (failed === undefined) resolve();
      else reject(failed.reason as Error);
    });
  }

  /** Holds every part against what its stream is, so that an append that cannot be is refused before any of it is sent. */
  async #plan(parts: readonly Part[]): Promise<readonly Piece[]> {
    for (const { stream } of parts) this.check(stream);
    const streams = [...new Set(parts.map(({ stream }) => stream))];
    await Promise.all(streams.map((stream) => this.#head(stream)));
    const staged = new Map<string, LogEvent[]>();
    const pieces: Piece[] = [];
    for (const part of parts) {
      const { stream, kept } = part;
      const here = staged.get(stream) ?? [];
      staged.set(stream, here);
      const stored = (await this.#head(stream)) + 1;
      const length = stored + here.length;
      const actual = length === 0 ? undefined : length - 1;
      const place = placeOf(part, actual);
      if (place.mayBeRepeat) {
        const standing = await this.#standing(stream, place.revision, Math.min(part.events.length, stored));
        const all = [...standing, ...here.slice(Math.max(place.revision - stored, 0))];
        if (!kept.every(({ event }, i) => all[i] !== undefined && isSame(all[i], event)))
          throw wrongRevision(stream, part.expected, actual);
        continue;
      }
      for (const { event, bytes } of kept) {
        const last = pieces.at(-1);
        if (last?.stream === stream && last.bytes + bytes <= LARGEST_APPEND) {
          last.events.push(event);
          last.bytes += bytes;
        } else pieces.push({ stream, first: stored + here.length, expected: part.expected, events: [event], bytes });
        here.push(event);
      }
    }
    return pieces;
  }

  async #send(piece: Piece): Promise<void> {
    const { stream, events } = piece;
    let { first } = piece;
    const leftOpen = piece.expected === 'any' || piece.expected === 'stream_exists';
    for (let tries = 1; ; tries++) {
      const proposals = events.map((event, i) => ({ id: eventId(stream, first + i, event), event }));
      const expected = first === 0 ? 'no_stream' : first - 1;
      try {
        await this.node.ask(`appending to ${stream}`, (client) =>
          client.append(this.wireName(stream), expected, proposals),
        );
        this.#warmSince = this.node.breaks;
        this.#know(stream, first + events.length - 1);
        return;
      } catch (error) {
        this.forget(stream);
        if (!(error instanceof NodeRefusal)) throw error;
        if (error.kind !== 'conflict')
          throw new LogFailure(
            error.kind === 'denied' ? 'read_only' : 'unavailable',
            `stream ${stream}: the store refused ${events.length} events (${error.kind}: ${error.message})`,
            { stream },
            { cause: error },
          );
        const actual = await this.#head(stream);
        if (!leftOpen || tries === TRIES || (piece.expected === 'stream_exists' && actual < 0))
          throw new WrongExpectedRevision(stream, piece.expected, actual < 0 ? undefined : actual);
        first = actual + 1; // another writer was here, and this one does not mind
      }
    }
  }

  async #standing(stream: string, from: number, count: number): Promise<readonly LogEvent[]> {
    const events: LogEvent[] = [];
    while (events.length < count) {
      const at = from + events.length;
      const page = await this.node.ask(`reading ${stream}`, (client) =>
        client.readStream(this.wireName(stream), at, Math.min(PAGE, count - events.length)),
      );
      if (page === undefined || page.length === 0) break;
      events.push(...page.map(eventOf));
    }
    return events;
  }

  async #head(stream: string): Promise<number> {
    const known = this.#heads.get(stream);
    if (known !== undefined) return known;
    const last = await this.node.ask(`reading the end of ${stream}`, (client) =>
      client.lastOfStream(this.wireName(stream)),
    );
    const revision = last?.revision ?? -1;
    this.#know(stream, revision);
    return revision;
  }

  #know(stream: string, revision: number): void {
    this.#heads.delete(stream);
    this.#heads.set(stream, revision);
    if (this.#heads.size <= KNOWN_HEADS) return;
    const [oldest] = this.#heads.keys();
    this.#heads.delete(oldest!);
  }
}

const isSame = (one: LogEvent, other: LogEvent): boolean => canonicalEvent(one) === canonicalEvent(other);
