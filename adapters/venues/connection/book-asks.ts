import type { EpochMicros, Micros } from '../../../core/time.js';
import { MICROS } from '../../../core/time.js';
import { BackOff } from './back-off.js';
import type { Jitter } from './ports.js';

/** A book that should come, by itself or because it was asked for, and has not after so long is asked for again. */
export const PATIENCE: Micros = 10 * MICROS.s;
/** Waits before a book is asked for once more, the first and the longest. */
const FIRST_WAIT: Micros = MICROS.s / 2;
const LONGEST_WAIT: Micros = MICROS.m;
/** A book that held for so long is asked for without a wait again. */
const WELL_AFTER: Micros = MICROS.m;

interface Book {
  readonly backOff: BackOff;
  /** When to ask for it, or to ask again; undefined while nobody wants it. */
  dueAt: EpochMicros | undefined;
  /** It comes by itself with a new connection, once everything that was to be sent is sent. */
  isExpected: boolean;
  /** It was asked for, and nothing has come yet. */
  isAsked: boolean;
  /** No ask before this. */
  notBefore: EpochMicros;
  cameAt: EpochMicros;
  /** It came after the latest answer. */
  hasCome: boolean;
}

/** Which books of a connection are wanted and when each is to be asked for: once at a time, and ever more seldom in vain. */
export class BookAsks {
  readonly #books: ReadonlyMap<string, Book>;

  constructor(symbols: readonly string[], jitter: Jitter) {
    const book = (): Book => ({
      backOff: new BackOff(FIRST_WAIT, LONGEST_WAIT, jitter),
      dueAt: undefined,
      isExpected: false,
      isAsked: false,
      notBefore: 0,
      cameAt: 0,
      hasCome: false,
    });
    this.#books = new Map(symbols.map((symbol) => [symbol, book()]));
  }

  /** A new connection: every book should come by itself. */
  expectAll(): void {
    for (const book of this.#books.values()) {
      book.isExpected = true;
      book.isAsked = false;
      book.dueAt = Infinity;
    }
  }

  /** Everything was asked for: what has not come after a while is asked for again. */
  expectNow(now: EpochMicros): void {
    for (const book of this.#books.values()) {
      if (book.isExpected && book.dueAt === Infinity) book.dueAt = now + PATIENCE;
      book.isExpected = false;
    }
  }

  /** It is to be asked for as soon as it may be. One that is on its way already is not asked for twice. */
  want(symbol: string, now: EpochMicros): void {
    const book = this.#books.get(symbol);
    if (book === undefined || book.isAsked) return;
    if (book.hasCome && now - book.cameAt >= WELL_AFTER) book.backOff.reset();
    book.dueAt = Math.min(book.dueAt ?? Infinity, Math.max(now, book.notBefore));
  }

  isWanted(symbol: string): boolean {
    return this.#books.get(symbol)?.dueAt !== undefined;
  }

  /** What is due for asking. */
  due(now: EpochMicros): string[] {
    return [...this.#books].filter(([, { dueAt }]) => dueAt !== undefined && dueAt <= now).map(([symbol]) => symbol);
  }

  nextAt(): EpochMicros {
    let next = Infinity;
    for (const { dueAt } of this.#books.values()) if (dueAt !== undefined && dueAt < next) next = dueAt;
    return next;
  }

  /** @param patience  how long its answer is waited for before it is asked for again */
  asked(symbol: string, now: EpochMicros, patience: Micros): void {
    const book = this.#books.get(symbol)!;
    const wait = book.backOff.next();
    book.isAsked = true;
    book.notBefore = now + wait;
    book.dueAt = now + Math.max(wait, patience);
  }

  /** Its answer is here, whatever it is worth. */
  answered(symbol: string): void {
    const book = this.#books.get(symbol)!;
    book.isAsked = false;
    book.dueAt = undefined;
    book.hasCome = false;
  }

  /** Whether its latest answer held it. */
  hasCome(symbol: string): boolean {
    return this.#books.get(symbol)?.hasCome === true;
  }

  came(symbol: string, now: EpochMicros): void {
    const book = this.#books.get(symbol);
    if (book === undefined) return;
    book.isExpected = false;
    book.isAsked = false;
    book.dueAt = undefined;
    book.cameAt = now;
    book.hasCome = true;
  }

  /** Nobody asks for it before `until`: whatever comes of it comes by itself. */
  postpone(symbol: string, until: EpochMicros): void {
    const book = this.#books.get(symbol)!;
    book.isExpected = false;
    book.isAsked = false;
    book.dueAt = until;
  }
}
