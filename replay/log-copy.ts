import { canonicalEvent } from '../adapters/log/event-id.js';
import { RUNS } from '../adapters/log/streams.js';
import {
  LogFailure,
  type EventLog,
  type LogEvent,
  type StopSignal,
  type StoredEvent,
  type StreamAppend,
} from '../core/ports.js';
import { oldestCheckpoint } from './nearest-checkpoint.js';
import { Landmarks } from './landmarks.js';
import { foldedBy, lostSeqs, MOST_UNDER_WAY, type SeqRange } from './log-pages.js';
import { Numbering } from './numbering.js';

/** A log in a store: what its streams begin with. */
export interface NamedLog {
  readonly log: EventLog;
  readonly name: string;
}

/** How far a copy has come. */
export interface Copied {
  /** Events that were written. */
  readonly events: number;
  /** Events that stood there already. */
  readonly present: number;
  /** The highest seq met. */
  readonly seq: number;
  /** False when it was stopped before the end; a copy of the same log goes on from here. */
  readonly complete: boolean;
  /** Inputs at the end of the source of which only some stand there: its last append is under way, or was cut off. */
  readonly torn?: SeqRange;
}

/** The target holds something that is no beginning of the source; nothing of that stream was written. */
export class OtherLog extends Error {
  override readonly name = 'OtherLog';
}

/** Streams whose next revision is remembered. */
const REMEMBERED = 20_000;

/**
 * Copies a log into another store, up to the end that it has as this begins. Every event keeps its stream and revision, so
 * a copy that was broken off goes on with what is missing. What a checkpoint says of where to read on is said anew for the
 * target.
 *
 * @throws {OtherLog} when the target holds another log  @throws {LogFailure}
 */
export async function copyLog(
  source: NamedLog,
  target: NamedLog,
  signal: StopSignal,
  onPage: (soFar: Copied) => void = () => undefined,
): Promise<Copied> {
  const lost = await lostSeqs(source.log, source.name);
  const oldest = await oldestCheckpoint(source.log, source.name);
  const unasked = oldest === undefined ? lost : [{ from: 1, to: oldest.seq }, ...lost]; // retention may have taken those
  const copy = new Copy(source, target, await Landmarks.of(target.log, target.name), unasked);
  await copy.next(RUNS); // every log has it: another log is known by it before anything is written
  for await (const page of source.log.readAll({ prefixes: [source.name] })) {
    if (signal.aborted) return copy.soFar(false);
    await copy.page(page);
    onPage(copy.soFar(false));
  }
  return copy.soFar(true);
}

class Copy {
  readonly #next = new Map<string, number>();
  readonly #order = new Numbering<undefined>({ inOrder: () => undefined, missing: () => undefined });
  #events = 0;
  #present = 0;
  #seq = 0;
  #folded = 0;

  constructor(
    readonly source: NamedLog,
    readonly target: NamedLog,
    readonly landmarks: Landmarks,
    unasked: readonly SeqRange[],
  ) {
    for (const { from, to } of unasked) this.#order.lose(from, to);
  }

  soFar(complete: boolean): Copied {
    const torn = complete ? this.#order.torn(this.#folded, MOST_UNDER_WAY) : undefined;
    const soFar = { events: this.#events, present: this.#present, seq: this.#seq, complete };
    return torn === undefined ? soFar : { ...soFar, torn };
  }

  async page(page: readonly StoredEvent[]): Promise<void> {
    const parts = new Map<string, StreamAppend & { readonly events: LogEvent[] }>();
    for (const { stream, revision, event } of page) {
      const own = stream.slice(this.source.name.length);
      const next = await this.next(own);
      this.#folded = Math.max(this.#folded, foldedBy(event));
      if (event.seq !== undefined) this.#order.put(event.seq, undefined);
      if (event.seq !== undefined && event.seq > this.#seq) this.#seq = event.seq;
      if (revision < next) {
        this.#present++;
        continue;
      }
      if (revision > next)
        throw new LogFailure(
          'damaged',
          `stream ${stream} goes on at revision ${revision} where ${next} should stand; its store lost what is between, and a copy would hide it`,
          { stream, revision: next },
        );
      let part = parts.get(own);
      if (part === undefined)
        parts.set(
          own,
          (part = {
            stream: this.target.name + own,
            expected: revision === 0 ? 'no_stream' : revision - 1,
            events: [],
          }),
        );
      part.events.push(this.#fit(event));
      this.#next.set(own, revision + 1);
    }
    if (parts.size === 0) return;
    await this.target.log.append([...parts.values()]);
    for (const { events } of parts.values()) {
      this.#events += events.length;
      for (const event of events) this.landmarks.pass(event);
    }
    this.landmarks.stand(await this.target.log.lastPosition());
    if (this.#next.size > REMEMBERED) this.#next.clear();
  }

  /** The revision that a stream of the target waits for. */
  async next(own: string): Promise<number> {
    const known = this.#next.get(own);
    if (known !== undefined) return known;
    const last = await this.target.log.lastRevision(this.target.name + own);
    if (last !== undefined) for (const revision of new Set([0, last])) await this.#agree(own, revision);
    const next = (last ?? -1) + 1;
    this.#next.set(own, next);
    return next;
  }

  /** The first and the last event that both hold must be the same: then what is between is. */
  async #agree(own: string, revision: number): Promise<void> {
    const { source, target } = this;
    const [ours, theirs] = [
      await eventAt(source.log, source.name + own, revision),
      await eventAt(target.log, target.name + own, revision),
    ];
    if (ours !== undefined && theirs !== undefined && canonicalEvent(plain(ours)) === canonicalEvent(plain(theirs)))
      return;
    throw new OtherLog(
      `stream ${target.name + own} of the target holds another log: its revision ${revision} ` +
        (ours === undefined ? 'is not in the source' : 'is not that of the source') +
        '; copy into an empty folder, or under another --to-name',
    );
  }

  #fit(event: LogEvent): LogEvent {
    if (event.type !== 'CheckpointTaken') return event;
    const { seq, n } = event.data as { readonly seq: number; readonly n: number };
    return { ...event, data: { ...(event.data as object), after: this.landmarks.before(seq, n) } };
  }
}

/** An event without what a copy says anew. */
const plain = (event: LogEvent): LogEvent =>
  event.type === 'CheckpointTaken' ? { ...event, data: { ...(event.data as object), after: '' } } : event;

async function eventAt(log: EventLog, stream: string, revision: number): Promise<LogEvent | undefined> {
  for await (const page of log.readStream(stream, { from: revision })) return page[0]?.event;
  return undefined;
}
