import type { InstrumentDefinition, MarketEvent } from '../../../core/market/events.js';
import { MICROS, type EpochMicros, type Micros } from '../../../core/time.js';
import type { FrameTap } from '../../venues/connection/ports.js';
import { applyRules, type InstrumentRules } from '../rules-file.js';
import { MACHINE_DISK } from '../session/disk.js';
import { FollowedBooks } from './books.js';
import { Intake } from './intake.js';
import type { PartNames } from './names.js';
import { Parts, type RecordedSession } from './parts.js';
import { tapInto } from './raw-lines.js';
import type { RecordedFeed, RecordingEnd, RecordOptions } from './record.js';

/** How often what has come is written. */
const ROUND: Micros = 50 * MICROS.ms;

/** Pulls feeds, puts what they say into parts, and brings the recording to its end. */
export class Recorder {
  readonly #options: RecordOptions;
  readonly #rules: ReadonlyMap<string, InstrumentRules>;
  readonly #parts: Parts;
  readonly #books = new FollowedBooks();
  readonly #stopping = new AbortController();
  #feeds: readonly RecordedFeed[] = [];
  #messages = 0;
  /** A feed could not go on. */
  #failure: { readonly error: unknown } | undefined;

  constructor(options: RecordOptions, names: PartNames, rules: ReadonlyMap<string, InstrumentRules>) {
    const { engineVersion, force = false, disk = MACHINE_DISK, rotateAfter: every = Infinity, clock } = options;
    this.#options = options;
    this.#rules = rules;
    this.#parts = new Parts({ names, engineVersion, force, disk, every }, clock.now());
  }

