import { Draws } from '../../../core/draws.js';
import { Side } from '../../../core/market/columns.js';
import type { BookSnapshot, InstrumentDefinition, MarketEvent } from '../../../core/market/events.js';
import { MICROS, type EpochMicros, type Micros } from '../../../core/time.js';
import { Belief } from './belief.js';
import { activityAt } from './hours.js';
import { sampleInstrument, type SampleInstrument } from './instruments.js';
import { Ladder } from './ladder.js';
import { Line } from './line.js';
import { Pace } from './pace.js';
import { openBook, reprice, stir, tidy } from './quoters.js';
import { Takers, TAKES_PER_STEP, type Print } from './takers.js';
import { Wording } from './wording.js';

/** Each step has these many draws of its own, so that it can be made without those before it. */
const DRAWS_PER_STEP = 128;
const MOST_STIRS = 12;
const LOWEST_MID_TICKS = 1_000;
const USUAL_MESSAGES_PER_SECOND = 20;
const USUAL_GAPS_PER_HOUR = 0.5;

/** Where a market was left: the last step that is in the log, and the mid after it as decimal text. */
export interface LeftAt {
  readonly step: number;
  readonly mid: string;
}

export interface SampleMarketOptions {
  /** A safe integer >= 0. */
  readonly seed: number;
  /** `SYMBOL@sample` */
  readonly instrument: string;
  /** Market time of the first snapshot. */
  readonly startAt: EpochMicros;
  /** Messages of every kind on the day's average, 0.01 to 100,000; 20 when absent. */
  readonly messagesPerSecond?: number;
  /** How often the feed loses messages, on average; 0.5 when absent. */
  readonly gapsPerHour?: number;
  /** The same pace at every hour and no news, for load tests. */
  readonly steady?: boolean;
  /** Goes on with the next step, behind a fresh snapshot around that mid. */
  readonly resumeFrom?: LeftAt;
}

/** What arrived of one step of the market, in the order of receipt; nothing while the feed loses messages. */
export interface MarketStep {
  /** When the first of the events was received, or the step's market time when there is none. */
  readonly at: EpochMicros;
  readonly events: readonly MarketEvent[];
}

/**
 * The market of one instrument: an endless sequence of steps, a function of its options alone.
 *
 * @throws {RangeError} when an option is out of its range
 */
export function sampleMarket(options: SampleMarketOptions): SampleMarket {
  return new SampleMarket(options);
}

export class SampleMarket {
  readonly definition: InstrumentDefinition;
  readonly #instrument: SampleInstrument;
  readonly #wording: Wording;
  readonly #draws: Draws;
  readonly #bids = new Ladder(Side.bid);
  readonly #asks = new Ladder(Side.ask);
  readonly #belief: Belief;
  readonly #takers: Takers;
  readonly #pace: Pace;
  readonly #line: Line;
  readonly #steady: boolean;
  #step: number;
  #time: EpochMicros;
  #nextAt: EpochMicros;
  #opened = false;

