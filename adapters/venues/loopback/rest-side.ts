import type { BookSnapshot } from '../../../core/market/events.js';
import type { Recording, StopSignal } from '../../../core/ports.js';
import type { Micros } from '../../../core/time.js';
import type { Clock } from '../../clock/clock.js';
import { KnownBook } from '../session/known-book.js';
import type { Request, Venue } from '../venue.js';
import type { RestAnswer, Served, ServedInstrument } from './dialect.js';
import type { ServedBook, ServedBooks } from './served.js';
import { SnapshotRequests } from './snapshot-requests.js';
import { firstBook } from './upcoming.js';

/** An answer to a REST request. */
export interface LoopbackReply extends RestAnswer {
  /** Whole seconds, with 429. */
  readonly retryAfter?: number;
  /** To be called when the client has it, or never will. */
  readonly handedOver: () => void;
}

export interface RestSideOptions {
  readonly venue: Venue;
  readonly recording: Recording;
  readonly clock: Clock;
  readonly restLatency?: Micros;
}

/** The venue's REST: what it answers to whom, and when a request for a book can be answered at all. */
export class RestSide {
  readonly #options: RestSideOptions;
  readonly #books: ServedBooks;
  readonly #snapshots: SnapshotRequests;
  /** Whose first book somebody has had before it was played. */
  readonly #early = new Set<string>();

  constructor(options: RestSideOptions, books: ServedBooks) {
    this.#options = options;
    this.#books = books;
    this.#snapshots = new SnapshotRequests(options.clock);
  }

  /**
   * Answers a request. One for a book that the recording does not know waits until it does; before anything is played it gets
   * the first one that will be.
   *
   * @param base  where clients find the venue
   */
  async answer(
    request: Request,
    base: { readonly socket: string },
    state: 'waiting' | 'playing' | 'over',
    signal: StopSignal,
  ): Promise<LoopbackReply> {
    const { venue, clock, restLatency = 0 } = this.#options;
    const asked = this.#askedFor(request);
    const served = asked !== undefined && state === 'waiting' ? await this.#withFirst(asked) : this.#books.bySymbol;
    if (asked !== undefined) await this.#snapshots.asked(asked.symbol, asked.book.isKnown || state !== 'playing');
    const said = venue.server!.reply(request, served, base) ?? NOT_FOUND;
    if (restLatency > 0) await clock.until(clock.now() + restLatency, signal);
    const handedOver = (): void => {
      if (asked !== undefined) this.#snapshots.handedOver(asked.symbol);
    };
    return { ...(typeof said === 'string' ? { status: 200, text: said } : said), handedOver };
  }

  /** Its book is known now, and who waits for it can be answered. */
  release(symbol: string): void {
    this.#snapshots.release(symbol);
  }

  releaseAll(): void {
    this.#snapshots.releaseAll();
  }

  /** Whether a book that is known from now on comes over REST, and will be asked for. */
  isAwaited({ symbol, book }: ServedBook, isOpen: boolean): boolean {
    if (this.#options.venue.connection?.snapshot === undefined || book.isKnown || this.#early.delete(symbol))
      return false;
    return isOpen || this.isAskedFor(symbol);
  }

  isAskedFor(symbol: string): boolean {
    return this.#snapshots.isAskedFor(symbol);
  }

  untilHandedOver(symbol: string, signal: StopSignal): Promise<void> {
    return this.#snapshots.untilHandedOver(symbol, signal);
  }

  #askedFor(request: Request): ServedBook | undefined {
    const { server, connection } = this.#options.venue;
    const { bySymbol } = this.#books;
    const symbol =
      server!.snapshotOf === undefined
        ? [...bySymbol.keys()].find((candidate) => connection?.snapshot?.(candidate).path === request.path)
        : server!.snapshotOf(request);
    return symbol === undefined ? undefined : bySymbol.get(symbol);
  }

  async #withFirst({ symbol, definition }: ServedInstrument): Promise<Served> {
    const first: BookSnapshot | undefined = await firstBook(this.#options.recording, definition.instrument);
    if (first === undefined) return this.#books.bySymbol;
    const book = new KnownBook(definition.instrument, false);
    book.apply(first);
    this.#early.add(symbol);
    return new Map<string, ServedInstrument>([...this.#books.bySymbol, [symbol, { symbol, definition, book }]]);
  }
}

const NOT_FOUND: RestAnswer = { status: 404, text: '{"msg":"this venue has no such path"}' };
