import type { Engine } from '../../core/engine/engine.js';
import { isMarketEvent, type MarketEvent } from '../../core/market/events.js';
import type { LogEvent } from '../../core/ports.js';
import { MICROS } from '../../core/time.js';
import { bookIndexed } from '../../replay/book-index.js';
import type { Waiting } from './input-queue.js';
import type { StreamWriter } from './stream-writer.js';

/** Streams that are remembered to have begun. */
const MOST_BEGUN = 4_096;

/** Puts the book at the head of each stream of market data, as it was before the stream's first input. */
export class BookHeads {
  readonly #begun = new Set<string>();

  constructor(
    readonly engine: Engine,
    readonly writer: StreamWriter,
  ) {}

  /** Whether a stream of market data may begin with this input: then `put` comes before it. */
  mayBegin(stream: string, input: LogEvent): input is LogEvent & MarketEvent {
    return isMarketEvent(input) && !this.#begun.has(stream);
  }

  /** Adds the book to the next append, of which nothing is folded yet, unless the stream is there. */
  async put(stream: string, instrument: string): Promise<void> {
    if (this.#begun.size >= MOST_BEGUN) this.#begun.clear();
    this.#begun.add(stream);
    if (!(await this.writer.isNew(stream))) return;
    for (const event of bookIndexed(this.engine, instrument)) this.writer.add(stream, event);
  }
}

/** Where a turn ends: before an instrument's next hour, so that its book is folded up to there when the hour begins. */
export function rollEnds(): (waiting: Waiting) => boolean {
  const hours = new Map<string, number>();
  return (waiting) => {
    if (waiting.kind !== 'market') return false;
    const { instrument } = waiting.event.data;
    const hour = Math.floor(waiting.at / MICROS.h);
    const before = hours.get(instrument) ?? hour;
    hours.set(instrument, hour);
    return hour !== before;
  };
}
