import type { LogEvent, StreamAppend } from '../../../core/ports.js';
import { isRolled } from '../rolls.js';
import { eventOf } from './body.js';
import type { PatientNode } from './node.js';

/** Where this adapter keeps what a node does not tell of its streams. It is not part of the log: no reader is given it. */
export const CATALOG_STREAM = 'stream-catalog';

const PAGE = 1_000;
/** Names in one event: far below the largest append. */
const NAMES = 500;

/**
 * Which streams roll, and which were dropped. A node lists no streams, so one that rolls is noted before its first event is
 * stored: the list may name one that never came to be, and misses none. A node hides dropped streams when they are read by
 * name, but gives their events out in the order of all until an operator scavenges; so they are noted before they go, and
 * readers leave them out.
 */
export class Catalog {
  readonly #rolled = new Set<string>();
  readonly #dropped = new Set<string>();
  #next = 0;

  constructor(
    private readonly node: PatientNode,
    private readonly wireName: (stream: string) => string,
  ) {}

  isDropped(stream: string): boolean {
    return this.#dropped.has(stream);
  }

  /** Streams that roll and were not dropped, by name; whether they are there is not known. */
  rolled(prefix: string): readonly string[] {
    return [...this.#rolled].filter((stream) => stream.startsWith(prefix) && !this.#dropped.has(stream)).sort();
  }

  /** Reads what was noted since the last time, by whomever. */
  async refresh(): Promise<void> {
    for (;;) {
      const from = this.#next;
      const page = await this.node.ask('reading which streams there are', (client) =>
        client.readStream(this.wireName(CATALOG_STREAM), from, PAGE),
      );
      for (const stored of page ?? []) {
        this.learn(eventOf(stored));
        this.#next = Math.max(this.#next, stored.revision + 1);
      }
      if ((page?.length ?? 0) < PAGE) return;
    }
  }

  learn({ type, data }: LogEvent): void {
    const names = type === 'StreamsDropped' ? this.#dropped : this.#rolled;
    for (const name of (data as { streams: readonly string[] }).streams) names.add(name);
  }

  /** The note of those that roll and were not noted yet; it must be stored before the first event of any of them. */
  begun(streams: readonly string[]): StreamAppend | undefined {
    const fresh = new Set(streams.filter((stream) => isRolled(stream) && !this.#rolled.has(stream)));
    return fresh.size === 0 ? undefined : note('StreamsBegun', [...fresh]);
  }

  /** The note of those that go; it must be stored before any of them is deleted. */
  dropped(streams: readonly string[]): StreamAppend | undefined {
    const fresh = streams.filter((stream) => !this.#dropped.has(stream));
    return fresh.length === 0 ? undefined : note('StreamsDropped', fresh);
  }
}

function note(type: 'StreamsBegun' | 'StreamsDropped', streams: readonly string[]): StreamAppend {
  const at = Date.now() * 1_000;
  const events: LogEvent[] = [];
  for (let i = 0; i < streams.length; i += NAMES)
    events.push({ type, version: 1, at, data: { streams: streams.slice(i, i + NAMES) } });
  return { stream: CATALOG_STREAM, expected: 'any', events };
}
