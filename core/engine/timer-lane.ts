import type { EpochMicros } from '../time.js';
import type { Timer } from './timers.js';

/** Forgotten places at the front before a lane is made shorter. */
const SLACK = 1024;

/** Timers that are set in the order in which they fall due. */
export class TimerLane {
  #timers: (Timer | undefined)[] = [];
  #ats: EpochMicros[] = [];
  #ranks: number[] = [];
  #head = 0;
  /** Due time and rank of the first one; `Infinity` when there is none. */
  at: EpochMicros = Infinity;
  rank = 0;
  /** Due time of the last one; nothing that is due before it may be pushed. */
  lastAt: EpochMicros = -Infinity;

  push(timer: Timer, rank: number): void {
    if (this.#head === this.#timers.length) {
      this.at = timer.at;
      this.rank = rank;
    }
    this.#timers.push(timer);
    this.#ats.push(timer.at);
    this.#ranks.push(rank);
    this.lastAt = timer.at;
  }

  pop(): Timer | undefined {
    const timer = this.#timers[this.#head];
    if (timer === undefined) return undefined;
    this.#timers[this.#head++] = undefined;
    if (this.#head > SLACK && 2 * this.#head > this.#timers.length) {
      this.#timers = this.#timers.slice(this.#head);
      this.#ats = this.#ats.slice(this.#head);
      this.#ranks = this.#ranks.slice(this.#head);
      this.#head = 0;
    }
    const head = this.#head;
    if (head < this.#timers.length) {
      this.at = this.#ats[head]!;
      this.rank = this.#ranks[head]!;
    } else {
      this.at = Infinity;
      this.lastAt = -Infinity;
    }
    return timer;
  }

  list(): { readonly timer: Timer; readonly rank: number }[] {
    return this.#timers.slice(this.#head).map((timer, i) => ({ timer: timer!, rank: this.#ranks[this.#head + i]! }));
  }
}
