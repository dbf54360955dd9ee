import { Decimal } from '../decimal.js';
import { Side } from '../market/columns.js';
import { multiplied } from '../market/increments.js';
import type { Instrument } from '../market/instrument.js';
import { sizeText } from '../market/instrument.js';
import type { LevelHolder } from '../market/market.js';
import { rescaleOrder, type OrderState } from '../orders/state.js';
import { Consumption } from './consumption.js';
import { Ledger } from './ledger.js';
import { fillValue } from './money.js';
import type { VenueSettings } from './settings.js';

/**
 * What one account did against the market: its open orders, what it took from the books, what it owns. Desks never see
 * each other. Orders leave once nothing about them can change any more; what they came to lives in the projections.
 */
export class Desk implements LevelHolder {
  readonly orders = new Map<string, OrderState>();
  readonly ledger = new Ledger();
  readonly consumption = new Map<string, Consumption>();
  /** Why the desk stands still; empty while it works. */
  halted = '';

  constructor(
    readonly account: string,
    public venue: VenueSettings,
  ) {}

  consumptionAt(instrument: string): Consumption {
    let consumption = this.consumption.get(instrument);
    if (consumption === undefined) {
      consumption = new Consumption(this.venue.assume);
      this.consumption.set(instrument, consumption);
    }
    return consumption;
  }

  /** A level's displayed size changed where this desk took something. */
  levelChanged(instrument: Instrument, side: Side, priceTicks: number, before: number, after: number): boolean {
    const consumption = this.consumptionAt(instrument.definition.instrument);
    return consumption.changed(side, priceTicks, before, after, instrument.lotLots);
  }

  /** New settings hold from the next decision on. */
  settle(venue: VenueSettings): void {
    this.venue = venue;
    for (const consumption of this.consumption.values()) consumption.assume = venue.assume;
  }

  /**
   * The instrument's increments got finer: everything counted in them is multiplied.
   *
   * @throws {InvariantViolation} when an order cannot be counted so finely; then nothing is
   */
  rescale(instrument: string, priceFactor: number, sizeFactor: number): void {
    const orders = [...this.orders.values()].filter(({ parameters }) => parameters.instrument === instrument);
    for (const { quantityLots, limitTicks } of orders) {
      multiplied(quantityLots, sizeFactor);
      multiplied(limitTicks, priceFactor);
    }
    this.consumption.get(instrument)?.rescale(priceFactor, sizeFactor);
    for (const order of orders) rescaleOrder(order, priceFactor, sizeFactor);
  }

  takerRate(instrument: Instrument): string {
    return (this.venue.fees ?? instrument.definition.fees).taker;
  }

  /** How much of a currency the takes in flight may still need. Only spot orders spend a currency. */
  tied(currency: string, instrumentOf: (name: string) => Instrument): Decimal {
    let sum = new Decimal(0);
    for (const order of this.orders.values()) {
      for (const child of order.children) {
        if (child.ended) continue;
        const instrument = instrumentOf(order.parameters.instrument);
        const { kind, base, quote } = instrument.definition;
        const open = child.lots - child.filledLots;
        if (kind !== 'spot') continue;
        if (order.side === Side.buy && quote === currency)
          sum = sum.add(
            fillValue(instrument, open, child.limitTicks).mul(new Decimal(this.takerRate(instrument)).add(1)),
          );
        if (order.side === Side.sell && base === currency) sum = sum.add(sizeText(open, instrument.units));
      }
    }
    return sum;
  }
}
