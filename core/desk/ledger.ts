import { Decimal, plain } from '../decimal.js';
import { countedText, ExactSum, type Counted } from '../exact-sum.js';
import { Side } from '../market/columns.js';
import type { Instrument } from '../market/instrument.js';
import { sizeText } from '../market/instrument.js';
import { fillValue, fillWorth } from './money.js';

const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1);
const ZERO = new Decimal(0);

export interface Position {
  /** Signed quantity in the instrument's own quantity unit. */
  readonly quantity: ExactSum;
  /** Signed cost of the position's fills in the settlement currency, fees apart: buys add, sells take away. */
  readonly cost: ExactSum;
}

/**
 * What one account has: cash by currency, positions in contracts by instrument. A spot fill moves both currencies; a
 * contract moves its position, and its fee the settlement currency. Nothing else ever changes a balance.
 */
export class Ledger {
  readonly cash = new Map<string, ExactSum>();
  readonly positions = new Map<string, Position>();
  /** False: the account may go below zero, as in a replay that names no balances. */
  limited = false;

  deposit(currency: string, amount: string): void {
    this.#sum(currency).add(countedText(plain(new Decimal(amount))));
  }

  /** What there is of a currency. */
  balance(currency: string): Decimal {
    return this.cash.get(currency)?.toDecimal() ?? ZERO;
  }

  book(instrument: Instrument, side: Side, lots: number, priceTicks: number, fee: string): void {
    const { definition, units } = instrument;
    const bought = side === Side.buy;
    const quantity: Counted = { mantissa: BigInt(bought ? lots : -lots), scale: units.sizeScale };
    const worth = fillWorth(instrument, lots, priceTicks);
    const paid = bought ? worth : { mantissa: -worth.mantissa, scale: worth.scale };
    if (definition.kind === 'spot') {
      this.#sum(definition.base).add(quantity);
      this.#sum(definition.quote).subtract(paid);
    } else {
      let position = this.positions.get(definition.instrument);
      if (position === undefined) {
        position = { quantity: new ExactSum(), cost: new ExactSum() };
        this.positions.set(definition.instrument, position);
      }
      position.quantity.add(quantity);
      position.cost.add(paid);
    }
    this.#sum(definition.settlement).subtract(countedText(fee));
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
    const available = this.balance(currency).sub(tied(currency));
    return needed.lte(available) ? undefined : { currency, needed: plain(needed), available: plain(available) };
  }

  content(): {
    cash: Record<string, string>;
    positions: Record<string, { quantity: string; cost: string }>;
    limited: boolean;
  } {
    return {
      cash: Object.fromEntries([...this.cash].sort(byName).map(([currency, amount]) => [currency, amount.toString()])),
      positions: Object.fromEntries(
        [...this.positions]
          .sort(byName)
          .map(([name, { quantity, cost }]) => [name, { quantity: quantity.toString(), cost: cost.toString() }]),
      ),
      limited: this.limited,
    };
  }

  restore(content: ReturnType<Ledger['content']>): void {
    for (const [currency, amount] of Object.entries(content.cash)) this.cash.set(currency, ExactSum.of(amount));
    for (const [name, { quantity, cost }] of Object.entries(content.positions))
      this.positions.set(name, { quantity: ExactSum.of(quantity), cost: ExactSum.of(cost) });
    this.limited = content.limited;
  }

  #sum(currency: string): ExactSum {
    let sum = this.cash.get(currency);
    if (sum === undefined) {
      sum = new ExactSum();
      this.cash.set(currency, sum);
    }
    return sum;
  }
}
