import type { Draws } from '../../../core/draws.js';
import type { Belief } from './belief.js';
import type { Ladder } from './ladder.js';

/** Share of steps in which somebody takes. */
export const TAKES_PER_STEP = 0.3;

/** By how much of that those who quote move for a usual trade: less than it tells, so that the price drifts on after it. */
const IMPACT = 0.16;

/** One print: whole ticks and lots, `sign` +1 when a buyer took. */
export interface Print {
  readonly sign: 1 | -1;
  readonly ticks: number;
  readonly lots: number;
}

/**
 * Those who do not wait. Some know the fair price and take what is offered on its wrong side; the others work large orders
 * in pieces, so that a buy is followed by buys.
 */
export class Takers {
  #sign: 1 | -1 = 1;
  #piecesLeft = 0;
  readonly #push: number;

  /** @param stepTicks  how far the fair price usually walks from one trade to the next, in ticks */
  constructor(stepTicks: number) {
    this.#push = IMPACT * stepTicks;
  }

  /** Takes once, and tells those who quote. */
  take(bids: Ladder, asks: Ladder, belief: Belief, tradeLots: number, draws: Draws): readonly Print[] {
    const cheap = belief.value - asks.best;
    const dear = bids.best - belief.value;
    const informed = (cheap > 0.5 || dear > 0.5) && draws.chance(0.7);
    const sign = informed ? (cheap > dear ? 1 : -1) : this.#nextSign(draws);
    const side = sign > 0 ? asks : bids;
    const reach = informed ? (sign > 0 ? cheap : dear) : 8;
    const large = draws.chance(0.04) ? 10 : 1;
    const wanted = 1 + Math.floor((tradeLots * large * draws.exponential()) / 1_000_000);
    const prints = walk(side, sign, wanted, reach < 40 ? reach : 40);
    const taken = prints.reduce((sum, { lots }) => sum + lots, 0);
    const weight = Math.sqrt(taken / tradeLots);
    belief.learn(sign * this.#push * (weight < 6 ? weight : 6));
    return prints;
  }

  #nextSign(draws: Draws): 1 | -1 {
    if (this.#piecesLeft === 0) {
      this.#sign = draws.chance(0.5) ? 1 : -1;
      this.#piecesLeft = 1 + Math.floor((3 * draws.exponential()) / 1_000_000);
    }
    this.#piecesLeft--;
    return this.#sign;
  }
}

/** Takes level by level, no further than `reach` ticks from the best one, and never the last level. */
function walk(side: Ladder, sign: 1 | -1, wanted: number, reach: number): Print[] {
  const prints: Print[] = [];
  const from = side.best;
  for (let left = wanted; left > 0 && side.depth > 1 && side.gain(from, side.best) <= reach;) {
    const ticks = side.best;
    const shown = side.lotsAt(0);
    const lots = shown < left ? shown : left;
    side.set(ticks, shown - lots);
    prints.push({ sign, ticks, lots });
    left -= lots;
  }
  return prints;
}
