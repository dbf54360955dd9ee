import { Side } from '../../../core/market/columns.js';

/** A level that changed, with what it showed before, in lots. */
export interface Change {
  readonly ticks: number;
  readonly before: number;
}

/**
 * One side of the generated book: levels sorted with the best one last, so that the touch, where nearly everything happens,
 * is the cheap end. It keeps note of what changed until `takeChanges`.
 */
export class Ladder {
  /** +1 for bids, -1 for asks: `rank = sign x ticks` rises towards the touch. */
  readonly #sign: 1 | -1;
  readonly #ranks: number[] = [];
  readonly #lots: number[] = [];
  #changes: Change[] = [];

  constructor(side: Side) {
    this.#sign = side === Side.bid ? 1 : -1;
  }

  get depth(): number {
    return this.#ranks.length;
  }

  /** Price of the nth best level, in ticks; the ladder must be that deep. */
  ticksAt(n: number): number {
    return this.#sign * this.#ranks[this.#ranks.length - 1 - n]!;
  }

  lotsAt(n: number): number {
    return this.#lots[this.#lots.length - 1 - n]!;
  }

  get best(): number {
    return this.ticksAt(0);
  }

  get worst(): number {
    return this.#sign * this.#ranks[0]!;
  }

  /** The price `distance` ticks further from the other side. */
  behind(ticks: number, distance: number): number {
    return ticks - this.#sign * distance;
  }

  /** By how many ticks a price is better than another; negative when it is worse. */
  gain(ticks: number, than: number): number {
    return this.#sign * (ticks - than);
  }

  lotsOn(ticks: number): number {
    const place = this.#place(ticks);
    return this.#ranks[place] === this.#sign * ticks ? this.#lots[place]! : 0;
  }

  set(ticks: number, lots: number): void {
    const rank = this.#sign * ticks;
    const place = this.#place(ticks);
    const present = this.#ranks[place] === rank;
    const before = present ? this.#lots[place]! : 0;
    if (before === lots) return;
    if (!this.#changes.some((change) => change.ticks === ticks)) this.#changes.push({ ticks, before });
    if (lots === 0) {
      this.#ranks.splice(place, 1);
      this.#lots.splice(place, 1);
    } else if (present) this.#lots[place] = lots;
    else {
      this.#ranks.splice(place, 0, rank);
      this.#lots.splice(place, 0, lots);
    }
  }

  /** The levels that show something else than at the last call, in the order in which they were touched. */
  takeChanges(): readonly Change[] {
    const changes = this.#changes;
    this.#changes = [];
    return changes.filter(({ ticks, before }) => this.lotsOn(ticks) !== before);
  }

  /** Where the price stands or would stand; looked for from the touch, because that is where it mostly is. */
  #place(ticks: number): number {
    const rank = this.#sign * ticks;
    let place = this.#ranks.length;
    while (place > 0 && this.#ranks[place - 1]! >= rank) place--;
    return place;
  }
}
