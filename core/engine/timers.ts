import type { EpochMicros } from '../time.js';

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

/** Timers in the order (due time, insertion): a binary heap. */
export class Timers {
  #heap: Ranked[] = [];
  #inserted = 0;

  #next: EpochMicros = Infinity;

  /** Due time of the next timer, `Infinity` when there is none. It is looked at for every message, so it is kept. */
  get next(): EpochMicros {
    return this.#next;
  }

  set(timer: Timer): void {
    const heap = this.#heap;
    const entry = { timer, rank: this.#inserted++ };
    let i = heap.length;
    heap.push(entry);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (before(heap[parent]!, entry)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = entry;
    this.#next = heap[0]!.timer.at;
  }

  pop(): Timer | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) {
      this.#next = Infinity;
      return top?.timer;
    }
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (before(last, heap[child]!)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    this.#next = heap[0]!.timer.at;
    return top.timer;
  }

  /** All timers in their order; a timer's rank is its place in this list. */
  list(): Timer[] {
    return [...this.#heap].sort((a, b) => (before(a, b) ? -1 : 1)).map(({ timer }) => timer);
  }
}

function before(a: Ranked, b: Ranked): boolean {
  return a.timer.at !== b.timer.at ? a.timer.at < b.timer.at : a.rank < b.rank;
}
