import type { LogEvent } from '../../../core/ports.js';
import { canonicalEvent } from '../event-id.js';
import { eventOf } from './body.js';
import type { PatientNode } from './node.js';
import { answered } from './refusals.js';

const PAGE = 500;
const KNOWN = 20_000;

/** Where streams end, as far as this process knows: the revision of the last event, -1 for a stream that is not there. */
export class Heads {
  readonly #known = new Map<string, number>();

  constructor(
    private readonly node: PatientNode,
    private readonly wireName: (stream: string) => string,
  ) {}

  known(stream: string): number | undefined {
    return this.#known.get(stream);
  }

  /** What the store says, whatever was known. */
  async look(stream: string): Promise<number> {
    const what = `reading the end of ${stream}`;
    const last = await answered(
      what,
      this.node.ask(what, (client) => client.lastOfStream(this.wireName(stream))),
    );
    const revision = last?.revision ?? -1;
    this.know(stream, revision);
    return revision;
  }

  know(stream: string, revision: number): void {
    this.#known.delete(stream);
    this.#known.set(stream, revision);
    if (this.#known.size <= KNOWN) return;
    const [oldest] = this.#known.keys();
    this.#known.delete(oldest!);
  }

  /** An answer that was asked for beside the appends, and may be older than what they know. */
  heard(stream: string, revision: number): void {
    if (revision > (this.#known.get(stream) ?? -2)) this.know(stream, revision);
  }

  forget(stream: string): void {
    this.#known.delete(stream);
  }

  /** Whether exactly these events stand there, their content compared: an outcome's id says nothing of it. */
  async stands(stream: string, from: number, events: readonly LogEvent[]): Promise<boolean> {
    const what = `reading ${stream}`;
    for (let at = 0; at < events.length;) {
      const start = at;
      const page = await answered(
        what,
        this.node.ask(what, (client) =>
          client.readStream(this.wireName(stream), from + start, Math.min(PAGE, events.length - start)),
        ),
      );
      if (page === undefined || page.length === 0) return false;
      for (const one of page) if (one.revision !== from + at || !isSame(eventOf(one), events[at++]!)) return false;
    }
    return true;
  }
}

export const isSame = (one: LogEvent, other: LogEvent): boolean => canonicalEvent(one) === canonicalEvent(other);
