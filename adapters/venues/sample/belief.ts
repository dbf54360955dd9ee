import type { Draws } from '../../../core/draws.js';
import { MICROS, type Micros } from '../../../core/time.js';
import type { SampleInstrument } from './instruments.js';

/** Seconds in which those who quote learn half of what the informed already know. */
const LEARNING_SECONDS = 0.5;
/** Seconds in which the price comes back to its home, some five days. */
const HOMING_SECONDS = 432_000;
const NEWS_EVERY_SECONDS = 300;
const BURST_SECONDS = 8;

/**
 * What the instrument is worth and what people think of it, in ticks; fractions are fine here, because only whole ticks and
 * lots come of them. Where the two differ, somebody knows more than the quotes say, and takes them.
 */
export class Belief {
  /** The fair price, known to the informed at once. */
  value: number;
  /** The fair price as those who quote see it. */
  centre: number;
  /** How excited the market is by news: 0 at rest. */
  burst = 0;
  readonly #home: number;
  readonly #volatility: number;
  readonly #steady: boolean;

  constructor(instrument: SampleInstrument, ticks: number, steady: boolean) {
    this.#steady = steady;
    this.value = ticks;
    this.centre = ticks;
    this.#home = instrument.homeTicks;
    this.#volatility = instrument.volatilityTicks / instrument.homeTicks;
  }

  /** Lets time pass: the fair price walks, news may come, and those who quote learn. */
  pass(span: Micros, activity: number, draws: Draws): void {
    const seconds = span / MICROS.s;
    const excitement = 1 + this.burst;
    const step = this.#volatility * Math.sqrt(seconds * activity) * excitement;
    this.value += (this.value * step * draws.normal()) / 1_000_000;
    this.value += ((this.#home - this.value) * seconds) / (seconds + HOMING_SECONDS);
    const news = draws.chance((seconds * activity) / (seconds * activity + NEWS_EVERY_SECONDS));
    if (news && !this.#steady) {
      this.value += (this.value * 6 * this.#volatility * draws.normal()) / 1_000_000;
      this.burst += 3;
    }
    this.burst -= (this.burst * seconds) / (seconds + BURST_SECONDS);
    this.centre += ((this.value - this.centre) * seconds) / (seconds + LEARNING_SECONDS);
  }

  /** A trade tells those who quote that its taker may know something: `push` in ticks, positive after a buy. */
  learn(push: number): void {
    this.centre += push;
  }
}
