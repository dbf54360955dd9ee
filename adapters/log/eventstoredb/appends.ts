import { LogFailure, WrongExpectedRevision, type StreamAppend } from '../../../core/ports.js';
import { eventId } from '../event-id.js';
import { wrongRevision } from '../expectation.js';
import { keptEvent } from './body.js';
import type { Catalog } from './catalog.js';
import { Heads } from './heads.js';
import { NodeRefusal, type NodePosition, type PatientNode, type Stored } from './node.js';
import { piecesOf, type Part, type Piece } from './pieces.js';
import { isBehind } from './position.js';
import { answered, failureOf } from './refusals.js';

/** An append that was asked for and has not begun. */
interface Job {
  readonly parts: readonly Part[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

const IN_FLIGHT = 32;
const MOST_WAITING = 20_000;
const MOST_WAITING_BYTES = 64 * 1_048_576;
const TRIES = 10;
const START: NodePosition = { commit: -1n, prepare: -1n };

/**
 * Appends in the order in which they were asked for, with several under way: never two for one stream, and the first on
 * a fresh connection alone, because the client sends the first of a burst last. Every append names the revision that it
 * expects, also where the writer leaves it open; so a repeat after a lost answer is known to the node as one.
 */
export class Appends {
  readonly heads: Heads;
  readonly #queue: Job[] = [];
  #waitingBytes = 0;
  #running = false;
  #closed = false;
  readonly #busy = new Map<string, Promise<void>>();
  #warmSince: number | undefined;
  /** Nothing that is stored from now on stands at or before this. */
  #end: NodePosition | undefined;

  constructor(
    private readonly node: PatientNode,
    private readonly wireName: (stream: string) => string,
    private readonly catalog: Catalog,
  ) {
    this.heads = new Heads(node, wireName);
  }

  append(batch: readonly StreamAppend[]): Promise<void> {
    const parts = batch.map(partOf);
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
    for (const { stream } of parts) this.#refuseDropped(stream);
    const note = this.catalog.begun(parts.filter(({ events }) => events.length > 0).map(({ stream }) => stream));
    if (note !== undefined) {
      const { stored } = await this.#start([partOf(note)]);
      await stored;
      for (const event of note.events) this.catalog.learn(event);
    }
    const { stored } = await this.#start(parts);
    void stored.then(resolve, reject);
  }

  #refuseDropped(stream: string): void {
    if (!this.catalog.isDropped(stream)) return;
    const what = `stream ${stream} was dropped; this store does not begin a name anew`;
    throw new LogFailure('read_only', what, { stream });
  }

  async #start(parts: readonly Part[]): Promise<{ readonly stored: Promise<void> }> {
    for (const { stream } of parts) await this.#busy.get(stream);
    const pieces = await piecesOf(parts, this.heads, true).catch((error: unknown) => {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      for (const { stream } of parts) this.heads.forget(stream); // another writer may have moved it: look, then judge
      return piecesOf(parts, this.heads, false);
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
    return { stored: allStored(sent) };
  }

  async #send(piece: Piece): Promise<void> {
    const { part, stream } = piece;
    const leftOpen = part.expected === 'any' || part.expected === 'stream_exists';
    let { first } = piece;
    for (let tries = 1; ; tries++) {
      if (await this.#put(piece, first)) return;
      const actual = await this.heads.look(stream);
      // a writer that named a revision repeats all of its part or nothing
      const [from, events] = leftOpen ? [first, piece.events] : [piece.begin, part.kept.map(({ event }) => event)];
      if (from + events.length - 1 <= actual && (await this.heads.stands(stream, from, events))) return;
      if (!leftOpen || tries === TRIES || (part.expected === 'stream_exists' && actual < 0))
        throw wrongRevision(stream, part.expected, actual < 0 ? undefined : actual);
      first = actual + 1; // another writer was here, and this one does not mind
    }
  }

  /** Whether they are stored now, at this revision; otherwise something else may stand there. */
  async #put({ stream, events }: Piece, first: number): Promise<boolean> {
    const what = `appending to ${stream}`;
    const proposals = events.map((event, i) => ({ id: eventId(stream, first + i, event), event }));
    const expected = first === 0 ? 'no_stream' : first - 1;
    const end = (this.#end ??= await this.#lastPosition());
    let stored: Stored;
    try {
      stored = await this.node.ask(what, (client) => client.append(this.wireName(stream), expected, proposals));
    } catch (error) {
      this.heads.forget(stream);
      if (!(error instanceof NodeRefusal)) throw error;
      if (error.kind === 'conflict') return false;
      throw failureOf(error, `${what}, ${events.length} events`, stream);
    }
    this.#warmSince = this.node.breaks;
    const last = first + events.length - 1;
    if (stored.revision !== last) throw displaced(stream, last, stored.revision);
    // what was there before is a repeat by its ids alone, which say nothing of what an outcome holds
    if (stored.position === undefined || !isBehind(stored.position, end)) return false;
    if (isBehind(stored.position, this.#end)) this.#end = stored.position;
    this.heads.know(stream, last);
    return true;
  }

  async #lastPosition(): Promise<NodePosition> {
    const what = 'reading the end of the log';
    const last = await answered(
      what,
      this.node.ask(what, (client) => client.lastOfAll()),
    );
    return last?.position ?? START;
  }
}

const partOf = (part: StreamAppend): Part => ({
  ...part,
  kept: part.events.map((event) => keptEvent(part.stream, event)),
});

async function allStored(sent: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(sent)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

const displaced = (stream: string, expected: number, found: number): LogFailure =>
  new LogFailure(
    'damaged',
    `stream ${stream}: what was to be revision ${expected} stands at ${found}; somebody deleted the stream in the store`,
    { stream, revision: found },
  );
