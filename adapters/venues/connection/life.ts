import type { EpochMicros, Micros } from '../../../core/time.js';
import type { Limits } from '../venue.js';
import { Allowance } from './allowance.js';
import type { Socket } from './ports.js';

/** Answers that may wait: of a venue that asks faster than it lets us answer, the newest questions count. */
const MOST_ANSWERS = 16;

/** One socket from its opening to its end, and what is still to be sent over it. */
export class Life {
  /** When anything came over it last. */
  signAt: EpochMicros;
  /** When anything was sent over it last. */
  sentAt: EpochMicros;
  /** Why it ended. */
  endedBy: string | undefined;
  /** Instruments that something came of. */
  readonly spoken = new Set<string>();
  readonly #outgoing: string[] = [];
  readonly #answers: string[] = [];
  readonly #allowance: Allowance;
  #lastId = 0;

  constructor(
    readonly socket: Socket,
    readonly url: string,
    readonly openedAt: EpochMicros,
    readonly pingEvery: Micros | undefined,
    limit: Limits['messages'],
  ) {
    this.signAt = openedAt;
    this.sentAt = openedAt;
    this.#allowance = new Allowance(limit);
  }

  get isOver(): boolean {
    return this.endedBy !== undefined;
  }

  /** Everything that was to be sent is sent. */
  get isQuiet(): boolean {
    return this.#next() === undefined;
  }

  /** A number for a request of ours. */
  nextId(): number {
    return ++this.#lastId;
  }

  /** Sends messages, in their order, as fast as the venue's limit lets it. */
  send(texts: readonly string[], now: EpochMicros): void {
    this.#outgoing.push(...texts);
    this.flush(now);
  }

  /** Answers what the venue waits for, before all else. */
  answer(text: string, now: EpochMicros): void {
    this.#answers.push(text);
    if (this.#answers.length > MOST_ANSWERS) this.#answers.shift();
    this.flush(now);
  }

  flush(now: EpochMicros): void {
    for (let text = this.#next(); text !== undefined && this.#allowance.freeAt(now) <= now; text = this.#next()) {
      if (this.#answers.length > 0) this.#answers.shift();
      else this.#outgoing.shift();
      this.#allowance.take(now);
      this.sentAt = now;
      this.socket.send(text);
    }
  }

  /** When the next message may go; never while none waits. */
  sendsAt(now: EpochMicros): EpochMicros {
    return this.isQuiet ? Infinity : this.#allowance.freeAt(now);
  }

  #next(): string | undefined {
    return this.#answers[0] ?? this.#outgoing[0];
  }
}
