/** Things that may wait for an earlier one: streams are written side by side. */
const WINDOW = 100_000;

/** What is told of numbers as they come into their order. */
export interface NumberingListener<T> {
  /** In order; each once. */
  readonly inOrder: (item: T) => void;
  /** Numbers that are not there, both included. */
  readonly missing: (from: number, to: number) => void;
}

/** Holds numbers from 1 on to coming without a gap and once, in bounded memory, whatever the order in which they are met. */
export class Numbering<T> {
  next = 1;
  /** Numbers that nobody waits for. */
  readonly #lost: (readonly [from: number, to: number])[] = [];
  #lastLost = 0;
  #early = new Map<number, T>();

  constructor(readonly listener: NumberingListener<T>) {}

  get waiting(): number {
    return this.#early.size;
  }

  /** The greatest number that waits; 0 when none does. */
  get last(): number {
    let last = 0;
    for (const number of this.#early.keys()) if (number > last) last = number;
    return last;
  }

  /** @returns `twice` for a number that was met before, or that lies in a gap that was told */
  put(number: number, item: T): 'new' | 'twice' | 'lost' {
    if (this.isLost(number)) return 'lost';
    if (number < this.next || this.#early.has(number)) return 'twice';
    this.#early.set(number, item);
    this.#advance();
    if (this.#early.size > WINDOW) this.#giveUp(WINDOW / 2);
    return 'new';
  }

  /** These are not waited for, and not wanted. Said before one of them is met. */
  lose(from: number, to: number): void {
    this.#lost.push([from, to]);
    if (to > this.#lastLost) this.#lastLost = to;
  }

  isLost(number: number): boolean {
    return number <= this.#lastLost && this.#lost.some(([from, to]) => number >= from && number <= to);
  }

  /** Nothing more comes: what is still missing is, up to a number or all of it. */
  end(upTo = Infinity): void {
    this.#giveUp(0, upTo);
  }

  /** What a crash left in part at the end: nothing that waits was folded, and it is no more than is under way at once. */
  torn(folded: number, most: number): { readonly from: number; readonly to: number } | undefined {
    const { next, last } = this;
    return this.#early.size > 0 && folded < next && last - next <= most ? { from: next, to: last } : undefined;
  }

  #advance(): void {
    for (;;) {
      if (this.#early.has(this.next)) {
        const item = this.#early.get(this.next)!;
        this.#early.delete(this.next++);
        this.listener.inOrder(item);
        continue;
      }
      const lost = this.isLost(this.next) && this.#lost.find(([from, to]) => this.next >= from && this.next <= to);
      if (lost === false || lost === undefined) return;
      this.next = lost[1] + 1;
    }
  }

  /** Passes over gaps until no more than so many wait. */
  #giveUp(most: number, upTo = Infinity): void {
    const early = [...this.#early.keys()].sort((a, b) => a - b);
    for (const number of early) {
      if (this.#early.size <= most || number > upTo + 1) return;
      if (number < this.next) continue; // it came into its order meanwhile
      this.listener.missing(this.next, number - 1);
      this.next = number;
      this.#advance();
    }
  }
}
