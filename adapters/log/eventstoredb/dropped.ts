import type { LogEvent, StreamAppend } from '../../../core/ports.js';
import { eventOf } from './body.js';
import type { PatientNode } from './node.js';

/** Where this adapter remembers which streams were dropped. It is not part of the log: no reader is given it. */
export const DROPPED_STREAM = 'dropped-streams';

const PAGE = 1_000;
/** Names in one event: far below the largest append. */
const NAMES = 500;

/**
 * Streams that were dropped. A node hides them when they are read by name, but gives their events out in the order of
 * all until an operator scavenges; so their names are kept in a stream, and readers leave them out.
 */
export class Dropped {
  readonly #names = new Set<string>();
  #next = 0;

  constructor(
    private readonly node: PatientNode,
    private readonly wireName: (stream: string) => string,
  ) {}

  has(stream: string): boolean {
    return this.#names.has(stream);
  }

  /** Reads what was dropped since the last time, by whomever. */
  async refresh(): Promise<void> {
    for (;;) {
      const from = this.#next;
      const page = await this.node.ask('reading which streams were dropped', (client) =>
        client.readStream(this.wireName(DROPPED_STREAM), from, PAGE),
      );
      for (const stored of page ?? []) {
        for (const name of (eventOf(stored).data as { streams: readonly string[] }).streams) this.#names.add(name);
        this.#next = stored.revision + 1;
      }
      if ((page?.length ?? 0) < PAGE) return;
    }
  }

  /** The note of these names; it must be stored before any of the streams is deleted. */
  note(names: readonly string[]): StreamAppend {
    const at = Date.now() * 1_000;
    const events: LogEvent[] = [];
    for (let i = 0; i < names.length; i += NAMES)
      events.push({ type: 'StreamsDropped', version: 1, at, data: { streams: names.slice(i, i + NAMES) } });
    return { stream: DROPPED_STREAM, expected: 'any', events };
  }
}
