/**
 * Levels that a ladder's window does not reach: sorted arrays with binary search. Levels are ordered by `rank`, which is
 * greater for a better price, so that the best stand at the end and a change near the touch moves little.
 */
export class FarLevels {
  #ranks = new Float64Array(64);
  #lots = new Float64Array(64);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Sets the size of a level, 0 deletes it; gives back the size that it had. */
  put(rank: number, lots: number): number {
    const index = this.#below(rank);
    const before = this.#holds(index, rank) ? this.#lots[index]! : 0;
    if (before > 0 && lots > 0) this.#lots[index] = lots;
    else if (before > 0) this.#remove(index);
    else if (lots > 0) this.#insert(index, rank, lots);
    return before;
  }

  sizeAt(rank: number): number {
    const index = this.#below(rank);
    return this.#holds(index, rank) ? this.#lots[index]! : 0;
  }

  /** The best rank, or undefined when there is no level. */
  best(): number | undefined {
    return this.#count === 0 ? undefined : this.#ranks[this.#count - 1];
  }

  /** The best rank that is worse than `rank`, or undefined when there is none. */
  next(rank: number): number | undefined {
    const index = this.#below(rank);
    return index === 0 ? undefined : this.#ranks[index - 1];
  }

  clear(): void {
    this.#count = 0;
  }

  /** Number of levels of a lower rank, which is also the index at which `rank` stands or would stand. */
  #below(rank: number): number {
    const ranks = this.#ranks;
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ranks[middle]! < rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #holds(index: number, rank: number): boolean {
    return index < this.#count && this.#ranks[index] === rank;
  }

  #insert(index: number, rank: number, lots: number): void {
    if (this.#count === this.#ranks.length) {
      this.#ranks = doubled(this.#ranks);
      this.#lots = doubled(this.#lots);
    }
    this.#ranks.copyWithin(index + 1, index, this.#count);
    this.#lots.copyWithin(index + 1, index, this.#count);
    this.#ranks[index] = rank;
    this.#lots[index] = lots;
    this.#count++;
  }

  #remove(index: number): void {
    this.#ranks.copyWithin(index, index + 1, this.#count);
    this.#lots.copyWithin(index, index + 1, this.#count);
    this.#count--;
  }
}

function doubled(from: Float64Array): Float64Array<ArrayBuffer> {
  const to = new Float64Array(2 * from.length);
  to.set(from);
  return to;
}
