import type { MarketEvent } from '../../../core/market/events.js';
import { formatDuration, MICROS, type EpochMicros, type Micros } from '../../../core/time.js';
import { Alarm } from '../../clock/alarm.js';
import type { Frame } from '../venue.js';
import { BackOff } from './back-off.js';
import { connect } from './connect.js';
import type { Life } from './life.js';
import { LineBooks, type BooksLine } from './line-books.js';
import type { LineContext } from './line-context.js';
import { reasonOf } from './requests.js';
import { Skew } from './skew.js';

/** Waits before a connection is opened again. */
const FIRST_WAIT: Micros = MICROS.s;
const LONGEST_WAIT: Micros = MICROS.m;
/** A connection that lived for so long was well. */
const WELL_AFTER: Micros = MICROS.m / 2;
/** So long before the venue ends a connection, or a tenth of its life if that is less, another one takes its place. */
const RENEW_BEFORE: Micros = 5 * MICROS.m;

/** What a connection carries. */
export interface Carried {
  /** From 1. */
  readonly number: number;
  readonly symbols: readonly string[];
  /** Of which instrument an event is. */
  readonly symbolOf: (instrument: string) => string;
  /** Only the trades: the books of these instruments come over this other connection. */
  readonly tradesOf?: VenueLine;
}

/**
 * One connection to a venue, opened again whenever it ends: asks for what it carries, answers and pings, and finds out when it
 * is dead. All its waits are one wait, for the earliest thing that is due.
 */
export class VenueLine implements BooksLine {
  readonly isLive = true;
  readonly number: number;
  readonly symbols: readonly string[];
  readonly signal: AbortSignal;
  readonly skew = new Skew();
  /** How often it was opened again. */
  reconnects = -1;
  /** When anything came last, 0 before that. */
  lastFrameAt: EpochMicros = 0;
  readonly #context: LineContext;
  readonly #carried: Carried;
  readonly #books: LineBooks;
  readonly #alarm: Alarm;
  readonly #reopen: BackOff;
  /** The connection that carries the trades of this one's instruments, where they are apart. */
  #trades: VenueLine | undefined;
  #life: Life | undefined;
  #renewAt: EpochMicros = Infinity;
  /** Another connection is being opened beside the present one. */
  #renewing: Promise<boolean> | undefined;

  constructor(context: LineContext, carried: Carried, signal: AbortSignal) {
    this.#context = context;
    this.#carried = carried;
    this.signal = signal;
    this.number = carried.number;
    this.symbols = carried.symbols;
    this.#books = new LineBooks(this, context);
    this.#alarm = new Alarm(context.clock);
    this.#reopen = new BackOff(FIRST_WAIT, LONGEST_WAIT, context.jitter);
    if (carried.tradesOf !== undefined) carried.tradesOf.#trades = this;
  }

  get isConnected(): boolean {
    return this.#life !== undefined && this.#trades?.isConnected !== false;
  }

  get name(): string {
    return `${this.#context.venue}, connection ${this.number}`;
  }

  get mayAsk(): boolean {
    const { tradesOf } = this.#carried;
    return tradesOf === undefined && this.isConnected && !this.#context.reader.isLeavingOut;
  }

