import { Consumption } from '../desk/consumption.js';
import type { Desk } from '../desk/desk.js';
import { feeText } from '../desk/money.js';
import { walk } from '../desk/walk.js';
import { countedText, ExactSum } from '../exact-sum.js';
import type { Market } from '../market/market.js';
import type { Measure } from './measure.js';
import { PriceSum } from './price-sum.js';

/** All that was paid, and all fees, once the rest is bought as well. */
export interface Rest {
  readonly paid: PriceSum;
  /** Plain decimal text. */
  readonly fees: string;
}

/** What was paid so far together with the rest, bought now out of the book; undefined where the book does not hold it. */
export function buyRest(desk: Desk, measure: Measure, market: Market): Rest | undefined {
  const paid = new PriceSum(measure.paid.inverse);
  paid.addAll(measure.paid);
  const rest = measure.quantityLots - Number(measure.paid.count());
  if (rest <= 0) return { paid, fees: measure.fees.toString() };
  if (market.unusable(desk.venue.allowPartialBook) !== undefined) return undefined;
  const { book, instrument } = market;
  const consumption = desk.consumption.get(measure.instrument) ?? new Consumption(desk.venue.assume);
  const { steps, filledLots } = walk(book, consumption, measure.side, rest, 0);
  if (filledLots < rest) return undefined;
  const rate = desk.feeRate(instrument, 'taker');
  const fees = ExactSum.of(measure.fees.toString());
  for (const { lots, priceTicks } of steps) {
    paid.add(2 * priceTicks, lots);
    fees.add(countedText(feeText(instrument, lots, priceTicks, rate)));
  }
  return { paid, fees: fees.toString() };
}
