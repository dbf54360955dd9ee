/** Somebody who reckons with what a level has gone through. */
export interface LevelUser {
  /** Reckons with all changes so far. */
  settle(): void;
  /** Nothing of its own is left: it need not be asked any more. */
  readonly isGone: boolean;
  /** How many of the kept changes it has reckoned with. */
  seen: number;
}

/** Changes that are kept before everybody is asked to reckon with them. */
const MOST_CHANGES = 512;
const FEW_USERS = 64;

/**
 * What the displayed size of one level has gone through since somebody began to reckon with it. It is written once for all who
 * do; each reads it when it is asked, and nobody is woken. It ends where the level is deleted.
 */
export class LevelLog {
  readonly befores: number[] = [];
  readonly afters: number[] = [];
  /** The venue's lot size in increments as it was then. */
  readonly lotLots: number[] = [];
  hasEnded = false;
  #users: LevelUser[] = [];
  #askAt = FEW_USERS;

  get length(): number {
    return this.afters.length;
  }

  join(user: LevelUser): void {
    user.seen = this.length;
    this.#users.push(user);
    if (this.#users.length >= this.#askAt) this.settle();
  }

  /** Takes note of a change; false when nobody needs the log any more. */
  add(before: number, after: number, lotLots: number): boolean {
    if (after === 0) {
      this.hasEnded = true;
      return false;
    }
    this.befores.push(before);
    this.afters.push(after);
    this.lotLots.push(lotLots);
    if (this.length < MOST_CHANGES) return true;
    this.settle();
    this.hasEnded = this.#users.length === 0;
    return !this.hasEnded;
  }

  /** Everybody reckons with all changes so far, and they are forgotten. */
  settle(): void {
    const left: LevelUser[] = [];
    for (const user of this.#users) {
      if (!user.isGone) user.settle();
      if (!user.isGone) left.push(user);
      user.seen = 0;
    }
    this.#users = left;
    this.#askAt = 2 * left.length + FEW_USERS;
    this.befores.length = 0;
    this.afters.length = 0;
    this.lotLots.length = 0;
  }
}
