import type { MarketEvent } from '../../../core/market/events.js';
import type { EpochMicros, Micros } from '../../../core/time.js';
import { sampleMarket, type SampleMarket } from './market.js';

export interface GenerateOptions {
  /** A safe integer >= 0. */
  readonly seed: number;
  readonly from: EpochMicros;
  /** Everything received before `from + duration` belongs to it. */
  readonly duration: Micros;
  /** `SYMBOL@sample` each; their order breaks ties of receive time. */
  readonly instruments: readonly string[];
  /** Of each instrument; 20 when absent. */
  readonly messagesPerSecond?: number;
  readonly gapsPerHour?: number;
  readonly steady?: boolean;
}

/**
 * A recording of the sample market: every instrument's definition and first snapshot, received at `from`, then what they
 * sent, merged by receive time. A function of its options alone.
 *
 * @throws {RangeError} when an option is out of its range
 */
export function* generateSample(options: GenerateOptions): Generator<MarketEvent> {
  const { from, duration, instruments } = options;
  const lines = instruments.map((instrument) => new Sending(sampleMarket({ ...options, instrument, startAt: from })));
  for (const { market } of lines) yield { type: 'InstrumentDefined', version: 1, at: from, data: market.definition };
  const to = from + duration;
  for (;;) {
    let first: Sending | undefined;
    for (const line of lines) if (first === undefined || line.head.at < first.head.at) first = line;
    if (first === undefined || first.head.at >= to) return;
    yield first.head;
    first.advance();
  }
}

/** A market's messages one by one. */
class Sending {
  #events: readonly MarketEvent[] = [];
  #next = 0;
  head: MarketEvent;

  constructor(readonly market: SampleMarket) {
    this.head = this.#pull();
  }

  advance(): void {
    this.head = this.#pull();
  }

  #pull(): MarketEvent {
    while (this.#next === this.#events.length) {
      this.#events = this.market.next().events;
      this.#next = 0;
    }
    return this.#events[this.#next++]!;
  }
}
