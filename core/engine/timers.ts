import type { EpochMicros } from '../time.js';
import { TimerHeap } from './timer-heap.js';
import { TimerLane } from './timer-lane.js';

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
    | 'markout'
    | 'look'; // of a desk of a sweep that is drawn
  /** Whose it is: an account's order, or an instrument's book. */
  readonly account?: string;
  readonly orderId?: string;
  readonly childId?: string;
  readonly instrument?: string;
  /** The plan it belongs to: a timer may outlive its plan, and then does nothing. */
  readonly generation?: number;
}

/**
 * Timers in the order (due time, insertion). Most kinds are set in the order in which they fall due: each of those has a lane,
 * where they queue; one that is due before the last of its lane goes to a heap.
 */
export class Timers {
  readonly #heap = new TimerHeap();
  readonly #lanes = new Map<string, TimerLane>();
  readonly #inLanes: TimerLane[] = [];
  #inserted = 0;
  #next: EpochMicros = Infinity;
  /** Whose first timer is due next, and of those the one that was inserted first. */
  #first: TimerHeap | TimerLane = this.#heap;

  /** Due time of the next timer, `Infinity` when there is none. It is looked at for every message, so it is kept. */
  get next(): EpochMicros {
    return this.#next;
  }

  /** @param name  of the lane: timers of one lane should be set in the order in which they fall due */
  set(timer: Timer, name: string = timer.kind): void {
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = new TimerLane();
      this.#lanes.set(name, lane);
      this.#inLanes.push(lane);
    }
    const rank = this.#inserted++;
    const place = timer.at >= lane.lastAt ? lane : this.#heap;
    place.push(timer, rank);
    if (timer.at >= this.#next) return;
    this.#next = timer.at;
    this.#first = place;
  }

  pop(): Timer | undefined {
    const timer = this.#first.pop();
    const lanes = this.#inLanes;
    let first: TimerHeap | TimerLane = this.#heap;
    let { at, rank } = first;
    for (let i = 0; i < lanes.length; i++) {
      const lane = lanes[i]!;
      if (lane.at > at || (lane.at === at && lane.rank > rank)) continue;
      first = lane;
      at = lane.at;
      rank = lane.rank;
    }
    this.#first = first;
    this.#next = at;
    return timer;
  }

  /** All timers in their order; a timer's rank is its place in this list. */
  list(): Timer[] {
    return [...this.#heap.list(), ...this.#inLanes.flatMap((lane) => lane.list())]
      .sort((a, b) => a.timer.at - b.timer.at || a.rank - b.rank)
      .map(({ timer }) => timer);
  }
}
