import type { InstrumentDefinition, MarketEvent } from '../../../core/market/events.js';
import type { FeedStatus, MarketFeed, StopSignal } from '../../../core/ports.js';
import { MICROS, type Micros } from '../../../core/time.js';
import type { Frame, Venue } from '../venue.js';
import { BackOff } from './back-off.js';
import { askRules, isSame, nameOf, type ToldRules } from './instrument-rules.js';
import type { LineContext } from './line-context.js';
import { VenueLine } from './line.js';
import { reasonOf } from './requests.js';

/** How often a venue is asked whether its rules of instruments are still the same. */
const RULES_EVERY: Micros = MICROS.h;
/** Waits before it is asked again where it did not answer. */
const FIRST_WAIT: Micros = MICROS.m;

/** A venue's live market, as far as it was asked for: connections while somebody watches, and none before or after. */
export class VenueFeed implements MarketFeed {
  readonly instruments: readonly InstrumentDefinition[];
  readonly #venue: Venue;
  readonly #context: LineContext;
  readonly #symbols: readonly string[];
  readonly #lineOf = new Map<string, VenueLine>();
  readonly #interruptions = new Map<string, number>();
  #lines: readonly VenueLine[] = [];
  #rules: ToldRules;
  #isWatched = false;

  /** @param symbols  as the venue writes them, in the order of the definitions in `rules` */
  constructor(venue: Venue, symbols: readonly string[], rules: ToldRules, context: LineContext) {
    this.instruments = rules.definitions;
    this.#venue = venue;
    this.#symbols = symbols;
    this.#rules = rules;
    this.#context = context;
  }

  async *watch(signal: StopSignal): AsyncGenerator<readonly MarketEvent[]> {
    if (this.#isWatched) throw new Error('a venue feed is watched once: make another one');
    this.#isWatched = true;
    const { reader } = this.#context;
    const stopping = new AbortController();
    const stop = (): void => stopping.abort();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    this.#lines = this.#newLines(stopping.signal);
    for (const reply of this.#rules.replies) this.#readRules(reply);
    const running = [...this.#lines.map((line) => line.run()), this.#followRules(stopping.signal)];
    for (const one of running) one.catch((error: unknown) => reader.fail(error));
    try {
      for await (const events of reader.batches(stopping.signal)) {
        for (const { type, data } of events) if (type === 'FeedInterrupted') this.#interrupted(data.instrument);
        yield events;
      }
    } finally {
      stop();
      signal.removeEventListener('abort', stop);
      await Promise.allSettled(running);
    }
  }

  requestSnapshots(): void {
    for (const line of this.#lines) line.wantAll();
  }

  status(instrument: string): FeedStatus | undefined {
    const line = this.#lineOf.get(instrument);
    if (line === undefined) return undefined;
    const skewMs = line.skew.measured();
    return {
      connected: line.isConnected,
      lastFrameAt: line.lastFrameAt,
      interruptions: this.#interruptions.get(instrument) ?? 0,
      reconnects: Math.max(0, line.reconnects),
      ...(skewMs === undefined ? {} : { skewMs }),
    };
  }

  #newLines(signal: AbortSignal): VenueLine[] {
    const { connection, reader } = this.#context;
    const { instrumentsPerConnection } = connection.limits;
    const lines: VenueLine[] = [];
    for (let from = 0; from < this.#symbols.length; from += instrumentsPerConnection) {
      const symbols = this.#symbols.slice(from, from + instrumentsPerConnection);
      const byName = new Map(symbols.map((symbol) => [nameOf(symbol, this.#venue.name), symbol]));
      const symbolOf = (instrument: string): string => byName.get(instrument)!;
      const add = (tradesOf?: VenueLine): VenueLine => {
        const more = tradesOf === undefined ? {} : { tradesOf };
        const line = new VenueLine(this.#context, { number: lines.length + 1, symbols, symbolOf, ...more }, signal);
        reader.add(line, tradesOf === undefined ? [...byName.keys()] : []);
        lines.push(line);
        return line;
      };
      const books = add();
      for (const instrument of byName.keys()) this.#lineOf.set(instrument, books);
      if (connection.tradesApart !== undefined) add(books);
    }
    return lines;
  }

  /** Asks for the rules again and again; what has changed becomes an event. */
  async #followRules(signal: AbortSignal): Promise<void> {
    const { clock, requests, reader, tell, jitter } = this.#context;
    const backOff = new BackOff(FIRST_WAIT, RULES_EVERY, jitter);
    const isStopped = (): boolean => signal.aborted;
    let wait = RULES_EVERY;
    for (;;) {
      await clock.until(clock.now() + wait, signal);
      if (isStopped()) return;
      try {
        const told = await askRules(this.#venue, this.#symbols, requests, signal);
        for (const reply of told.replies) this.#readRules(reply);
        const before = this.#rules.definitions;
        this.#rules = told;
        for (const [index, data] of told.definitions.entries())
          if (!isSame(data, before[index]!))
            reader.tell({ type: 'InstrumentDefined', version: 1, at: clock.now(), data });
        backOff.reset();
        wait = RULES_EVERY;
      } catch (error) {
        if (isStopped()) return;
        wait = backOff.next();
        tell(`${this.#venue.name}: the rules of its instruments cannot be had: ${reasonOf(error)}; the old ones hold`);
      }
    }
  }

  /** Shows the mapper what was told of instruments: some venues' messages are read by it. */
  #readRules(reply: Frame): void {
    try {
      this.#context.reader.readAside(reply);
    } catch (error) {
      this.#context.tell(`${this.#venue.name}: a reply with rules of instruments cannot be read: ${reasonOf(error)}`);
    }
  }

  #interrupted(instrument: string): void {
    this.#interruptions.set(instrument, (this.#interruptions.get(instrument) ?? 0) + 1);
  }
}