  constructor(options: SampleMarketOptions) {
    const { seed, instrument, startAt, resumeFrom, steady = false } = options;
    this.#instrument = sampleInstrument(instrument);
    this.definition = this.#instrument.definition;
    this.#wording = new Wording(this.definition);
    this.#draws = new Draws(seed, `sample/${instrument}`);
    this.#pace = new Pace(checkedRate(options.messagesPerSecond ?? USUAL_MESSAGES_PER_SECOND), steady);
    const tradesPerSecond = (MICROS.s / this.#pace.usualSpan) * TAKES_PER_STEP;
    this.#takers = new Takers(this.#instrument.volatilityTicks / Math.sqrt(tradesPerSecond));
    this.#steady = steady;
    this.#line = new Line(options.gapsPerHour ?? USUAL_GAPS_PER_HOUR);
    this.#step = resumeFrom?.step ?? 0;
    this.#time = startAt;
    this.#nextAt = startAt;
    const halfTicks = this.#startingMid(resumeFrom?.mid);
    const opening = new Draws(seed, `sample/${instrument}/${this.#step}`);
    this.#belief = new Belief(this.#instrument, halfTicks / 2, steady);
    openBook(this.#bids, this.#asks, halfTicks, this.#instrument.levelLots, opening);
  }

  /** The last step that was made, which is the `venueSeq` of its book message. */
  get step(): number {
    return this.#step;
  }

  /** Market time of the step that `next` will make. */
  get nextAt(): EpochMicros {
    return this.#nextAt;
  }

  /** The present mid as decimal text. */
  get mid(): string {
    return this.#wording.mid(this.#bids.best + this.#asks.best);
  }

  /** False until the first snapshot has been sent. */
  get opened(): boolean {
    return this.#opened;
  }

  /** Makes one step. The first one is a snapshot, received at its market time. */
  next(): MarketStep {
    const span = this.#nextAt - this.#time;
    this.#time = this.#nextAt;
    this.#step++;
    this.#draws.seek(this.#step * DRAWS_PER_STEP);
    const activity = this.#steady ? 1 : activityAt(this.#time);
    const events = this.#opened ? this.#live(span, activity) : this.#open();
    this.#nextAt = this.#time + this.#pace.nextSpan(activity, this.#belief.burst, this.#draws);
    return { at: events[0]?.at ?? this.#time, events };
  }

  /** The book as it stands after the last step, for one who asks at `at`; it ends a gap. */
  snapshot(at: EpochMicros): BookSnapshot {
    this.#line.mend();
    const data = this.#wording.book(this.#bids, this.#asks, this.#time, this.#step);
    return { type: 'BookSnapshot', version: 1, at, data };
  }

  #open(): MarketEvent[] {
    this.#opened = true;
    this.#bids.takeChanges();
    this.#asks.takeChanges();
    return [this.snapshot(this.#time)];
  }

  #live(span: Micros, activity: number): MarketEvent[] {
    const prints = this.#move(span, activity);
    const bids = this.#bids;
    const asks = this.#asks;
    const venueAt = this.#time;
    const step = this.#step;
    const sent = {
      step,
      venueAt,
      span,
      changes: this.#wording.changes(bids, asks, venueAt, step),
      trades: this.#wording.trades(prints, step),
      whole: () => this.#wording.book(bids, asks, venueAt, step),
    };
    return this.#line.carry(sent, this.#draws);
  }

  /** Time passes, somebody may take, quotes follow, the patient come and go. */
  #move(span: Micros, activity: number): readonly Print[] {
    const draws = this.#draws;
    const bids = this.#bids;
    const asks = this.#asks;
    const levelLots = Math.floor((this.#instrument.levelLots * (1 + activity)) / 2);
    this.#belief.pass(span, activity, draws);
    this.#pace.settle(span);
    let prints: readonly Print[] = [];
    if (draws.chance(TAKES_PER_STEP)) {
      prints = this.#takers.take(bids, asks, this.#belief, this.#instrument.tradeLots, draws);
      this.#pace.stir(activity);
    }
    reprice(bids, asks, this.#belief, levelLots, draws);
    const stirs = 1 + Math.floor(draws.exponential() / 500_000);
    for (let n = 0; n < stirs && n < MOST_STIRS; n++) stir(draws.chance(0.5) ? bids : asks, levelLots, draws);
    tidy(bids, levelLots, draws);
    tidy(asks, levelLots, draws);
    return prints;
  }

  #startingMid(text: string | undefined): number {
    const halfTicks = text === undefined ? 2 * this.#instrument.homeTicks : this.#wording.readMid(text);
    if (halfTicks !== undefined && halfTicks >= 2 * LOWEST_MID_TICKS && Number.isSafeInteger(halfTicks * 10_000))
      return halfTicks;
    throw new RangeError(
      `${this.definition.instrument} cannot go on at the mid ${String(text)}: ` +
        `give a decimal of at least ${this.#wording.price(LOWEST_MID_TICKS)}`,
    );
  }
}

function checkedRate(messagesPerSecond: number): number {
  if (messagesPerSecond >= 0.01 && messagesPerSecond <= 100_000) return messagesPerSecond;
  throw new RangeError(
    `the sample market cannot send ${messagesPerSecond} messages a second: choose from 0.01 to 100000`,
  );
}
