import { setImmediate } from 'node:timers/promises';
import type { BookSnapshot, MarketEvent } from '../../../core/market/events.js';
import type { Recording, StopSignal } from '../../../core/ports.js';
import { formatInstant, MICROS, type Micros } from '../../../core/time.js';
import { Alarm } from '../../clock/alarm.js';
import type { Clock } from '../../clock/clock.js';
import type { Request, Venue } from '../venue.js';
import { LoopbackClient, type Wire } from './client.js';
import { Clients } from './clients.js';
import type { Dialect, Received, VenueServer } from './dialect.js';
import { BadFault, type Fault, isMessageFault, possibleFaults } from './faults.js';
import { FaultPlan } from './fault-plan.js';
import { faultScript } from './fault-script.js';
import { Play, type Stage } from './play.js';
import { RestSide, type LoopbackReply } from './rest-side.js';
import { isBookEvent, ServedBooks } from './served.js';
import { Troubles } from './troubles.js';

export interface LoopbackOptions {
  readonly recording: Recording;
  /** The venue to speak as; it must have a `server`. */
  readonly venue: Venue;
  readonly clock: Clock;
  /** The recording's time to the clock's, 0 or more; 0 plays on `step` only. */
  readonly speed: number;
  /** Who must have subscribed before the recording plays: the `first` client (default), clients of `all` instruments, `nobody`. */
  readonly waitFor?: WaitFor;
  /** Behind the recording leave is taken of every client (`end`, the default), it begins anew, or the last books stay. */
  readonly atEnd?: AtEnd;
  readonly faults?: readonly Fault[];
  /** Draws faults without end. */
  readonly faultSeed?: number;
  /** From a REST request to its answer, which is true when it was asked for. */
  readonly restLatency?: Micros;
}

export const WAIT_FOR = ['first', 'all', 'nobody'] as const;
export type WaitFor = (typeof WAIT_FOR)[number];
export const AT_END = ['end', 'loop', 'stay'] as const;
export type AtEnd = (typeof AT_END)[number];

/** One client's connection, as whoever carries its messages sees it. */
export interface LoopbackConnection {
  receive(text: string): void;
  /** The client is gone. */
  gone(): void;
}

/**
 * A venue of a recording: speaks the venue's own protocol and plays what was recorded, to any number of clients. It knows no
 * sockets: `in-process.ts` and `server.ts` carry its messages.
 */
export class LoopbackVenue implements Stage {
  readonly books: ServedBooks;
  /** Book messages that were sent so far; faults count by them. */
  bookMessages = 0;
  /** What clients did so far. */
  readonly counts = { connections: 0, requests: 0, messages: 0 };
  /** Resolves when the recording has been played to its end, or the venue is closed; rejects when it cannot be read. */
  readonly done: Promise<void>;
  /** The faults that this venue can have. */
  readonly possible: readonly Fault['kind'][];
  readonly #server: VenueServer;
  readonly #clients = new Clients();
  readonly #plan: FaultPlan;
  readonly #troubles = new Troubles();
  readonly #rest: RestSide;
  readonly #closing = new AbortController();
  readonly #subscribed: Alarm;
  readonly #beating: Alarm;
  #state: 'waiting' | 'playing' | 'over' = 'waiting';
  #play: Play;

  /** @throws {BadFault} for a fault that this venue cannot have */
  constructor(readonly options: LoopbackOptions) {
    const { venue, recording, clock, faultSeed, faults = [] } = options;
    if (venue.server === undefined) throw new TypeError(`${venue.name} has no side of its own that could be served`);
    this.#server = venue.server;
    this.possible = possibleFaults(venue.server.newDialect());
    this.books = new ServedBooks(venue.name, venue.server, recording.instruments);
    this.#rest = new RestSide(options, this.books);
    this.#subscribed = new Alarm(clock);
    this.#beating = new Alarm(clock);
    this.#plan = new FaultPlan(faultSeed === undefined ? [] : faultScript(faultSeed, this.possible));
    this.inject(...faults);
    this.#play = this.#newPlay();
    const { signal } = this.#closing;
    void this.#beat(signal);
    this.done = this.#run(signal);
    this.done.catch(() => undefined); // whoever waits for it hears of it
  }

  /** Somebody wants to connect. @throws {VenueRefuses} */
  admit(): void {
    this.counts.connections++;
    this.#troubles.admit(this.options.clock.now());
  }

