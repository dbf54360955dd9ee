import type { Draws } from '../../../core/draws.js';
import { MICROS, type Micros } from '../../../core/time.js';
import { TAKES_PER_STEP } from './takers.js';

/** How many usual steps it takes until half of what a trade stirred up has settled. */
const SETTLING_STEPS = 40;
/** Half of all that happens follows from what happened before, so that activity comes in clusters. */
const STIRRED_BY_TRADE = 0.5 / (TAKES_PER_STEP * SETTLING_STEPS);
/** With what is stirred up and with bursts, this makes 1 on the day's average. */
const AT_REST = 0.42;
/** The same where no bursts come. */
const AT_REST_STEADY = 0.5;

/** When the next thing happens: a point process that excites itself. */
export class Pace {
  #stirred = 0.5;
  /** Time from one step to the next on the day's average. */
  readonly usualSpan: Micros;
  readonly #atRest: number;

  /** @param messagesPerSecond  messages of every kind, on the day's average, > 0 */
  constructor(messagesPerSecond: number, steady: boolean) {
    this.usualSpan = (MICROS.s * (1 + TAKES_PER_STEP)) / messagesPerSecond;
    this.#atRest = steady ? AT_REST_STEADY : AT_REST;
  }

  settle(span: Micros): void {
    const steps = span / this.usualSpan;
    this.#stirred -= (this.#stirred * steps) / (steps + SETTLING_STEPS);
  }

  /** A trade calls for more of everything; in a busy hour it takes more of them for the same share. */
  stir(activity: number): void {
    this.#stirred += STIRRED_BY_TRADE / activity;
  }

  /** Time to the next step, at least a microsecond. */
  nextSpan(activity: number, burst: number, draws: Draws): Micros {
    const intensity = activity * (this.#atRest + this.#stirred + burst);
    return 1 + Math.floor((this.usualSpan * draws.exponential()) / (1_000_000 * intensity));
  }
}
