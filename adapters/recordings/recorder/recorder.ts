import { basename, resolve } from 'node:path';
import type { MarketEvent } from '../../../core/market/events.js';
import type { MarketFeed, StopSignal } from '../../../core/ports.js';
import { MICROS, type EpochMicros, type Micros } from '../../../core/time.js';
import type { Clock } from '../../clock/clock.js';
import type { FrameTap } from '../../venues/connection/ports.js';
import { RecordingError } from '../errors.js';
import { applyRules, readRules, type InstrumentRules } from '../rules-file.js';
import { type Disk, MACHINE_DISK } from '../session/disk.js';
import type { SessionMeta } from '../session/meta.js';
import { recordingFolder, recoverCommand } from '../session/unfinished.js';
import { FollowedBooks } from './books.js';
import { Intake } from './intake.js';
import { oneName, numberedNames, type PartNames } from './names.js';
import { Part, type RawFeed } from './part.js';
import { tapInto, type RawLines } from './raw-lines.js';

/** A feed, and where its frames are kept. */
export interface RecordedFeed {
  readonly feed: MarketFeed;
  /** The tap that it was opened with, where it has frames. */
  readonly tap?: FrameTap;
}

/** Why a recording ended. */
export type RecordingEnd = 'stopped' | 'duration' | 'feeds_ended' | 'disk_full';

export interface RecordedSession {
  readonly out: string;
  readonly session: SessionMeta;
}

/** How far a recording is: all of it outlives the process. */
export interface RecordProgress {
  /** The session that is being written. */
  readonly out: string;
  /** Inputs of this session. */
  readonly inputs: number;
  /** Lines of its raw files. */
  readonly rawLines: number;
  /** Inputs of all sessions, and bytes of this one. */
  readonly messages: number;
  readonly bytes: number;
}

export interface RecordOptions {
  readonly out: string;
  readonly engineVersion: string;
  /** The time that the feeds live in. */
  readonly clock: Clock;
  /** The machine's time, by which is flushed. */
  readonly hostClock: Clock;
  /**
   * Opens the feeds.
   *
   * @param tapOf  where a feed of a venue tells its frames, from now on; asked once for each
   */
  readonly open: (tapOf: (venue: string) => FrameTap) => Promise<readonly RecordedFeed[]>;
  /** How long to record, in the feeds' time; until `signal` aborts where absent. */
  readonly duration?: Micros;
  /** A new part after that time, or after so many bytes. */
  readonly rotateAfter?: Micros;
  readonly rotateBytes?: number;
  /** Parsed content of a rules file. */
  readonly rules?: unknown;
  readonly force?: boolean;
  readonly signal: StopSignal;
  /** Called when all that came is with the operating system. */
  readonly onFlush?: (progress: RecordProgress) => void;
  /** Told of what earlier recorders left beside the parts. */
  readonly onLeft?: (left: { readonly folder: string; readonly target: string }) => void;
  readonly disk?: Disk;
  /** How often everything is handed to the operating system; each second when absent. */
  readonly flushEvery?: Micros;
}

/** How often what has come is written. */
const ROUND: Micros = 50 * MICROS.ms;

/**
 * Records feeds into captured sessions until it is told to stop, the time is over, every feed has ended or the disk is full.
 * Then, and where a feed fails, what was recorded becomes a session.
 *
 * @throws {RecordingError} where nothing can be written, or what was written cannot be closed: that is left for `--recover`
 */
export async function record(
  options: RecordOptions,
): Promise<{ readonly sessions: readonly RecordedSession[]; readonly end: RecordingEnd }> {
  const isRotated = options.rotateAfter !== undefined || options.rotateBytes !== undefined;
  const rules = readRules(options.rules);
  let names: PartNames;
  if (isRotated) {
    const numbered = await numberedNames(options.out);
    numbered.left.forEach((left) => options.onLeft?.(left));
    names = numbered;
  } else names = await oneName(options.out);
  const awake = setInterval(() => undefined, MICROS.s); // no clock keeps a process alive, and a recording does
  try {
    return await new Recorder(options, names, rules).run();
  } finally {
    clearInterval(awake);
  }
}

