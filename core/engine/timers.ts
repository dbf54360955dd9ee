import type { EpochMicros } from '../time.js';
import { Heap } from './heap.js';

export interface Timer {
  readonly at: EpochMicros;
  /** The input that set it, or that set the timer that set it. */
  readonly cause: number;
  readonly kind:
    | 'crossed'
    | 'start'
    | 'slice'
    | 'end'
    | 'arrival'
    | 'pull'
    | 'report'
    | 'measured' // nothing about an order's costs can change any more
    // marks, at which costs look at the market and nothing is decided
    | 'sample'
    | 'measure' // a planned window's end
    | 'markout';
  /** Whose it is: an account's order, or an instrument's book. */
  readonly account?: string;
  readonly orderId?: string;
  readonly childId?: string;
  readonly instrument?: string;
  /** The plan it belongs to: a timer may outlive its plan, and then does nothing. */
  readonly generation?: number;
}

interface Ranked {
  readonly timer: Timer;
  readonly rank: number;
}

/** Timers in the order (due time, insertion). */
export class Timers {
  readonly #heap = new Heap<Ranked>((a, b) => (a.timer.at !== b.timer.at ? a.timer.at < b.timer.at : a.rank < b.rank));
  #inserted = 0;
  #next: EpochMicros = Infinity;

  /** Due time of the next timer, `Infinity` when there is none. It is looked at for every message, so it is kept. */
  get next(): EpochMicros {
    return this.#next;
  }

  set(timer: Timer): void {
    this.#heap.push({ timer, rank: this.#inserted++ });
    if (timer.at < this.#next) this.#next = timer.at;
  }

  pop(): Timer | undefined {
    const top = this.#heap.pop();
    this.#next = this.#heap.first?.timer.at ?? Infinity;
    return top?.timer;
  }

  /** All timers in their order; a timer's rank is its place in this list. */
  list(): Timer[] {
    return this.#heap.list().map(({ timer }) => timer);
  }
}
