import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../../venues/mapping/fault.js';
import type { MarketSink } from '../../venues/mapping/sink.js';

/** A sink in which instruments are defined before anything comes of them, as a live feed defines them. */
export class DefinedSink implements MarketSink {
  readonly levels: MarketSink['levels'];
  readonly placesSeen: MarketSink['placesSeen'];
  readonly book: MarketSink['book'];
  readonly bookOf: MarketSink['bookOf'];
  readonly noLevel: MarketSink['noLevel'];
  readonly trades: MarketSink['trades'];
  readonly interrupted: MarketSink['interrupted'];
  readonly resumed: MarketSink['resumed'];
  readonly #codes = new Map<string, number>();

  /** @param say  writes a definition. @returns the instrument's code */
  constructor(
    sink: MarketSink,
    readonly say: (definition: InstrumentDefinition, at: EpochMicros) => number,
  ) {
    this.levels = sink.levels;
    this.placesSeen = sink.placesSeen.bind(sink);
    this.book = sink.book.bind(sink);
    this.bookOf = sink.bookOf.bind(sink);
    this.noLevel = sink.noLevel.bind(sink);
    this.trades = sink.trades.bind(sink);
    this.interrupted = sink.interrupted.bind(sink);
    this.resumed = sink.resumed.bind(sink);
  }

  defined(definition: InstrumentDefinition, at: EpochMicros): void {
    this.#codes.set(definition.instrument, this.say(definition, at));
  }

  /** @throws {MessageFault} for an instrument that was not defined */
  define(instrument: string): number {
    const code = this.#codes.get(instrument);
    if (code === undefined)
      throw new MessageFault('bad_message', `a message of ${instrument}, which was not asked for`);
    return code;
  }
}