  /** Takes a client that was let in. @param path  of the address that it connected to, with its query */
  connect(path: string, wire: Wire): LoopbackConnection {
    const now = this.options.clock.now();
    const dialect = this.#server.newDialect();
    const client = new LoopbackClient(dialect, wire, now);
    if (now < this.#troubles.silentUntil) client.fallSilent();
    this.#clients.add(client);
    this.#take(client, { answers: dialect.greeting() });
    if (dialect.connected !== undefined) this.#take(client, dialect.connected(path, this.books.bySymbol));
    return {
      receive: (text) => this.#receive(client, dialect, text),
      gone: () => this.#clients.delete(client),
    };
  }

  /** Answers a REST request (`RestSide.answer`). */
  async request(request: Request, base: { readonly socket: string }): Promise<LoopbackReply> {
    this.counts.requests++;
    const retryAfter = this.#troubles.retryAfter(this.options.clock.now());
    if (retryAfter === undefined) return this.#rest.answer(request, base, this.#state, this.#closing.signal);
    const text = '{"msg":"too many requests: wait as Retry-After says"}';
    return { status: 429, text, retryAfter, handedOver: () => undefined };
  }

  /** Makes faults come, at once or at their messages. @throws {BadFault} for one that this venue cannot have; then none comes */
  inject(...faults: readonly Fault[]): void {
    const strange = faults.find(({ kind }) => !this.possible.includes(kind));
    if (strange !== undefined)
      throw new BadFault(
        `${this.options.venue.name} cannot have "${strange.kind}": use one of ${this.possible.join(', ')}`,
      );
    for (const fault of faults)
      if (fault.at === undefined && !isMessageFault(fault.kind)) this.#strike(fault);
      else this.#plan.add({ ...fault, at: fault.at ?? this.bookMessages + 1 });
  }

  /** With speed 0: plays the next `count` messages of the recording. Resolves when they are sent, or it is at its end. */
  step(count: number): Promise<void> {
    return this.#state === 'over' ? Promise.resolve() : this.#play.step(count);
  }

  status(): object {
    const { venue, speed, recording, clock } = this.options;
    return {
      venue: venue.name,
      speed,
      state: this.#state,
      at: formatInstant(this.#play.at),
      to: formatInstant(recording.to),
      played: this.#play.played,
      bookMessages: this.bookMessages,
      clients: this.#clients.size,
      ...this.counts,
      isSilent: clock.now() < this.#troubles.silentUntil,
      instruments: [...this.books.bySymbol.keys()],
      faults: this.possible,
    };
  }

  /** Takes leave of every client and stops playing. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.done.catch(() => undefined);
    this.#clients.close('the venue closes', true);
  }

  // ---- what the play calls ----

  apply(event: MarketEvent): void {
    const served = this.books.of(event);
    if (served === undefined) return;
    this.books.apply(served, event);
    if (served.book.isKnown) this.#rest.release(served.symbol);
  }

  say(event: MarketEvent): boolean {
    const instrument = this.books.of(event);
    if (instrument === undefined) return false;
    const now = this.options.clock.now();
    const said = this.#clients.told(event, instrument);
    if (said.length === 0) return false;
    if (!isBookEvent(event)) {
      for (const { client, messages } of said) for (const message of messages) client.send(message, now);
      return true;
    }
    for (const fault of this.#plan.reach(++this.bookMessages)) this.#strike(fault);
    const fault = this.#plan.take((kind) => kind !== 'corrupt' || said.some(hasChecksum));
    this.#clients.pass(said, instrument.symbol, fault, now);
    return true;
  }

  isAwaited(snapshot: BookSnapshot): boolean {
    const served = this.books.of(snapshot);
    return served !== undefined && this.#rest.isAwaited(served, this.#clients.isOpen(served.symbol));
  }

  isAskedFor(snapshot: BookSnapshot): boolean {
    return this.#rest.isAskedFor(this.books.of(snapshot)!.symbol);
  }

  handedOver(snapshot: BookSnapshot): Promise<void> {
    return this.#rest.untilHandedOver(this.books.of(snapshot)!.symbol, this.#closing.signal);
  }

  async #run(signal: StopSignal): Promise<void> {
    const { atEnd = 'end' } = this.options;
    for (;;) {
      while (!this.#mayBegin() && !signal.aborted) await this.#subscribed.wait(Infinity, signal);
      await setImmediate(); // whoever subscribed goes on to subscribe to more
      if (signal.aborted) break;
      this.#state = 'playing';
      await this.#play.run(signal);
      if (atEnd !== 'loop') break;
      this.#state = 'waiting';
      this.#clients.close('the recording begins anew', true);
      this.books.clear();
      this.#play = this.#newPlay();
    }
    this.#state = 'over';
    this.#rest.releaseAll();
    if (atEnd === 'end') this.#clients.close('the recording is at its end', true);
  }

  #newPlay(): Play {
    const { recording, clock, speed } = this.options;
    return new Play(recording, clock, speed, this);
  }

  #mayBegin(): boolean {
    switch (this.options.waitFor ?? 'first') {
      case 'nobody':
        return true;
      case 'first':
        return this.#clients.isOpen();
      case 'all':
        return [...this.books.bySymbol.keys()].every((symbol) => this.#clients.isOpen(symbol));
    }
  }

  #receive(client: LoopbackClient, dialect: Dialect, text: string): void {
    if (!this.#clients.has(client)) return;
    this.counts.messages++;
    const refused = this.#troubles.refusesSubscriptions ? dialect.refuse?.(text) : undefined;
    if (refused === undefined) this.#take(client, dialect.receive(text, this.books.bySymbol));
    else {
      this.#troubles.refusedSubscription();
      this.#take(client, { answers: refused });
    }
  }

  #take(client: LoopbackClient, received: Received): void {
    client.take(received, this.books.bySymbol, this.options.clock.now());
    this.#subscribed.ring();
  }

  #strike(fault: Fault): void {
    this.#troubles.begin(fault, this.options.clock.now());
    if (fault.kind === 'silent') this.#clients.fallSilent();
    if (fault.kind === 'disconnect') this.#clients.close('the connection broke', false);
    this.#beating.ring();
  }

  /** Signs of life each second, and the end of a silence at its time. */
  async #beat(signal: StopSignal): Promise<void> {
    const { clock } = this.options;
    while (!signal.aborted) {
      const now = clock.now();
      const { silentUntil } = this.#troubles;
      this.#clients.beat(now, now < silentUntil);
      const next = now + MICROS.s;
      await this.#beating.wait(now < silentUntil && silentUntil < next ? silentUntil : next, signal);
    }
  }
}

const hasChecksum = ({
  client,
  messages,
}: {
  readonly client: LoopbackClient;
  readonly messages: readonly string[];
}): boolean => messages.some((message) => client.dialect.corrupted?.(message) !== undefined);
