import type { Side } from '../market/columns.js';
import type { EpochMicros } from '../time.js';
import type { OrderStatus, TwapParameters } from './parameters.js';
import type { Cadence } from './schedule.js';

/** A child that was sent and whose end the planner has not yet learnt of: it counts as in flight, and so as executed. */
export interface ChildState {
  readonly childId: string;
  readonly slice: number;
  lots: number;
  filledLots: number;
  limitTicks: number;
  readonly arrivesAt: EpochMicros;
  readonly reportAt: EpochMicros;
  /** The venue has answered: filled, or its rest cancelled. */
  ended: boolean;
  /** Why its rest was cancelled; empty while it lives or when it filled whole. */
  endReason: string;
}

/** The plan being worked: sizes change when a slice is missed, times never. */
export interface PlanState {
  readonly startAt: EpochMicros;
  readonly endAt: EpochMicros;
  readonly cadence: Cadence;
  readonly firstSlice: number;
  sliceLots: number[];
  /** Index of the next slice to fall due. */
  next: number;
}

/** One parent order as its desk knows it. Lots and ticks are counted at the instrument's present units. */
export interface OrderState {
  readonly orderId: string;
  side: Side;
  parameters: TwapParameters;
  status: OrderStatus;
  quantityLots: number;
  /** 0: no limit. */
  limitTicks: number;
  filledLots: number;
  /** What the planner knows to be filled: reports travel. */
  reportedLots: number;
  children: ChildState[];
  nextChild: number;
  /** R: what the slices due so far should have executed. */
  targetLots: number;
  plan: PlanState | undefined;
  /** Rises with every plan, so that a timer of an old plan is known for what it is. */
  generation: number;
  /** When it starts by itself, while new; 0: it waits for a command. */
  startAt: EpochMicros;
  /** When its present window began, at its last start; 0 before the first. */
  startedAt: EpochMicros;
  /** Since when its plan stands still; 0 while it does not. */
  pausedAt: EpochMicros;
  /** The wait for a legal quantity has been said and lasts. */
  waitsForMinimum: boolean;
}

/** E: executed, what is in flight included. */
export function executedLots(order: Readonly<OrderState>): number {
  let lots = order.reportedLots;
  for (const child of order.children) lots += child.lots;
  return lots;
}

/** Nothing will change any more: final, and every child answered and reported. */
export function settled(order: Readonly<OrderState>): boolean {
  return order.children.length === 0;
}

/** The instrument's increments got finer: prices and sizes of an order are multiplied. */
export function rescaleOrder(order: OrderState, priceFactor: number, sizeFactor: number): void {
  order.limitTicks *= priceFactor;
  order.quantityLots *= sizeFactor;
  order.filledLots *= sizeFactor;
  order.reportedLots *= sizeFactor;
  order.targetLots *= sizeFactor;
  if (order.plan !== undefined) order.plan.sliceLots = order.plan.sliceLots.map((lots) => lots * sizeFactor);
  for (const child of order.children) {
    child.lots *= sizeFactor;
    child.filledLots *= sizeFactor;
    child.limitTicks *= priceFactor;
  }
}
