import { eventOf, messages } from '../../../core/market/column-codec.js';
import { canonical, type Json } from '../../../core/json.js';
import type { InstrumentDefinition, MarketEvent } from '../../../core/market/events.js';
import type { MarketFeed, Recording, StopSignal } from '../../../core/ports.js';
import type { EpochMicros } from '../../../core/time.js';
import { Alarm } from '../../clock/alarm.js';
import { KnownBook } from './known-book.js';
import { followed, type Followed } from './resume.js';
import type { SessionClock } from './session-clock.js';

const MOST_PER_BATCH = 4_096;

export interface SessionFeedOptions {
  readonly recording: Recording;
  /** The session's time, from `recording.from` on, or from where the log was left. */
  readonly clock: SessionClock;
  /** How far the log has followed this session; what comes up to there is read, and not told again. */
  readonly resumeAfter?: Followed;
}

/**
 * A captured session as a live market: each message when the clock reaches the instant at which it was received, stamped
 * with that instant. It is read as it is told, batch by batch, and the feed ends when the clock reaches the session's end.
 */
export function sessionFeed(options: SessionFeedOptions): MarketFeed {
  return new SessionFeed(options);
}

class SessionFeed implements MarketFeed {
  readonly canWait = true;
  readonly ending = { reason: 'session_over', detail: 'the captured session has nothing more to say' };
  readonly instruments;
  readonly #options: SessionFeedOptions;
  readonly #alarm: Alarm;
  readonly #books = new Map<string, KnownBook>();
  readonly #defined = new Map<string, string>();
  readonly #wanted = new Set<KnownBook>();
  #watched = false;

  constructor(options: SessionFeedOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
    this.instruments = options.recording.instruments;
    for (const definition of this.instruments) this.#define(definition);
  }

  requestSnapshots(): void {
    for (const book of this.#books.values()) this.#wanted.add(book);
    this.#alarm.ring();
  }

  async *watch(signal: StopSignal): AsyncGenerator<readonly MarketEvent[]> {
    if (this.#watched) throw new Error('a session feed is watched once: make another one');
    this.#watched = true;
    const { recording, clock } = this.#options;
    let batch: MarketEvent[] = [];
    let last = 0;
    clock.begin();
    for await (const event of this.#rest(signal)) {
      if (batch.length === MOST_PER_BATCH) {
        yield batch;
        batch = [];
      }
      if (batch.length === 0) clock.holds(event.at);
      while (!clock.admits(event.at, last) && !signal.aborted) {
        this.#tell(Math.max(clock.now(), last), batch);
        if (batch.length > 0) yield batch;
        batch = [];
        clock.waits(event.at);
        await this.#alarm.wait(event.at, signal);
      }
      if (signal.aborted) return;
      this.#books.get(event.data.instrument)?.apply(event);
      batch.push(event);
      if (event.at > last) last = event.at;
    }
    while (!signal.aborted) {
      const now = Math.max(clock.now(), last);
      this.#tell(now, batch);
      if (batch.length > 0) yield batch;
      batch = [];
      clock.waits(Math.max(recording.to, last));
      if (clock.now() >= recording.to) break;
      await this.#alarm.wait(recording.to, signal);
    }
    clock.over();
  }

  /** Answers those who asked for a snapshot, as far as the session knows the book; the others wait for its own. */
  #tell(now: EpochMicros, batch: MarketEvent[]): void {
    for (const book of this.#wanted) {
      const told = book.toldAt(now);
      if (told === undefined) continue;
      batch.push(told);
      this.#wanted.delete(book);
    }
  }

  /** The session's messages behind those that were followed, which only go into the books. */
  async *#rest(signal: StopSignal): AsyncGenerator<MarketEvent> {
    const { recording, resumeAfter } = this.#options;
    let read: Followed | undefined;
    for await (const { market } of recording.inputs()) {
      if (signal.aborted) return;
      for (const { from, to } of messages(market)) {
        const event = eventOf(market, from, to);
        read = followed(read, event);
        if (event.type === 'InstrumentDefined' && !this.#define(event.data)) continue;
        if (resumeAfter === undefined || (read !== undefined && isBeyond(read, resumeAfter))) yield event;
        else this.#books.get(event.data.instrument)?.apply(event);
      }
    }
  }

  /** Takes note of a definition. The host appends those of `instruments`, so only one that says something new is told. */
  #define(definition: InstrumentDefinition): boolean {
    const { instrument, startsEmpty } = definition;
    const text = canonical(definition as unknown as Json);
    if (this.#defined.get(instrument) === text) return false;
    this.#defined.set(instrument, text);
    if (!this.#books.has(instrument)) this.#books.set(instrument, new KnownBook(instrument, startsEmpty === true));
    return true;
  }
}

function isBeyond(read: Followed, logged: Followed): boolean {
  return read.at > logged.at || (read.at === logged.at && read.count > logged.count);
}
