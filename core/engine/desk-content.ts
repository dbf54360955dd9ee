import type { Desk } from '../desk/desk.js';
import type { Ledger } from '../desk/ledger.js';
import type { Json } from '../json.js';
import type { RestingBook } from '../desk/resting.js';
import { Side } from '../market/columns.js';
import { priceText, sizeText, type Units } from '../market/instrument.js';
import type { Lots } from '../market/lots.js';
import type { Market } from '../market/market.js';
import { countLots, countText } from './market-content.js';
import { measureContent, restoreMeasure, type MeasureContent } from './measure-content.js';
import { orderContent, restoreOrder, type OrderContent } from './order-content.js';

/** A desk in a checkpoint: quantities and prices as decimal text. */
export interface DeskContent {
  readonly account: string;
  readonly halted: string;
  readonly ledger: ReturnType<Ledger['content']>;
  readonly consumption: Readonly<Record<string, readonly (readonly [Side, string, string])[]>>;
  readonly resting: Readonly<Record<string, readonly RestingContent[]>>;
  readonly orders: readonly OrderContent[];
  readonly measures: readonly MeasureContent[];
}

interface RestingContent {
  readonly side: Side;
  readonly price: string;
  /** In the order in which they came to rest. */
  readonly children: readonly string[];
  readonly trades: readonly (readonly [venueAt: number, quantity: string])[];
  readonly shrink: readonly [venueAt: number, before: string, quantity: string, traded: string] | null;
}

export function deskContent(desk: Desk, unitsOf: (instrument: string) => Units): Json {
  const consumption: Record<string, Json> = {};
  for (const [instrument, held] of desk.consumption) {
    const entries = held.entries();
    const units = unitsOf(instrument);
    if (entries.length > 0)
      consumption[instrument] = entries.map(([side, price, lots]) => [
        side,
        priceText(price, units),
        sizeText(lots, units),
      ]);
  }
  const resting: Record<string, Json> = {};
  for (const [instrument, book] of desk.resting)
    if (!book.isEmpty) resting[instrument] = restingContent(book, unitsOf(instrument)) as unknown as Json;
  const orders = [...desk.orders.values()].sort(byOrderId);
  const measures = [...desk.measures.values()].sort(byOrderId);
  return {
    account: desk.account,
    halted: desk.halted,
    ledger: desk.ledger.content(),
    consumption,
    resting,
    orders: orders.map((order) => orderContent(order, unitsOf(order.parameters.instrument)) as unknown as Json),
    measures: measures.map((measure) => measureContent(measure, unitsOf(measure.instrument)) as unknown as Json),
  };
}

const byOrderId = (a: { readonly orderId: string }, b: { readonly orderId: string }): number =>
  a.orderId < b.orderId ? -1 : 1;

function restingContent(book: RestingBook, units: Units): RestingContent[] {
  const size = (lots: Lots): string => sizeText(lots, units);
  return [...book.levels(Side.bid), ...book.levels(Side.ask)].map(({ side, priceTicks, children, trades, shrink }) => ({
    side,
    price: priceText(priceTicks, units),
    children: children.map(({ childId }) => childId),
    trades: trades.map(({ venueAt, lots }) => [venueAt, size(lots)]),
    shrink:
      shrink === undefined
        ? null
        : [shrink.venueAt, size(shrink.beforeLots), size(shrink.lots), size(shrink.tradedLots)],
  }));
}

export function restoreDesk(desk: Desk, content: DeskContent, marketOf: (instrument: string) => Market): void {
  desk.halted = content.halted;
  desk.ledger.restore(content.ledger);
  for (const [instrument, entries] of Object.entries(content.consumption)) {
    const market = marketOf(instrument);
    for (const [side, price, size] of entries) {
      const ticks = countText(price, market.units.priceScale);
      const lots = countLots(size, market.units.sizeScale);
      desk.consumptionAt(instrument).take(side, ticks, lots, () => market.logOf(side, ticks));
    }
  }
  for (const order of content.orders)
    desk.orders.set(order.orderId, restoreOrder(order, marketOf(order.parameters.instrument).units));
  for (const measure of content.measures)
    desk.measures.set(measure.orderId, restoreMeasure(measure, marketOf(measure.instrument).units));
  for (const [instrument, levels] of Object.entries(content.resting))
    restoreResting(desk, levels, marketOf(instrument));
}

function restoreResting(desk: Desk, levels: readonly RestingContent[], market: Market): void {
  const { instrument, priceScale, sizeScale } = market.units;
  const size = (text: string): Lots => countLots(text, sizeScale);
  const known = new Map(
    [...desk.orders.values()].flatMap(({ children }) => children.map((each) => [each.childId, each])),
  );
  const book = desk.restingAt(instrument);
  for (const { side, price, children, trades, shrink } of levels) {
    const level = book.levelAt(side, countText(price, priceScale));
    level.children.push(...children.map((childId) => known.get(childId)!));
    level.trades = trades.map(([venueAt, quantity]) => ({ venueAt, lots: size(quantity) }));
    if (shrink !== null)
      level.shrink = {
        venueAt: shrink[0],
        beforeLots: size(shrink[1]),
        lots: size(shrink[2]),
        tradedLots: size(shrink[3]),
      };
    market.hold(side, level.priceTicks, desk);
  }
}