class Recorder {
  readonly #options: RecordOptions;
  readonly #names: PartNames;
  readonly #rules: ReadonlyMap<string, InstrumentRules>;
  readonly #books = new FollowedBooks();
  readonly #sessions: RecordedSession[] = [];
  readonly #stopping = new AbortController();
  /** The first is written; those behind it already have frames. */
  readonly #parts: Part[] = [];
  readonly #taps = new Map<FrameTap, RawFeed>();
  #feeds: readonly RecordedFeed[] = [];
  #stopAt: EpochMicros = Infinity;
  #messages = 0;
  /** The part before, while it becomes a session. */
  #closing: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(options: RecordOptions, names: PartNames, rules: ReadonlyMap<string, InstrumentRules>) {
    this.#options = options;
    this.#names = names;
    this.#rules = rules;
  }

  async run(): Promise<{ sessions: readonly RecordedSession[]; end: RecordingEnd }> {
    const { clock, duration } = this.#options;
    const first = this.#addPart(clock.now());
    await first.open();
    try {
      this.#feeds = await this.#options.open((venue) => this.#newTap(venue));
      const at = clock.now();
      if (duration !== undefined) this.#stopAt = at + duration;
      first.from = at;
      this.#plan(first);
      for (const { feed } of this.#feeds)
        for (const definition of feed.instruments)
          this.#put({ type: 'InstrumentDefined', version: 1, at, data: applyRules(definition, this.#rules) });
      this.#sayDefined(first, at);
      const end = await this.#record();
      if (this.#failure !== undefined) throw this.#failure.error;
      return { sessions: this.#sessions, end };
    } catch (error) {
      throw await this.#leave(error);
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
      if (this.#parts.some(({ isFull }) => isFull)) ended = 'disk_full';
      else if (now >= this.#stopAt) ended = 'duration';
      else if (signal.aborted) ended = 'stopped';
      else if (feeds.open === 0 || this.#failure !== undefined) ended = 'feeds_ended';
    }
    const to = ended === 'duration' ? this.#stopAt : ended === 'feeds_ended' ? feeds.endedAt : now;
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
    const last = this.#parts.at(-1)!;
    this.#stopAt = last.endsAt = ended === 'duration' ? to : to + 1;
    await this.#options.hostClock.until(this.#options.hostClock.now() + ROUND, this.#stopping.signal);
    this.#stopping.abort();
    await this.#write(intake.take(this.#stopAt - 1), to);
    if (ended === 'disk_full') {
      const detail = 'the disk is full, and the recording ends here';
      for (const instrument of this.#books.definitions.map((definition) => definition.instrument))
        this.#put({ type: 'FeedInterrupted', version: 1, at: to, data: { instrument, reason: 'disk_full', detail } });
      for (const tap of this.#taps.keys()) tap.interrupted(to, 0, 'disk_full', detail);
    }
    while (this.#parts.length > 1) await this.#nextPart();
    await this.#closing;
    await this.#close(this.#parts.shift()!, to);
  }

  /** Puts messages into their parts. @param passed  everything received before that has been handed over */
  async #write(events: readonly MarketEvent[], passed: EpochMicros): Promise<void> {
    for (const event of events) {
      if (event.at >= this.#stopAt) continue;
      while (event.at >= this.#parts[0]!.endsAt) await this.#nextPart();
      const ruled =
        event.type === 'InstrumentDefined' ? { ...event, data: applyRules(event.data, this.#rules) } : event;
      if (this.#put(ruled) !== ruled) this.#feeds.forEach(({ feed }) => feed.requestSnapshots());
      await this.#parts[0]!.write();
    }
    await this.#parts[0]!.write();
    while (passed >= this.#parts[0]!.endsAt && this.#parts[0]!.endsAt < this.#stopAt) await this.#nextPart();
  }

  #put(event: MarketEvent): MarketEvent {
    const written = this.#parts[0]!.add(event);
    this.#books.apply(written);
    this.#messages++;
    return written;
  }

  async #flush(now: EpochMicros): Promise<void> {
    const part = this.#parts[0]!;
    const lost = await part.flush();
    if (lost) this.#askTapped();
    const { rotateBytes = Infinity, onFlush } = this.#options;
    const { inputs, rawLines, bytes } = part.flushed;
    onFlush?.({ out: part.options.target, inputs, rawLines, bytes, messages: this.#messages });
    if (bytes >= rotateBytes && this.#parts.length === 1) part.endsAt = Math.min(part.endsAt, now + 1);
  }

  /** The first part becomes a session, and the next one is written. */
  async #nextPart(): Promise<void> {
    const part = this.#parts[0]!;
    const at = part.endsAt;
    const next = this.#parts[1] ?? this.#partAt(at)!;
    await next.open();
    await this.#closing; // one at a time: a disk that is slower than the parts come makes the recorder wait
    this.#parts.shift();
    this.#closing = this.#close(part, at);
    for (const event of this.#books.head(at)) next.add(event);
    this.#sayDefined(next, at);
    this.#askTapped();
  }

  async #close(part: Part, to: EpochMicros): Promise<void> {
    try {
      this.#sessions.push({ out: part.options.target, session: await part.close(to) });
    } catch (error) {
      this.#failure ??= { error: await left(part, error) };
    }
  }

  /** Frames without which the raw files cannot go on are asked for. */
  #askTapped(): void {
    for (const { feed, tap } of this.#feeds) if (tap !== undefined) feed.requestSnapshots();
  }

  /** The raw files of a part say what their instruments are. */
  #sayDefined(part: Part, at: EpochMicros): void {
    const definitions = new Map(this.#books.definitions.map((definition) => [definition.instrument, definition]));
    for (const { feed, tap } of this.#feeds) {
      const raw = tap === undefined ? undefined : this.#taps.get(tap);
      if (raw === undefined) continue;
      for (const { instrument } of feed.instruments)
        part.raw(raw).add({ at }, 0, 'defined', JSON.stringify(definitions.get(instrument)));
    }
  }

  #newTap(venue: string): FrameTap {
    const feed = [...this.#taps.values()].filter((raw) => raw.venue === venue).length + 1;
    const of: RawFeed = { venue, feed };
    let lastAt = 0; // replies and messages come by different ways; in the order of lines time never runs backwards
    const linesAt = (at: EpochMicros): RawLines | undefined => {
      if (at > lastAt) lastAt = at;
      return this.#partAt(lastAt)?.raw(of);
    };
    const tap = tapInto(linesAt, (definition) => applyRules(definition, this.#rules));
    this.#taps.set(tap, of);
    this.#partAt(0)?.raw(of);
    return tap;
  }

  /** The part that frames of an instant go to, begun where it is the next one; undefined once the recording is over. */
  #partAt(at: EpochMicros): Part | undefined {
    if (at >= this.#stopAt) return undefined;
    for (let part = this.#parts.at(-1)!; ;) {
      if (at < part.endsAt) return part;
      const next = this.#addPart(part.endsAt);
      this.#plan(next);
      part = next;
    }
  }

  #addPart(from: EpochMicros): Part {
    const { engineVersion, force = false, disk = MACHINE_DISK } = this.#options;
    const target = this.#names.next();
    const part = new Part(from, { target, name: basename(resolve(target)), engineVersion, force, disk });
    this.#parts.push(part);
    for (const raw of this.#taps.values()) part.raw(raw);
    return part;
  }

  #plan(part: Part): void {
    part.endsAt = Math.min(part.from + (this.#options.rotateAfter ?? Infinity), this.#stopAt);
  }

  /** Something failed that cannot be gone on from: what is there is left, unless it is nothing. */
  async #leave(error: unknown): Promise<unknown> {
    this.#stopping.abort();
    await this.#closing;
    let said = error;
    for (const part of this.#parts.splice(0))
      if (!part.isOpen) continue;
      else if (part.inputs === 0) await part.abort();
      else said = await left(part, said);
    return said;
  }
}

/** Leaves a part for `--recover`, and says so. */
async function left(part: Part, error: unknown): Promise<unknown> {
  await part.leave();
  if (!(error instanceof RecordingError)) return error;
  const { target } = part.options;
  const mend = `${error.mend}; ${recoverCommand(recordingFolder(target), target)}`;
  return new RecordingError(error.code, error.where, error.what, mend, { cause: error });
}
