import type { MarketEvent } from '../../../core/market/events.js';
import type { MarketFeed, StopSignal } from '../../../core/ports.js';
import { MICROS, type EpochMicros } from '../../../core/time.js';
import { Alarm } from '../../clock/alarm.js';
import type { Clock } from '../../clock/clock.js';
import { sampleInstrument } from './instruments.js';
import { sampleMarket, type LeftAt, type SampleMarket } from './market.js';

/** Messages that are due within this time travel together: it bounds how often we wake up, whatever the rate. */
const GATHER = 2 * MICROS.ms;
/** Further behind than this, a market leaps to the present: who does not read does not make it pile up. */
const LEAP = 2 * MICROS.s;
const MOST_PER_BATCH = 4_096;

export interface SampleFeedOptions {
  /** A safe integer >= 0. */
  readonly seed: number;
  /** `SYMBOL@sample` each. */
  readonly instruments: readonly string[];
  readonly clock: Clock;
  /** Of each instrument, on the day's average; 20 when absent. */
  readonly messagesPerSecond?: number;
  readonly gapsPerHour?: number;
  /** The same pace at every hour and no news, for load tests. */
  readonly steady?: boolean;
  /** Where the log has left the markets, by instrument. */
  readonly resume?: ReadonlyMap<string, LeftAt>;
}

/**
 * The sample market as a live feed: steps are made as the clock reaches them and stamped with it, when somebody reads.
 * Nothing is kept for a slow reader: one that falls 2 s behind finds a gap and a fresh snapshot.
 *
 * @throws {RangeError} when an option is out of its range
 */
export function sampleFeed(options: SampleFeedOptions): MarketFeed {
  return new SampleFeed(options);
}

class SampleFeed implements MarketFeed {
  readonly instruments;
  readonly #options: SampleFeedOptions;
  readonly #alarm: Alarm;
  readonly #markets: SampleMarket[];
  #watched = false;
  /** Markets whose book somebody asked for after they had begun; one that begins shows it anyway. */
  readonly #wanted = new Set<SampleMarket>();

  constructor(options: SampleFeedOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
    this.instruments = options.instruments.map((name) => sampleInstrument(name).definition);
    const now = options.clock.now();
    this.#markets = options.instruments.map((name) => this.#open(name, now, options.resume?.get(name)));
  }

  requestSnapshots(): void {
    for (const market of this.#markets) if (market.opened) this.#wanted.add(market);
    this.#alarm.ring();
  }

  async *watch(signal: StopSignal): AsyncGenerator<readonly MarketEvent[]> {
    if (this.#watched) throw new Error('a sample feed is watched once: make another one');
    this.#watched = true;
    const { clock } = this.#options;
    while (!signal.aborted) {
      const now = clock.now();
      const batch = this.#due(now);
      if (batch.length > 0) yield batch;
      const nextAt = this.#earliest()?.nextAt;
      if (nextAt === undefined) return;
      await this.#alarm.wait(nextAt > now + GATHER ? nextAt : now + GATHER, signal);
    }
  }

  /** Everything up to now, by market time, at most so much at once; then the snapshots that were asked for. */
  #due(now: EpochMicros): MarketEvent[] {
    const batch: MarketEvent[] = [];
    this.#leap(now, batch);
    for (
      let market = this.#earliest();
      market !== undefined && market.nextAt <= now && batch.length < MOST_PER_BATCH;
      market = this.#earliest()
    )
      for (const event of market.next().events) batch.push({ ...event, at: now });
    for (const market of this.#markets) if (this.#wanted.has(market)) batch.push(market.snapshot(now));
    this.#wanted.clear();
    return batch;
  }

  #leap(now: EpochMicros, batch: MarketEvent[]): void {
    for (const [index, market] of this.#markets.entries()) {
      if (now - market.nextAt <= LEAP) continue;
      const { instrument } = market.definition;
      const detail = `nobody read for ${Math.floor((now - market.nextAt) / MICROS.ms)} ms; the market went on without us`;
      if (market.opened)
        batch.push({ type: 'FeedInterrupted', version: 1, at: now, data: { instrument, reason: 'gap', detail } });
      this.#markets[index] = this.#open(instrument, now, { step: market.step, mid: market.mid });
    }
  }

  #earliest(): SampleMarket | undefined {
    let earliest: SampleMarket | undefined;
    for (const market of this.#markets)
      if (earliest === undefined || market.nextAt < earliest.nextAt) earliest = market;
    return earliest;
  }

  #open(instrument: string, startAt: EpochMicros, resumeFrom: LeftAt | undefined): SampleMarket {
    const { clock: _clock, instruments: _instruments, resume: _resume, ...character } = this.#options;
    return sampleMarket({ ...character, instrument, startAt, ...(resumeFrom === undefined ? {} : { resumeFrom }) });
  }
}
