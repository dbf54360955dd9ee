import {
  WrongExpectedRevision,
  type EventLog,
  type ExpectedRevision,
  type LogEvent,
  type StreamAppend,
} from '../../core/ports.js';

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
    const guessed = new Set<string>();
    for (let done = false; !done;) {
      const batch: StreamAppend[] = [];
      for (const [stream, events] of pending)
        batch.push({ stream, expected: expected.get(stream) ?? (await this.#expect(stream, guessed)), events });
      try {
        await this.log.append(batch);
        done = true;
      } catch (error) {
        // the other streams of the batch may be stored by now: theirs is repeated as it was
        if (!(error instanceof WrongExpectedRevision) || !guessed.delete(error.stream)) throw error;
        await this.#lookUp(error.stream);
      }
    }
    for (const [stream, events] of pending) {
      if (expected.has(stream)) continue; // the engine knows
      this.#revisions.set(stream, (this.#revisions.get(stream) ?? -1) + events.length);
      if (this.#revisions.size > MOST_REMEMBERED) this.#forget(stream);
    }
  }

  /** @param guessed  gets an order's stream that was not met before: it is taken for a new one, as it nearly always is */
  async #expect(stream: string, guessed?: Set<string>): Promise<ExpectedRevision> {
    const known = this.#revisions.get(stream);
    if (known === undefined && guessed !== undefined && stream.startsWith(`${this.name}order-`)) {
      guessed.add(stream);
      return 'no_stream';
    }
    const revision = known ?? (await this.#lookUp(stream));
    return revision < 0 ? 'no_stream' : revision;
  }

  async #lookUp(stream: string): Promise<number> {
    const revision = (await this.log.lastRevision(stream)) ?? -1;
    this.#revisions.set(stream, revision);
    return revision;
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
