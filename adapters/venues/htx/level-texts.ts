import type { LevelText } from '../../../core/market/events.js';
import { decimalText, list } from '../mapping/fields.js';
import { amountText } from './amounts.js';

/** Levels that are remembered of one side; beyond that all are forgotten. */
const MOST = 1_024;

/**
 * The levels of one side as texts. The whole book comes each second, and most of it is what it was: a level that has not
 * changed is told as before, because making texts of numbers costs more than all the rest.
 */
export class LevelTexts {
  readonly #known = new Map<unknown, { readonly amount: unknown; readonly told: LevelText }>();

  /** Levels `[price, amount]`; what rounds to nothing is no level. @throws {MessageFault} */
  of(field: string, side: unknown): LevelText[] {
    const levels: LevelText[] = [];
    for (const level of list(field, side)) {
      const pair = list(field, level);
      const price = pair[0];
      const amount = pair[1];
      const known = this.#known.get(price);
      const told = known !== undefined && known.amount === amount ? known.told : this.#tell(field, price, amount);
      if (told[1] !== '0') levels.push(told);
    }
    return levels;
  }

  #tell(field: string, price: unknown, amount: unknown): LevelText {
    const told: LevelText = [decimalText(field, price), amountText(field, amount)];
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(price, { amount, told });
    return told;
  }
}