  findAhead(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  wantSnapshot(symbol: string): void {
    this.#life?.spoken.add(symbol);
    this.#books.want(symbol, this.#now());
    this.ring();
  }

  /** Asks for every book that is not on its way. */
  wantAll(): void {
    if (this.#life === undefined) return; // a new connection brings them all
    this.#books.wantAll(this.#now());
    this.ring();
  }

  told({ type, at, data }: MarketEvent, frame: Frame | undefined): void {
    const symbol = this.#carried.symbolOf(data.instrument);
    if (type === 'BookSnapshot') this.#books.came(symbol, at);
    if (frame?.kind !== 'message') return; // what was held, or asked for, says nothing of the way of a message
    this.#life?.spoken.add(symbol);
    const { venueAt } = data as { readonly venueAt?: EpochMicros };
    if (venueAt !== undefined) this.skew.add(at, venueAt);
  }

  ring(): void {
    this.#alarm.ring();
  }

  /** Keeps a connection open until the signal aborts. */
  async run(): Promise<void> {
    const { clock, tell } = this.#context;
    const { signal } = this;
    while (!this.#isStopped()) {
      if (await (this.#renewing ?? this.#open())) await this.#keep();
      if (this.#isStopped()) break;
      if (this.#renewing !== undefined) continue;
      const wait = this.#reopen.next();
      tell(`${this.name}: opened again in ${formatDuration(Math.ceil(wait / MICROS.ms) * MICROS.ms)}`);
      await clock.until(this.#now() + wait, signal);
    }
    this.#life?.socket.close();
  }

  subscribe(life: Life, symbols: readonly string[], now: EpochMicros): void {
    life.send(this.#channels.subscribe(symbols, life.nextId()), now);
  }

  /** It is no connection any more: what its books were is not known to go on. */
  end(life: Life, reason: string): void {
    if (life.isOver || this.signal.aborted) return;
    life.endedBy = reason;
    life.socket.close();
    if (this.#life !== life) return;
    this.#life = undefined;
    const { reader, tell } = this.#context;
    if (this.#now() - life.openedAt >= WELL_AFTER) this.#reopen.reset();
    reader.interrupt(this, 'disconnected', reason);
    this.#carried.tradesOf?.missTrades('disconnected', reason);
    tell(`${this.name}: ${reason}`);
    this.ring();
  }

  /** Its instruments' trades, which come over another connection, are not all there. */
  missTrades(reason: string, detail: string): void {
    this.#context.reader.interrupt(this, reason, `of its trades: ${detail}`);
    this.wantAll();
  }

  get #channels(): Pick<LineContext['connection'], 'path' | 'subscribe'> {
    const { connection } = this.#context;
    return this.#carried.tradesOf === undefined ? connection : connection.tradesApart!;
  }

  /** Opens a connection, and lets it take the place of the present one. @returns false where it could not be opened */
  async #open(): Promise<boolean> {
    const { connects, clock, tell } = this.#context;
    const { signal } = this;
    for (let at = connects.freeAt(this.#now()); at > this.#now(); at = connects.freeAt(this.#now())) {
      await clock.until(at, signal);
      if (this.#isStopped()) return false;
    }
    connects.take(this.#now());
    try {
      const life = await connect(this.#context, this.#channels, this.symbols, signal, {
        message: (on, text, at, nanos) => this.#message(on, text, at, nanos),
        alive: (on, at) => this.#sign(on, at),
        closed: (on, reason) => this.end(on, `closed: ${reason}`),
      });
      if (this.#life !== undefined) this.end(this.#life, 'renewed before the venue ends it');
      this.#begin(life);
      return true;
    } catch (error) {
      if (!this.#isStopped()) tell(`${this.name} cannot be opened: ${reasonOf(error)}`);
      return false;
    }
  }

  #begin(life: Life): void {
    const { life: span } = this.#context.connection.limits;
    const now = this.#now();
    this.#life = life;
    this.reconnects++;
    this.#renewAt = span === undefined ? Infinity : now + span - Math.min(RENEW_BEFORE, Math.floor(span / 10));
    this.#context.reader.opened(this, life.url);
    this.#books.begin();
    try {
      this.subscribe(life, this.symbols, now);
    } catch (error) {
      this.end(life, reasonOf(error));
    }
    this.#carried.tradesOf?.ring(); // its books may be asked for now
    this.ring();
  }

  /** Does what is due until there is no connection. */
  async #keep(): Promise<void> {
    for (let life = this.#life; life !== undefined && !this.signal.aborted; life = this.#life) {
      try {
        this.#tick(life, this.#now());
      } catch (error) {
        this.end(life, reasonOf(error)); // a socket that takes nothing any more
      }
      if (!life.isOver) await this.#alarm.wait(this.#nextAt(life), this.signal);
    }
  }

  #tick(life: Life, now: EpochMicros): void {
    const { connection, silence } = this.#context;
    if (now >= life.signAt + silence) {
      const detail = `nothing came for ${formatDuration(silence)}`;
      this.#context.reader.interrupt(this, 'silent', detail);
      this.end(life, detail);
      return;
    }
    if (now >= this.#renewAt) this.#renew();
    life.flush(now);
    if (life.isQuiet && now >= pingAt(life)) life.send([connection.ping!.text(life.nextId())], now);
    this.#books.tick(life, now);
  }

  #nextAt(life: Life): EpochMicros {
    const dead = life.signAt + this.#context.silence;
    const sends = life.isQuiet ? pingAt(life) : life.sendsAt(this.#now());
    return Math.min(dead, this.#renewAt, sends, this.#books.nextAt());
  }

  /** Another connection takes the place of one that the venue will end. */
  #renew(): void {
    this.#renewAt = Infinity;
    this.#renewing = this.#open().then((isOpen) => {
      this.#renewing = undefined;
      if (!isOpen) this.#renewAt = this.#now() + this.#reopen.next();
      this.ring();
      return isOpen;
    });
  }

  #sign(life: Life, at: EpochMicros): void {
    life.signAt = Math.max(life.signAt, at);
    if (life === this.#life) this.lastFrameAt = Math.max(this.lastFrameAt, at);
  }

  #message(life: Life, text: string, at: EpochMicros, nanos: number | undefined): void {
    if (life !== this.#life) return;
    this.#sign(life, at);
    const { connection, reader } = this.#context;
    const frame: Frame = { at, ...(nanos === undefined ? {} : { nanos }), kind: 'message', url: life.url, text };
    reader.keep(frame, this);
    try {
      const answer = connection.answer?.(text);
      const refusal = answer === undefined ? connection.refusal?.(text) : undefined;
      if (answer !== undefined) life.answer(answer, at);
      else if (refusal !== undefined) this.#books.refused(life, refusal, at);
      else reader.read(frame, this);
    } catch (error) {
      this.#fault(life, error);
    }
    if (!life.isQuiet) this.ring();
  }

  #fault(life: Life, error: unknown): void {
    const { tradesOf } = this.#carried;
    if (tradesOf === undefined) this.#books.fault(life, error, this.#now());
    else tradesOf.missTrades('bad_message', reasonOf(error));
  }

  #isStopped(): boolean {
    return this.signal.aborted;
  }

  #now(): EpochMicros {
    return this.#context.clock.now();
  }
}

const pingAt = ({ sentAt, pingEvery }: Life): EpochMicros => sentAt + (pingEvery ?? Infinity);
