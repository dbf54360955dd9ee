import type { LevelText } from '../../../core/market/events.js';
import { decimalText, list } from '../mapping/fields.js';
import { amountOf } from './amounts.js';

/** Levels that are remembered of one side; beyond that all are forgotten. */
const MOST = 1_024;

/** A level as it came, with its texts. */
interface Known {
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
  readonly #known = new Map<unknown, Known>();

  /** Levels `[price, amount]`; what rounds to nothing is no level. @throws {MessageFault} */
  of(field: string, side: unknown): LevelText[] {
    const levels: LevelText[] = [];
    for (const level of list(field, side)) {
      const pair = list(field, level);
      const price = pair[0];
      const amount = pair[1];
      let known = this.#known.get(price);
      if (known === undefined || known.amount !== amount) known = this.#tell(field, price, amount);
      if (known.isRounded) this.rounded++;
      if (known.told[1] !== '0') levels.push(known.told);
    }
    return levels;
  }

  #tell(field: string, price: unknown, amount: unknown): Known {
    const { text, isRounded } = amountOf(field, amount);
    const known: Known = { amount, told: [decimalText(field, price), text], isRounded };
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(price, known);
    return known;
  }
}
