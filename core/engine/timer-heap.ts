import type { EpochMicros } from '../time.js';
import type { Timer } from './timers.js';

/** Timers that are set in any order: a binary heap by due time, then rank, in columns because it is in every order's way. */
export class TimerHeap {
  readonly #ats: EpochMicros[] = [];
  readonly #ranks: number[] = [];
  readonly #timers: Timer[] = [];

  /** Due time and rank of the first one; `Infinity` when there is none. */
  get at(): EpochMicros {
    return this.#ats.length === 0 ? Infinity : this.#ats[0]!;
  }
  get rank(): number {
    return this.#ranks.length === 0 ? 0 : this.#ranks[0]!;
  }

  push(timer: Timer, rank: number): void {
    const ats = this.#ats;
    const { at } = timer;
    let i = ats.length;
    ats.push(at);
    this.#ranks.push(rank);
    this.#timers.push(timer);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (ats[parent]! <= at) break; // the newest has the greatest rank
      this.#move(parent, i);
      i = parent;
    }
    this.#put(i, at, rank, timer);
  }

  pop(): Timer | undefined {
    const ats = this.#ats;
    const ranks = this.#ranks;
    const top = this.#timers[0];
    const at = ats.pop();
    if (at === undefined) return undefined;
    const rank = ranks.pop()!;
    const timer = this.#timers.pop()!;
    const size = ats.length;
    if (size === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      const other = child + 1;
      if (other < size && (ats[other]! < ats[child]! || (ats[other] === ats[child] && ranks[other]! < ranks[child]!)))
        child = other;
      if (at < ats[child]! || (at === ats[child] && rank < ranks[child]!)) break;
      this.#move(child, i);
      i = child;
    }
    this.#put(i, at, rank, timer);
    return top;
  }

  list(): { readonly timer: Timer; readonly rank: number }[] {
    return this.#timers.map((timer, i) => ({ timer, rank: this.#ranks[i]! }));
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#ats[from]!, this.#ranks[from]!, this.#timers[from]!);
  }

  #put(i: number, at: EpochMicros, rank: number, timer: Timer): void {
    this.#ats[i] = at;
    this.#ranks[i] = rank;
    this.#timers[i] = timer;
  }
}
