import type { EventLog, ExpectedRevision, LogEvent, StreamAppend } from '../../core/ports.js';

/** Groups events by stream for one append, and knows the revision that each stream has reached. */
export class StreamWriter {
  readonly #revisions = new Map<string, number>();
  #pending = new Map<string, LogEvent[]>();
  #expected = new Map<string, ExpectedRevision>();

  constructor(
    readonly log: EventLog,
    readonly name: string,
  ) {}

  /** Adds an event to the next append. `revision` is given where the engine numbers the stream itself. */
  add(stream: string, event: LogEvent, revision?: number): void {
    const full = this.name + stream;
    let events = this.#pending.get(full);
    if (events === undefined) {
      events = [];
      this.#pending.set(full, events);
      if (revision !== undefined) this.#expected.set(full, revision === 0 ? 'no_stream' : revision - 1);
    }
    events.push(event);
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** Whether no event stands in a stream and none was added. */
  async isNew(stream: string): Promise<boolean> {
    const full = this.name + stream;
    return !this.#pending.has(full) && (await this.#expect(full)) === 'no_stream';
  }

  /** Appends all that was added, in the order in which streams were first named. */
  async flush(): Promise<void> {
    const pending = this.#pending;
    const expected = this.#expected;
    this.#pending = new Map();
    this.#expected = new Map();
    const batch: StreamAppend[] = [];
    for (const [stream, events] of pending)
      batch.push({ stream, expected: expected.get(stream) ?? (await this.#expect(stream)), events });
    await this.log.append(batch);
    for (const { stream, events } of batch) {
      if (expected.has(stream)) continue; // the engine knows
      this.#revisions.set(stream, (this.#revisions.get(stream) ?? -1) + events.length);
      if (this.#revisions.size > MOST_REMEMBERED) this.#forget(stream);
    }
  }

  async #expect(stream: string): Promise<ExpectedRevision> {
    let revision = this.#revisions.get(stream);
    if (revision === undefined) {
      revision = (await this.log.lastRevision(stream)) ?? -1;
      this.#revisions.set(stream, revision);
    }
    return revision < 0 ? 'no_stream' : revision;
  }

  /** Old streams are looked up again should they ever be written to. */
  #forget(keep: string): void {
    for (const stream of this.#revisions.keys()) {
      if (stream !== keep) this.#revisions.delete(stream);
      if (this.#revisions.size <= MOST_REMEMBERED / 2) return;
    }
  }
}

const MOST_REMEMBERED = 4096;