  async run(): Promise<{ sessions: readonly RecordedSession[]; end: RecordingEnd }> {
    const { clock, duration, signal } = this.#options;
    await this.#parts.current.open();
    try {
      this.#feeds = await this.#options.open((venue) => this.#newTap(venue));
      const at = clock.now();
      if (duration !== undefined) this.#parts.stopAt = at + duration;
      for (const { feed } of this.#feeds)
        for (const data of feed.instruments) this.#put({ type: 'InstrumentDefined', version: 1, at, data });
      this.#parts.begin(at);
      const end = await this.#record();
      const failure = this.#failure ?? this.#parts.failure;
      if (failure !== undefined) throw failure.error;
      return { sessions: this.#parts.sessions, end };
    } catch (error) {
      this.#stopping.abort();
      const said = await this.#parts.giveUp(clock.now(), error);
      // whoever stops before there is a market has stopped, and has nothing
      if (signal.aborted && this.#feeds.length === 0) return { sessions: [], end: 'stopped' };
      throw said;
    }
  }

  async #record(): Promise<RecordingEnd> {
    const { hostClock, signal, flushEvery = MICROS.s } = this.#options;
    const intake = new Intake(this.#feeds.length);
    const feeds = this.#follow(intake);
    // feeds of several lines hand their messages over a little after each other
    const behind = this.#feeds.length === 1 ? 0 : ROUND;
    let flushAt = hostClock.now() + flushEvery;
    let ended: RecordingEnd | undefined;
    let now = 0;
    while (ended === undefined) {
      await hostClock.until(hostClock.now() + ROUND, signal);
      now = this.#options.clock.now();
      await this.#write(intake.take(now - behind), now - ROUND - behind);
      if (hostClock.now() >= flushAt) {
        await this.#flush(now);
        flushAt = hostClock.now() + flushEvery;
      }
      if (this.#parts.isFull) ended = 'disk_full';
      else if (now >= this.#parts.stopAt) ended = 'duration';
      else if (signal.aborted) ended = 'stopped';
      else if (feeds.open === 0 || this.#failure !== undefined || this.#parts.failure !== undefined)
        ended = 'feeds_ended';
    }
    const to =
      ended === 'duration' ? this.#parts.stopAt : ended === 'feeds_ended' && feeds.open === 0 ? feeds.endedAt : now;
    await this.#end(to, ended, intake);
    await feeds.over;
    return ended;
  }

  /** Pulls all feeds into the intake. */
  #follow(intake: Intake): { open: number; endedAt: EpochMicros; over: Promise<unknown> } {
    const { signal } = this.#stopping;
    const state = { open: this.#feeds.length, endedAt: 0, over: Promise.resolve() as Promise<unknown> };
    state.over = Promise.all(
      this.#feeds.map(async ({ feed }, index) => {
        try {
          for await (const events of feed.watch(signal)) await intake.put(index, events, signal);
        } catch (error) {
          this.#failure ??= { error };
        }
        state.open--;
        state.endedAt = Math.max(state.endedAt, this.#options.clock.now());
      }),
    );
    return state;
  }

  /** Takes what was received up to the end, and makes a session of it. */
  async #end(to: EpochMicros, ended: RecordingEnd, intake: Intake): Promise<void> {
    const { hostClock } = this.#options;
    this.#parts.stop(ended === 'duration' ? to : to + 1);
    await hostClock.until(hostClock.now() + ROUND, this.#stopping.signal); // what is on its way to us
    this.#stopping.abort();
    await this.#write(intake.take(to), to);
    if (ended === 'disk_full') {
      const detail = 'the disk is full, and the recording ends here';
      for (const { instrument } of this.#books.definitions)
        this.#put({ type: 'FeedInterrupted', version: 1, at: to, data: { instrument, reason: 'disk_full', detail } });
      for (const { tap } of this.#feeds) tap?.interrupted(to, 0, 'disk_full', detail);
    }
    while (!this.#parts.isCurrentLast) await this.#nextPart();
    await this.#parts.close(to);
  }

  /** Puts messages into their parts. @param passed  everything received before that has been handed over */
  async #write(events: readonly MarketEvent[], passed: EpochMicros): Promise<void> {
    const parts = this.#parts;
    for (const event of events) {
      if (event.at >= parts.stopAt) continue;
      while (event.at >= parts.current.endsAt) await this.#nextPart();
      this.#put(event);
      await parts.current.write();
    }
    await parts.current.write();
    while (passed >= parts.current.endsAt && parts.current.endsAt < parts.stopAt) await this.#nextPart();
  }

  #put(event: MarketEvent): void {
    const ruled = event.type === 'InstrumentDefined' ? { ...event, data: this.#ruled(event.data) } : event;
    const written = this.#parts.current.add(ruled);
    this.#books.apply(written);
    this.#messages++;
    if (written !== ruled) for (const { feed } of this.#feeds) feed.requestSnapshots();
  }

  async #flush(now: EpochMicros): Promise<void> {
    const { rotateBytes = Infinity, onFlush } = this.#options;
    const { current } = this.#parts;
    if (await current.flush()) this.#askTapped();
    const { inputs, rawLines, bytes } = current.flushed;
    onFlush?.({ out: current.options.target, inputs, rawLines, bytes, messages: this.#messages });
    if (bytes >= rotateBytes && this.#parts.isCurrentLast) current.endsAt = Math.min(current.endsAt, now + 1);
  }

  async #nextPart(): Promise<void> {
    const at = await this.#parts.next();
    for (const event of this.#books.head(at)) this.#parts.current.add(event);
    this.#askTapped();
  }

  /** Asks for books that the frames lack. */
  #askTapped(): void {
    for (const { feed, tap } of this.#feeds) if (tap !== undefined) feed.requestSnapshots();
  }

  #newTap(venue: string): FrameTap {
    const definitions = (): InstrumentDefinition[] => {
      const own = this.#feeds.find((each) => each.tap === tap)?.feed.instruments ?? [];
      const names = new Set(own.map(({ instrument }) => instrument));
      return this.#books.definitions.filter(({ instrument }) => names.has(instrument));
    };
    const of = this.#parts.keep(venue, definitions);
    let lastAt = 0; // replies and messages come by different ways; in the order of lines time never runs backwards
    const tap: FrameTap = tapInto(
      (at) => {
        if (at > lastAt) lastAt = at;
        return this.#parts.at(lastAt)?.raw(of);
      },
      (definition) => this.#ruled(definition),
    );
    return tap;
  }

  #ruled(definition: InstrumentDefinition): InstrumentDefinition {
    return applyRules(definition, this.#rules);
  }
}
