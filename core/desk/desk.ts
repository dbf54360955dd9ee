import { Decimal } from '../decimal.js';
import { Side } from '../market/columns.js';
import { multiplied } from '../market/increments.js';
import type { Instrument } from '../market/instrument.js';
import { sizeText } from '../market/instrument.js';
import type { LevelChange, LevelHolder, Market } from '../market/market.js';
import type { Trust } from '../market/trust.js';
import type { Measure } from '../measures/measure.js';
import { rescaleOrder, type OrderState } from '../orders/state.js';
import { Consumption } from './consumption.js';
import { Ledger } from './ledger.js';
import { fillValue } from './money.js';
import { RestingBook, type Surroundings } from './resting.js';
import type { VenueSettings } from './settings.js';
import type { Terms } from './terms.js';

/**
 * What one account did against the market: its open orders, what it took from the books, what it owns. Desks never see
 * each other. Orders leave once nothing about them can change any more; what they came to lives in the projections.
 */
export class Desk implements LevelHolder {
  readonly orders = new Map<string, OrderState>();
  /** What its orders cost; a measure stays until nothing about it can change, which is later than its order. */
  readonly measures = new Map<string, Measure>();
  readonly ledger = new Ledger();
  readonly consumption = new Map<string, Consumption>();
  /** Where its quotes rest, by instrument. */
  readonly resting = new Map<string, RestingBook>();
  /** Why the desk stands still; empty while it works. */
  halted = '';

  constructor(
    readonly account: string,
    public venue: VenueSettings,
    /** Of a desk of a sweep. */
    readonly terms?: Terms,
    /** What the engine calls it. Desks of a sweep share the name of their account. */
    readonly name = account,
  ) {}

  /** The instrument of an order about which something may still be said; undefined for any other. */
  instrumentOf(orderId: string): string | undefined {
    return this.orders.get(orderId)?.parameters.instrument ?? this.measures.get(orderId)?.instrument;
  }

  consumptionAt(instrument: string): Consumption {
    let consumption = this.consumption.get(instrument);
    if (consumption === undefined) {
      consumption = new Consumption(this.venue.assume);
      this.consumption.set(instrument, consumption);
    }
    return consumption;
  }

  restingAt(instrument: string): RestingBook {
    let resting = this.resting.get(instrument);
    if (resting === undefined) {
      resting = new RestingBook();
      this.resting.set(instrument, resting);
    }
    return resting;
  }

  /** A level's displayed size changed where this desk rests. */
  levelChanged(market: Market, { side, priceTicks, before, after }: LevelChange): boolean {
    const resting = this.resting.get(market.units.instrument);
    // nothing moves a queue in a book that is not trusted, nor does the snapshot that heals it
    if (resting !== undefined && this.trusts(market.trustBefore) && this.trusts(market.effectiveTrust()))
      resting.depthChanged(side, priceTicks, before, after, this.around(market));
    return resting?.holds(side, priceTicks) !== true;
  }

  /** Whether this desk trades in a book that is worth so much. */
  trusts(trust: Trust): boolean {
    return trust === 'trusted' || (trust === 'partial' && this.venue.allowPartialBook);
  }

  /** What the queues of this desk look at beside an event. */
  around(market: Market): Surroundings {
    const { book, bookVenueAt, previousBookVenueAt, instrument } = market;
    return {
      book,
      bookVenueAt,
      previousBookVenueAt,
      knows: (side, priceTicks) => market.knows(side, priceTicks),
      assume: this.venue.assume,
      lotLots: instrument.lotLots,
    };
  }

  /** New settings hold from the next decision on; a desk with terms of its own keeps them. */
  settle(settings: VenueSettings): void {
    const venue = this.terms?.venue ?? settings;
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
    this.resting.get(instrument)?.rescale(priceFactor, sizeFactor);
    for (const order of orders) rescaleOrder(order, priceFactor, sizeFactor);
  }

  /** It leaves for good. */
  release(): void {
    for (const consumption of this.consumption.values()) consumption.release();
  }

  feeRate(instrument: Instrument, liquidity: 'maker' | 'taker'): string {
    return (this.venue.fees ?? instrument.definition.fees)[liquidity];
  }

  /** How much of a currency what is in flight or rests may still need. Only spot orders spend a currency. */
  tied(currency: string, instrumentOf: (name: string) => Instrument): Decimal {
    let sum = new Decimal(0);
    for (const order of this.orders.values()) {
      for (const { style, leavesLots, limitTicks } of order.children) {
        if (leavesLots === 0) continue;
        const instrument = instrumentOf(order.parameters.instrument);
        const { kind, base, quote } = instrument.definition;
        if (kind !== 'spot') continue;
        const rate = this.feeRate(instrument, style === 'take' ? 'taker' : 'maker');
        if (order.side === Side.buy && quote === currency)
          sum = sum.add(fillValue(instrument, leavesLots, limitTicks).mul(new Decimal(rate).add(1)));
        if (order.side === Side.sell && base === currency) sum = sum.add(sizeText(leavesLots, instrument.units));
      }
    }
    return sum;
  }
}
