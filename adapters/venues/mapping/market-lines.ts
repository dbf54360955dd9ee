import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import type { Source } from '../venue.js';
import { MessageFault } from './fault.js';
import type { LineRules } from './line-rules.js';
import { MarketLine } from './market-line.js';
import type { MarketSink, PlacesSeen } from './sink.js';

/** All instruments of one venue, by the symbol that the venue's messages use. */
export class MarketLines {
  readonly #lines = new Map<string, MarketLine>();

  /** @param rulesOf  the rules of a new instrument; made for each, because a checked book is one instrument's */
  constructor(
    readonly venue: string,
    readonly sink: MarketSink,
    readonly rulesOf: (symbol: string) => LineRules,
  ) {}

  /** The line of an instrument, begun where there is none. @throws {MessageFault} for what is no symbol */
  line(symbol: unknown, receivedAt: EpochMicros, source: Source): MarketLine {
    const known = this.#lines.get(symbol as string);
    if (known !== undefined) return known;
    if (typeof symbol !== 'string' || !/^[^\s@\p{C}]{1,64}$/u.test(symbol))
      throw new MessageFault('bad_message', symbol === undefined ? 'the symbol is missing' : 'the symbol is none');
    const name = symbol.toUpperCase();
    for (const { symbol: other } of this.#lines.values())
      if (other.toUpperCase() === name)
        throw new MessageFault('bad_message', `"${symbol}" is ${other} in other letters`);
    const code = this.sink.define(`${name}@${this.venue}`, receivedAt);
    const line = new MarketLine(symbol, code, this.sink, this.rulesOf(symbol), source);
    this.#lines.set(symbol, line);
    return line;
  }

  /** The line for a book message: from now on the instrument belongs to this source. @throws {MessageFault} */
  bookLine(symbol: unknown, receivedAt: EpochMicros, source: Source): MarketLine {
    const line = this.line(symbol, receivedAt, source);
    line.source = source;
    return line;
  }

  find(symbol: string): MarketLine | undefined {
    return this.#lines.get(symbol);
  }

  of(source: Source): MarketLine[] {
    return [...this.#lines.values()].filter((line) => line.source === source);
  }

  /** A message of the connection is lost, and nobody knows of which book: every one of them breaks. */
  miss(source: Source, at: EpochMicros, detail: string): void {
    for (const line of this.of(source)) line.miss(at, detail);
  }

  /** Nothing of the connection is lost: what was silent goes on. */
  goOn(source: Source, at: EpochMicros): void {
    for (const line of this.of(source)) line.goOn(at);
  }

  /** See `VenueMapper.interrupt`. */
  interrupt(source: Source, at: EpochMicros, reason: string, detail: string, symbols?: readonly string[]): void {
    for (const line of this.of(source))
      if (symbols === undefined || symbols.includes(line.symbol)) line.interrupt(at, reason, detail);
  }

  /** Ends the recording: what each instrument is, by `define`, and what its messages have shown of it. @throws {MessageFault} */
  finish(define: (symbol: string, seen: PlacesSeen) => InstrumentDefinition): InstrumentDefinition[] {
    return [...this.#lines.values()].map(({ symbol, code, isWaiting, startsEmpty, trades }) => {
      if (isWaiting)
        throw new MessageFault(
          'ambiguous_snapshot',
          `the book messages of ${symbol} wait for a snapshot that was taken for another instrument's`,
          'put the lines of each instrument into a file of its own',
        );
      return {
        ...define(symbol, this.sink.placesSeen(code)),
        ...(startsEmpty ? { startsEmpty } : {}),
        ...(trades ? {} : { noTrades: true as const }),
      };
    });
  }
}
