import type { Clock } from '../../adapters/clock/clock.js';
import type { FeedInterrupted, FeedResumed, InstrumentDefined, MarketEvent } from '../../core/market/events.js';
import type { MarketFeed, StopSignal } from '../../core/ports.js';
import { MICROS, type EpochMicros, type Micros } from '../../core/time.js';
import type { InputQueue } from './input-queue.js';

/** How long a feed waits for room, all in all, until the line is half empty again. */
const PATIENCE: Micros = MICROS.s;

const ENDED = { reason: 'feed_ended', detail: 'the feed has nothing more to say' };

/** An instrument whose messages are being left out. */
interface Gap {
  /** Messages that were left out of it so far. */
  leftOut: number;
  /** The newest rules that came meanwhile: they are told in any case. */
  definition?: InstrumentDefined;
}

/**
 * What a feed says on its way into the line. When that is full, the feed waits for room; where the log stays slower than the
 * market, each instrument of the feed is interrupted, in its place in the order, and what comes of it is counted and left out
 * until there is room again and a fresh snapshot comes. So memory does not grow, nothing piles up in a feed that nobody
 * pulls, and no book is believed that messages are missing from.
 */
export class FeedIntake {
  readonly #gaps = new Map<string, Gap>();
  /** Messages that were left out since the start, by instrument. */
  readonly #leftOut = new Map<string, number>();
  #fullSince: EpochMicros | undefined;
  #asked = false;
  #wake: (() => void) | undefined;

  /** @param clock  the machine's, whatever time the feed lives in */
  constructor(
    readonly feed: Pick<MarketFeed, 'instruments' | 'requestSnapshots' | 'canWait' | 'ending'>,
    readonly queue: InputQueue,
    readonly clock: Clock,
    readonly signal: StopSignal,
  ) {
    queue.onTaken(() => this.#taken());
  }

  /** Puts messages in line, in their order, and waits where it must. */
  async take(events: readonly MarketEvent[]): Promise<void> {
    for (const event of events) {
      while (this.queue.isFull && !this.#gaps.has(event.data.instrument) && !this.signal.aborted) {
        const patience = this.feed.canWait === true ? Infinity : PATIENCE;
        const deadline = (this.#fullSince ??= this.clock.now()) + patience;
        if (this.clock.now() < deadline) await this.#roomBy(deadline);
        else this.#interrupt(event);
      }
      if (this.signal.aborted && this.queue.isFull) return; // the server stops, and takes no more than there is room for
      this.#take(event);
    }
  }

  /** The feed is over: what its books last showed is no market any more. */
  end(at: EpochMicros): void {
    const { reason, detail } = this.feed.ending ?? ENDED;
    for (const { instrument } of this.feed.instruments) {
      const gap = this.#gaps.get(instrument);
      if (gap?.definition !== undefined) this.queue.putMarket(gap.definition);
      const leftOut = gap === undefined ? {} : { leftOut: gap.leftOut };
      this.queue.putMarket(interrupted(at, { instrument, reason, detail, ...leftOut }));
    }
    this.#gaps.clear();
  }

  /** The server stops: says how many messages were left out of what is still interrupted. */
  stop(at: EpochMicros): void {
    for (const [instrument, { leftOut }] of this.#gaps) {
      const detail = `the server stopped before there was room again; ${messages(leftOut)} left out`;
      this.queue.putMarket(interrupted(at, { instrument, reason: 'log_behind', detail, leftOut }));
    }
  }

  /** Messages of an instrument that were left out since the start. */
  leftOut(instrument: string): number {
    return this.#leftOut.get(instrument) ?? 0;
  }

  #take(event: MarketEvent): void {
    const { instrument } = event.data;
    const gap = this.#gaps.get(instrument);
    if (gap === undefined) this.queue.putMarket(event);
    else if (event.type === 'InstrumentDefined') {
      if (gap.definition !== undefined) this.#leaveOut(gap, instrument);
      gap.definition = event;
    } else if (event.type === 'BookSnapshot' && this.queue.hasRoom) this.#resume(event, gap);
    else {
      if (event.type === 'BookSnapshot') this.#asked = false; // the one that was asked for came too early
      this.#leaveOut(gap, instrument);
    }
  }

  #leaveOut(gap: Gap, instrument: string): void {
    gap.leftOut++;
    this.#leftOut.set(instrument, this.leftOut(instrument) + 1);
  }

  #interrupt({ at, data }: MarketEvent): void {
    const detail = `${this.queue.length} inputs wait for the log, which is slower than the market; what comes until it has caught up is left out`;
    for (const instrument of new Set([...this.feed.instruments.map((one) => one.instrument), data.instrument])) {
      if (this.#gaps.has(instrument)) continue;
      this.#gaps.set(instrument, { leftOut: 0 });
      this.queue.putMarket(interrupted(at, { instrument, reason: 'log_behind', detail }));
    }
  }

  #resume(snapshot: MarketEvent, { leftOut, definition }: Gap): void {
    const { instrument } = snapshot.data;
    this.#gaps.delete(instrument);
    if (definition !== undefined) this.queue.putMarket(definition);
    this.queue.putMarket(snapshot);
    const detail = `the log was slower than the market; ${messages(leftOut)} left out`;
    const data: FeedResumed['data'] = { instrument, trust: 'trusted', detail, leftOut };
    this.queue.putMarket({ type: 'FeedResumed', version: 1, at: snapshot.at, data });
  }

  async #roomBy(deadline: EpochMicros): Promise<void> {
    const wait = new AbortController();
    const stop = (): void => wait.abort();
    this.#wake = stop;
    this.signal.addEventListener('abort', stop);
    await this.clock.until(deadline, wait.signal);
    this.signal.removeEventListener('abort', stop);
    this.#wake = undefined;
  }

  /** The log has taken something. */
  #taken(): void {
    const { queue } = this;
    if (!queue.isFull) this.#wake?.();
    if (!queue.hasRoom) return;
    this.#fullSince = undefined;
    if (this.#gaps.size === 0) this.#asked = false;
    else if (!this.#asked) {
      this.#asked = true;
      this.feed.requestSnapshots();
    }
  }
}

const interrupted = (at: EpochMicros, data: FeedInterrupted['data']): MarketEvent => ({
  type: 'FeedInterrupted',
  version: 1,
  at,
  data,
});

const messages = (count: number): string => (count === 1 ? '1 message was' : `${count} messages were`);
