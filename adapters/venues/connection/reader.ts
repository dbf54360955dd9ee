import type { MarketEvent } from '../../../core/market/events.js';
import type { StopSignal } from '../../../core/ports.js';
import type { EpochMicros } from '../../../core/time.js';
import type { Clock } from '../../clock/clock.js';
import { MarketEvents } from '../mapping/market-events.js';
import type { Frame, Source, Venue, VenueMapper } from '../venue.js';
import { EventQueue } from './event-queue.js';
import type { FrameTap } from './ports.js';

/** What the reader knows of a connection that it reads. */
export interface ReadLine extends Source {
  /** From 1, as a tap counts them. */
  readonly number: number;
  /** Takes note of an event of one of its instruments; `frame` is what showed it, if one did. */
  told(event: MarketEvent, frame: Frame | undefined): void;
  /** What was left out is over: its books are wanted. */
  wantAll(): void;
}

/**
 * Reads all frames of one venue through its mapper, in the order in which they come, and keeps the events until somebody
 * reads them. Where nobody does, the books are interrupted, frames are counted and left out until there is room, and then
 * the books are asked for anew.
 */
export class Reader {
  readonly #mapper: VenueMapper;
  readonly #queue = new EventQueue(() => this.#taken());
  readonly #lines: ReadLine[] = [];
  readonly #lineOf = new Map<string, ReadLine>();
  readonly #clock: Clock;
  readonly #tap: FrameTap | undefined;
  /** Frames that were left out since the queue was full; undefined while none is. */
  #leftOut: number | undefined;
  /** Instruments that have not come back since, with how many frames were left out. */
  readonly #behind = new Map<string, number>();
  #frame: Frame | undefined;
  #lastAt: EpochMicros = 0;

  constructor(venue: Venue, clock: Clock, tap: FrameTap | undefined) {
    this.#clock = clock;
    this.#tap = tap;
    const events = new MarketEvents(
      (event) => this.#tell(event),
      (instrument) => this.#lineOf.has(instrument),
    );
    this.#mapper = venue.newMapper(events);
  }

  /** Nothing is read until there is room again. */
  get isLeavingOut(): boolean {
    return this.#leftOut !== undefined;
  }

  /** @param instruments  `SYMBOL@venue`, those whose books come over this connection */
  add(line: ReadLine, instruments: readonly string[]): void {
    this.#lines.push(line);
    for (const instrument of instruments) this.#lineOf.set(instrument, line);
  }

  opened(line: ReadLine, url: string): void {
    this.#tap?.opened?.(this.#clock.now(), line.number, url);
  }

  /** Shows a frame to whoever keeps them raw. */
  keep(frame: Frame, line: ReadLine): void {
    this.#tap?.frame(frame, line.number);
  }

  /** Reads a frame. @throws {MessageFault} for what the venue cannot have sent, and whatever a mapper throws */
  read(frame: Frame, line: ReadLine): void {
    if (this.#leftOut === undefined && this.#queue.isFull) this.#leaveOut();
    if (this.#leftOut === undefined) this.#map(frame, line);
    else this.#leftOut++;
  }

  /** Keeps and reads a reply that is of no connection. @throws as `read` */
  readAside(frame: Frame): void {
    this.#tap?.frame(frame, 0);
    this.#map(frame, this.#lines[0]!);
  }

  /** Takes away the trust of a connection's books, of all or of some of them (see `VenueMapper.interrupt`). */
  interrupt(line: ReadLine, reason: string, detail: string, symbols?: readonly string[]): void {
    const at = this.#stamp(this.#clock.now());
    this.#tap?.interrupted(at, line.number, reason, detail, symbols);
    this.#mapper.interrupt(line, at, reason, detail, symbols);
  }

  /** Tells an event that no frame of a connection shows. */
  tell(event: MarketEvent): void {
    const at = this.#stamp(event.at);
    if (event.type === 'InstrumentDefined') this.#tap?.defined?.(at, event.data);
    this.#queue.put({ ...event, at });
  }

  /** Whoever brings the frames cannot go on. */
  fail(error: unknown): void {
    this.#queue.fail(error);
  }

  batches(signal: StopSignal): AsyncGenerator<readonly MarketEvent[]> {
    return this.#queue.batches(signal);
  }

  #map(frame: Frame, line: ReadLine): void {
    const at = this.#stamp(frame.at);
    const stamped = at === frame.at ? frame : { ...frame, at };
    this.#frame = stamped;
    try {
      const taken = this.#mapper.accept(stamped, line);
      if (taken instanceof Promise) throw new Error('a live source has nothing ahead to be searched');
    } finally {
      this.#frame = undefined;
    }
  }

  #tell(event: MarketEvent): void {
    const { instrument } = event.data;
    this.#queue.put(event);
    this.#lineOf.get(instrument)?.told(event, this.#frame);
    const leftOut = event.type === 'BookSnapshot' ? this.#behind.get(instrument) : undefined;
    if (leftOut === undefined) return;
    this.#behind.delete(instrument);
    const detail = `nobody read what came; ${leftOut} frames of its venue were left out`;
    const data = { instrument, trust: 'trusted', detail } as const;
    this.#queue.put({ type: 'FeedResumed', version: 1, at: event.at, data });
  }

  #leaveOut(): void {
    const detail = `${this.#queue.length} events wait to be read; what comes until there is room again is left out`;
    for (const line of this.#lines) this.interrupt(line, 'log_behind', detail);
    this.#leftOut = 0;
  }

  #taken(): void {
    if (this.#leftOut === undefined || !this.#queue.hasRoom) return;
    for (const instrument of this.#lineOf.keys())
      this.#behind.set(instrument, (this.#behind.get(instrument) ?? 0) + this.#leftOut);
    this.#leftOut = undefined;
    for (const line of this.#lines) line.wantAll();
  }

  /** Replies and messages come by different ways; in the order of events time never runs backwards. */
  #stamp(at: EpochMicros): EpochMicros {
    this.#lastAt = Math.max(this.#lastAt, at);
    return this.#lastAt;
  }
}
