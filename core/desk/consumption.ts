import { levelKey } from '../market/book.js';
import type { Side } from '../market/columns.js';
import type { LevelLog, LevelUser } from '../market/level-log.js';
import { exactLots, plus, times, type Lots } from '../market/lots.js';
import { raisedShare } from './proportion.js';
import type { Assumption } from './settings.js';

/**
 * What one desk took from the levels of one book. What was taken stays taken: available = displayed - consumed.
 *
 * When the displayed size d of a level becomes d': *optimistic* forgets what was consumed; *expected* keeps it when the
 * level grows and scales it when it shrinks, ceil(c x d' / d) in lots; *pessimistic* keeps min(c, d') until the level is deleted.
 * What this leaves out: nobody reacts to our taking, and a refilled level is taken for new liquidity only by `optimistic`.
 *
 * What a level went through stands in its log, and is reckoned with when somebody asks.
 */
export class Consumption {
  readonly #levels = new Map<number, Taken>();
  #assume: Assumption;

  constructor(assume: Assumption) {
    this.#assume = assume;
  }

  get assume(): Assumption {
    return this.#assume;
  }

  /** Holds for changes to come. */
  set assume(assume: Assumption) {
    for (const taken of this.#levels.values()) {
      taken.settle();
      taken.assume = assume;
    }
    this.#assume = assume;
  }

  consumedAt(side: Side, priceTicks: number): Lots {
    const taken = this.#levels.get(levelKey(side, priceTicks));
    if (taken === undefined) return 0;
    taken.settle();
    return taken.lots;
  }

  /** Adds to what was taken; `log` is the level's, asked for where the level was untouched before. */
  take(side: Side, priceTicks: number, lots: Lots, log?: () => LevelLog): void {
    const key = levelKey(side, priceTicks);
    const known = this.#levels.get(key);
    known?.settle();
    if (known !== undefined && !known.isGone) known.lots = plus(known.lots, lots);
    else this.#levels.set(key, new Taken(this.#assume, lots, log?.()));
  }

  /** Levels with what was taken from them, by key. */
  entries(): [side: Side, priceTicks: number, lots: Lots][] {
    this.#forget();
    return [...this.#levels]
      .sort((a, b) => a[0] - b[0])
      .map(([key, { lots }]) => [(key % 2) as Side, Math.floor(key / 2), lots]);
  }

  /** The levels of the market have been counted anew, and nothing of their past is left to be reckoned with. */
  rescale(priceFactor: number, sizeFactor: number): void {
    this.#forget();
    const entries = [...this.#levels];
    this.#levels.clear();
    for (const [key, taken] of entries) {
      taken.lots = times(taken.lots, sizeFactor);
      this.#levels.set(levelKey((key % 2) as Side, Math.floor(key / 2) * priceFactor), taken);
    }
  }

  /** Nobody will ask again. */
  release(): void {
    for (const taken of this.#levels.values()) taken.lots = 0;
    this.#levels.clear();
  }

  /** Leaves out what is not consumed any more. */
  #forget(): void {
    for (const [key, taken] of this.#levels) {
      taken.settle();
      if (taken.isGone) this.#levels.delete(key);
    }
  }
}

/** What was taken from one level. */
class Taken implements LevelUser {
  seen = 0;

  constructor(
    public assume: Assumption,
    public lots: Lots,
    readonly log: LevelLog | undefined,
  ) {
    log?.join(this);
  }

  get isGone(): boolean {
    return this.lots === 0;
  }

  settle(): void {
    const { log } = this;
    if (log === undefined) return;
    if (log.hasEnded) {
      this.lots = 0;
      return;
    }
    const { befores, afters, lotLots } = log;
    let { lots } = this;
    for (let i = this.seen; i < afters.length && lots > 0; i++)
      lots = keep(this.assume, lots, befores[i]!, afters[i]!, lotLots[i]!);
    this.seen = afters.length;
    this.lots = lots;
  }
}

/** What stays consumed of a level whose displayed size changes from `before` to `after` lots. */
function keep(assume: Assumption, consumed: Lots, before: number, after: number, lotLots: number): Lots {
  switch (assume) {
    case 'optimistic':
      return 0;
    case 'expected': {
      if (after >= before) return consumed < after ? consumed : exactLots(after); // it may come back smaller out of the unknown
      const kept = raisedShare(consumed, after, before, lotLots);
      return kept < after ? kept : exactLots(after); // an old level may show less than a lot
    }
    case 'pessimistic':
      return consumed < after ? consumed : exactLots(after);
  }
}
