import { Decimal, plain } from '../decimal.js';
import { Side } from '../market/columns.js';
import type { Instrument } from '../market/instrument.js';
import { sizeText } from '../market/instrument.js';
import { fillValue } from './money.js';

const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1);
const ZERO = new Decimal(0);

export interface Position {
  /** Signed quantity in the instrument's own quantity unit. */
  quantity: Decimal;
  /** Signed cost of the position's fills in the settlement currency, fees apart: buys add, sells take away. */
  cost: Decimal;
}

/**
 * What one account has: cash by currency, positions in contracts by instrument. A spot fill moves both currencies; a
 * contract moves its position, and its fee the settlement currency. Nothing else ever changes a balance.
 */
export class Ledger {
  readonly cash = new Map<string, Decimal>();
  readonly positions = new Map<string, Position>();
  /** False: the account may go below zero, as in a replay that names no balances. */
  limited = false;

  deposit(currency: string, amount: string): void {
    this.#add(currency, new Decimal(amount));
  }

  book(instrument: Instrument, side: Side, lots: number, priceTicks: number, fee: string): void {
    const { definition, units } = instrument;
    const quantity = new Decimal(sizeText(lots, units));
    const value = fillValue(instrument, lots, priceTicks);
    const sign = side === Side.buy ? 1 : -1;
    if (definition.kind === 'spot') {
      this.#add(definition.base, quantity.mul(sign));
      this.#add(definition.quote, value.mul(-sign));
    } else {
      const position = this.positions.get(definition.instrument) ?? { quantity: ZERO, cost: ZERO };
      this.positions.set(definition.instrument, {
        quantity: position.quantity.add(quantity.mul(sign)),
        cost: position.cost.add(value.mul(sign)),
      });
    }
    this.#add(definition.settlement, new Decimal(fee).neg());
  }

  /**
   * Whether a limited account can pay for taking `lots` at no worse than `worstTicks`: a spot account cannot sell or
   * spend what it has not. Contracts trade on margin without a limit.
   *
   * @param tied  what takes in flight may still need of a currency
   * @returns undefined when it can, else what is needed and what is there
   */
  shortfall(
    instrument: Instrument,
    side: Side,
    lots: number,
    worstTicks: number,
    feeRate: string,
    tied: (currency: string) => Decimal,
  ): { currency: string; needed: string; available: string } | undefined {
    const { definition, units } = instrument;
    if (!this.limited || definition.kind !== 'spot') return undefined;
    const currency = side === Side.buy ? definition.quote : definition.base;
    const needed =
      side === Side.buy
        ? fillValue(instrument, lots, worstTicks).mul(new Decimal(feeRate).add(1))
        : new Decimal(sizeText(lots, units));
    const available = (this.cash.get(currency) ?? ZERO).sub(tied(currency));
    return needed.lte(available) ? undefined : { currency, needed: plain(needed), available: plain(available) };
  }

  content(): {
    cash: Record<string, string>;
    positions: Record<string, { quantity: string; cost: string }>;
    limited: boolean;
  } {
    return {
      cash: Object.fromEntries([...this.cash].sort(byName).map(([currency, amount]) => [currency, plain(amount)])),
      positions: Object.fromEntries(
        [...this.positions]
          .sort(byName)
          .map(([name, { quantity, cost }]) => [name, { quantity: plain(quantity), cost: plain(cost) }]),
      ),
      limited: this.limited,
    };
  }

  restore(content: ReturnType<Ledger['content']>): void {
    for (const [currency, amount] of Object.entries(content.cash)) this.cash.set(currency, new Decimal(amount));
    for (const [name, { quantity, cost }] of Object.entries(content.positions))
      this.positions.set(name, { quantity: new Decimal(quantity), cost: new Decimal(cost) });
    this.limited = content.limited;
  }

  #add(currency: string, amount: Decimal): void {
    this.cash.set(currency, (this.cash.get(currency) ?? ZERO).add(amount));
  }
}
