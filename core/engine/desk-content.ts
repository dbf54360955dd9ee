import type { Desk } from '../desk/desk.js';
import type { Ledger } from '../desk/ledger.js';
import type { Json } from '../json.js';
import type { Side } from '../market/columns.js';
import { priceText, sizeText, type Units } from '../market/instrument.js';
import type { Market } from '../market/market.js';
import type { OrderStatus, TwapParameters } from '../orders/parameters.js';
import type { OrderState } from '../orders/state.js';
import { countText } from './market-content.js';

/** A desk in a checkpoint: quantities and prices as decimal text. */
export interface DeskContent {
  readonly account: string;
  readonly halted: string;
  readonly ledger: ReturnType<Ledger['content']>;
  readonly consumption: Readonly<Record<string, readonly (readonly [Side, string, string])[]>>;
  readonly orders: readonly OrderContent[];
}

interface OrderContent {
  readonly orderId: string;
  readonly side: Side;
  readonly parameters: TwapParameters;
  readonly status: OrderStatus;
  readonly quantity: string;
  readonly limit: string;
  readonly filled: string;
  readonly reported: string;
  readonly target: string;
  readonly nextChild: number;
  readonly generation: number;
  readonly startAt: number;
  readonly startedAt: number;
  readonly pausedAt: number;
  readonly waitsForMinimum: boolean;
  readonly children: readonly {
    readonly childId: string;
    readonly slice: number;
    readonly quantity: string;
    readonly filled: string;
    readonly limit: string;
    readonly arrivesAt: number;
    readonly reportAt: number;
    readonly ended: boolean;
    readonly endReason: string;
  }[];
  readonly plan: {
    readonly startAt: number;
    readonly endAt: number;
    readonly cadence: readonly [string, string];
    readonly firstSlice: number;
    readonly next: number;
    readonly slices: readonly string[];
  } | null;
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
  const orders = [...desk.orders.values()].sort((a, b) => (a.orderId < b.orderId ? -1 : 1));
  return {
    account: desk.account,
    halted: desk.halted,
    ledger: desk.ledger.content(),
    consumption,
    orders: orders.map((order) => orderContent(order, unitsOf(order.parameters.instrument)) as unknown as Json),
  };
}

function orderContent(order: OrderState, units: Units): OrderContent {
  const size = (lots: number): string => sizeText(lots, units);
  const price = (ticks: number): string => priceText(ticks, units);
  const { plan } = order;
  return {
    orderId: order.orderId,
    side: order.side,
    parameters: order.parameters,
    status: order.status,
    quantity: size(order.quantityLots),
    limit: price(order.limitTicks),
    filled: size(order.filledLots),
    reported: size(order.reportedLots),
    target: size(order.targetLots),
    nextChild: order.nextChild,
    generation: order.generation,
    startAt: order.startAt,
    startedAt: order.startedAt,
    pausedAt: order.pausedAt,
    waitsForMinimum: order.waitsForMinimum,
    children: order.children.map(({ lots, filledLots, limitTicks, ...child }) => ({
      ...child,
      quantity: size(lots),
      filled: size(filledLots),
      limit: price(limitTicks),
    })),
    plan:
      plan === undefined
        ? null
        : {
            startAt: plan.startAt,
            endAt: plan.endAt,
            cadence: [String(plan.cadence.numerator), String(plan.cadence.denominator)],
            firstSlice: plan.firstSlice,
            next: plan.next,
            slices: plan.sliceLots.map(size),
          },
  };
}

export function restoreDesk(desk: Desk, content: DeskContent, marketOf: (instrument: string) => Market): void {
  desk.halted = content.halted;
  desk.ledger.restore(content.ledger);
  for (const [instrument, entries] of Object.entries(content.consumption)) {
    const market = marketOf(instrument);
    for (const [side, price, size] of entries) {
      const ticks = countText(price, market.units.priceScale);
      desk.consumptionAt(instrument).take(side, ticks, countText(size, market.units.sizeScale));
      market.hold(side, ticks, desk);
    }
  }
  for (const order of content.orders)
    desk.orders.set(order.orderId, restoreOrder(order, marketOf(order.parameters.instrument).units));
}

function restoreOrder(content: OrderContent, { priceScale, sizeScale }: Units): OrderState {
  const size = (text: string): number => countText(text, sizeScale);
  const { plan } = content;
  return {
    orderId: content.orderId,
    side: content.side,
    parameters: content.parameters,
    status: content.status,
    quantityLots: size(content.quantity),
    limitTicks: countText(content.limit, priceScale),
    filledLots: size(content.filled),
    reportedLots: size(content.reported),
    targetLots: size(content.target),
    nextChild: content.nextChild,
    generation: content.generation,
    startAt: content.startAt,
    startedAt: content.startedAt,
    pausedAt: content.pausedAt,
    waitsForMinimum: content.waitsForMinimum,
    children: content.children.map(({ quantity, filled, limit, ...child }) => ({
      ...child,
      lots: size(quantity),
      filledLots: size(filled),
      limitTicks: countText(limit, priceScale),
    })),
    plan:
      plan === null
        ? undefined
        : {
            startAt: plan.startAt,
            endAt: plan.endAt,
            cadence: { numerator: BigInt(plan.cadence[0]), denominator: BigInt(plan.cadence[1]) },
            firstSlice: plan.firstSlice,
            next: plan.next,
            sliceLots: plan.slices.map(size),
          },
  };
}
