import type { LevelText } from '../../../core/market/events.js';
import { decimalText, list } from '../mapping/fields.js';
import { amountOf } from './amounts.js';

/** A level as it came, with its texts. */
interface Known {
  readonly price: unknown;
  readonly amount: unknown;
  readonly told: LevelText;
  readonly isRounded: boolean;
}

/**
 * The levels of one side as texts. The whole book comes each second, and most of it is what it was: a level that has not
 * changed is told as before, because making texts of numbers costs more than all the rest.
 */
export class LevelTexts {
  /** Amounts of which digits were rounded away so far. */
  rounded = 0;
  /** The levels of the message before, best first. */
  #before: readonly Known[] = [];

  /** Levels `[price, amount]`; what rounds to nothing is no level. @throws {MessageFault} */
  of(field: string, side: unknown): LevelText[] {
    const before = this.#before;
    const now: Known[] = [];
    const levels: LevelText[] = [];
    let at = 0;
    for (const level of list(field, side)) {
      const pair = list(field, level);
      const price = pair[0];
      const amount = pair[1];
      at = placeOf(price, before, at);
      const same = before[at];
      const known =
        same !== undefined && same.price === price && same.amount === amount ? same : tell(field, price, amount);
      if (known.isRounded) this.rounded++;
      if (known.told[1] !== '0') levels.push(known.told);
      now.push(known);
    }
    this.#before = now;
    return levels;
  }
}

/** How far a level moves from one message to the next, mostly. */
const NEAR = 8;

/** Where the price stands from there on; the same place where it is not near. */
function placeOf(price: unknown, levels: readonly Known[], from: number): number {
  const end = Math.min(levels.length, from + NEAR);
  for (let at = from; at < end; at++) if (levels[at]!.price === price) return at;
  return from;
}

function tell(field: string, price: unknown, amount: unknown): Known {
  const { text, isRounded } = amountOf(field, amount);
  return { price, amount, told: [decimalText(field, price), text], isRounded };
}
