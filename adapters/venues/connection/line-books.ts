import type { StopSignal } from '../../../core/ports.js';
import { MICROS, type EpochMicros, type Micros } from '../../../core/time.js';
import type { Frame, Request } from '../venue.js';
import { BackOff } from './back-off.js';
import { BookAsks, PATIENCE } from './book-asks.js';
import type { Life } from './life.js';
import type { LineContext } from './line-context.js';
import type { ReadLine } from './reader.js';
import { reasonOf } from './requests.js';

/** A refused subscription is tried again after this, and later and later. */
const FIRST_REFUSAL: Micros = 30 * MICROS.s;
const LONGEST_REFUSAL: Micros = 10 * MICROS.m;
/** A storm of messages that cannot be read is told of so often. */
const TELL_EVERY: Micros = 10 * MICROS.s;

/** The connection, as its books need it. */
export interface BooksLine extends ReadLine {
  readonly symbols: readonly string[];
  /** As messages name it: `kraken, connection 2`. */
  readonly name: string;
  /** Whoever stops the feed. */
  readonly signal: StopSignal;
  /** Books may be asked for: all that makes one worth something is there. */
  readonly mayAsk: boolean;
  subscribe(life: Life, symbols: readonly string[], now: EpochMicros): void;
  end(life: Life, reason: string): void;
  /** Something is due earlier than it was. */
  ring(): void;
}

/**
 * The books of one connection: sees to it that each comes, asks for those that are wanted in the way of the venue (over REST,
 * by a new subscription, or by a new connection), and for all of them after a message that cannot be read.
 */
export class LineBooks {
  readonly #line: BooksLine;
  readonly #context: LineContext;
  readonly #asks: BookAsks;
  #refusals: BackOff;
  /** A subscription was refused: these are asked for again then. */
  #again: { readonly symbols: readonly string[]; readonly at: EpochMicros } | undefined;
  #lastRefusal: string | undefined;
  #faultToldAt: EpochMicros = -Infinity;

  constructor(line: BooksLine, context: LineContext) {
    this.#line = line;
    this.#context = context;
    this.#asks = new BookAsks(line.symbols, context.jitter);
    this.#refusals = this.#newRefusals();
  }

  /** A new connection: everything is asked for. */
  begin(): void {
    this.#asks.expectAll();
    this.#again = undefined;
    this.#refusals = this.#newRefusals();
  }

  /** The mapper wants a book. One that should come by itself is not asked for as well. */
  want(symbol: string, now: EpochMicros): void {
    if (this.#isRest || !this.#asks.isWanted(symbol)) this.#asks.want(symbol, now);
  }

  /** Every book that is not on its way is wanted. */
  wantAll(now: EpochMicros): void {
    for (const symbol of this.#line.symbols) if (!this.#asks.isWanted(symbol)) this.#asks.want(symbol, now);
  }

  came(symbol: string, now: EpochMicros): void {
    this.#asks.came(symbol, now);
  }

  /** Asks for what is due. */
  tick(life: Life, now: EpochMicros): void {
    if (life.isQuiet) this.#asks.expectNow(now);
    if (this.#again !== undefined && this.#again.at <= now) {
      const { symbols } = this.#again;
      this.#again = undefined;
      for (const symbol of symbols) if (!life.spoken.has(symbol)) this.#asks.postpone(symbol, now + PATIENCE);
      this.#line.subscribe(life, symbols, now);
    }
    if (this.#line.mayAsk) for (const symbol of this.#asks.due(now)) if (!life.isOver) this.#ask(symbol, life, now);
  }

  nextAt(): EpochMicros {
    return Math.min(this.#again?.at ?? Infinity, this.#line.mayAsk ? this.#asks.nextAt() : Infinity);
  }

  /** A subscription was refused. Of those that nothing came of, nothing is believed until it is taken. */
  refused(life: Life, sentence: string, now: EpochMicros): void {
    const { reader, tell } = this.#context;
    const { symbols, name } = this.#line;
    const silent = symbols.filter((symbol) => !life.spoken.has(symbol));
    const at = this.#again?.at ?? now + this.#refusals.next();
    this.#again = { symbols: silent.length > 0 ? silent : symbols, at };
    for (const symbol of silent) this.#asks.postpone(symbol, Infinity);
    if (silent.length > 0) reader.interrupt(this.#line, 'refused', sentence, silent);
    if (sentence !== this.#lastRefusal) tell(`${name}: a subscription was refused: ${sentence}; asked for again`);
    this.#lastRefusal = sentence;
    this.#line.ring();
  }

  /** A frame could not be read: any of these books may be wrong by what was in it. */
  fault(life: Life, error: unknown, now: EpochMicros, symbols?: readonly string[]): void {
    const { reader, tell, connection } = this.#context;
    const what = reasonOf(error);
    if (now - this.#faultToldAt >= TELL_EVERY) {
      tell(`${this.#line.name}: a message cannot be read: ${what}; its books are asked for anew`);
      this.#faultToldAt = now;
    }
    reader.interrupt(this.#line, 'bad_message', what, symbols);
    if (!this.#isRest && connection.resubscribe === undefined)
      this.#line.end(life, 'a message could not be read, and the books come with a new connection only');
    else for (const symbol of symbols ?? this.#line.symbols) this.#asks.want(symbol, now);
    this.#line.ring();
  }

  get #isRest(): boolean {
    return this.#context.connection.snapshot !== undefined;
  }

  #ask(symbol: string, life: Life, now: EpochMicros): void {
    const { connection } = this.#context;
    if (connection.snapshot !== undefined) {
      this.#asks.asked(symbol, now, Infinity); // an answer comes, or that there is none
      void this.#fetch(symbol, life, connection.snapshot(symbol));
    } else if (connection.resubscribe !== undefined) {
      this.#asks.asked(symbol, now, PATIENCE);
      life.send(connection.resubscribe(symbol, life.nextId()), now);
    } else this.#line.end(life, `the book of ${symbol} is missing, and comes with a new connection only`);
  }

  async #fetch(symbol: string, life: Life, request: Request): Promise<void> {
    const { requests, clock, tell } = this.#context;
    let frame: Frame | undefined;
    let problem = '';
    try {
      frame = await requests.ask(request, this.#line.signal);
    } catch (error) {
      problem = (error as Error).message;
    }
    if (life.isOver || this.#isRefused(symbol, life)) return; // its messages do not go on from here
    this.#asks.answered(symbol);
    if (frame === undefined) tell(`${this.#line.name}: the book of ${symbol}: ${problem}; asked for again`);
    else
      try {
        this.#context.reader.keep(frame, this.#line);
        this.#context.reader.read(frame, this.#line);
      } catch (error) {
        this.fault(life, error, clock.now(), [symbol]);
      }
    if (frame === undefined || !this.#asks.hasCome(symbol)) this.#asks.want(symbol, clock.now());
    this.#line.ring();
  }

  #isRefused(symbol: string, life: Life): boolean {
    return this.#again?.symbols.includes(symbol) === true && !life.spoken.has(symbol);
  }

  #newRefusals(): BackOff {
    return new BackOff(FIRST_REFUSAL, LONGEST_REFUSAL, this.#context.jitter);
  }
}
