import type { Side } from '../market/columns.js';
import { times, type Lots } from '../market/lots.js';
import type { EpochMicros } from '../time.js';
import type { OrderStatus, TwapParameters } from './parameters.js';
import type { Conduct } from './pace.js';
import type { Cadence } from './schedule.js';

/** What a venue has answered about a child and the planner has not heard yet. */
export interface PendingReport {
  readonly at: EpochMicros;
  filledLots: number;
  /** What a shrink took off. */
  reducedLots: number;
  /** It answers a shrink, also one that found nothing to take off. */
  shrunk: boolean;
}

/** A child that was sent and whose end the planner has not yet learnt of. */
export interface ChildState {
  readonly childId: string;
  readonly style: 'take' | 'quote';
  readonly slice: number;
  lots: number;
  limitTicks: number;
  readonly arrivesAt: EpochMicros;
  // ---- as the venue knows it
  filledLots: number;
  /** What may still fill. */
  leavesLots: number;
  /** It has arrived and rests. */
  rests: boolean;
  /** The venue has answered for the last time: filled, rejected, or its rest cancelled. */
  ended: boolean;
  /** It was turned away on arrival. */
  rejected: boolean;
  /** Why its rest was cancelled; empty while it lives or when it filled whole. */
  endReason: string;
  /** What stands before it in the queue; `UNKNOWN_AHEAD` beyond the known depth. */
  aheadLots: Lots;
  /** The same before the last shrink of its level moved it, trades apart (docs/fills.md, trades that come late). */
  unshrunkLots: Lots;
  /** The venue's time of the book that it joined: what was traded by then concerns it not. */
  joinedVenueAt: EpochMicros;
  // ---- as the planner knows it
  /** What may still fill, as far as reports tell. */
  openLots: number;
  /** When a cancel or a shrink that is on its way takes effect; 0 when there is none. */
  pullAt: EpochMicros;
  pullKeepLots: number;
  pullReason: string;
  /** A shrink that travels ahead of that cancel, and what it keeps; 0 when there is none. */
  shrinkAt: EpochMicros;
  shrinkKeepLots: number;
  /** The venue has answered it, and the planner has not heard yet. */
  pullAnswered: boolean;
  /** In the order of their time. */
  reports: PendingReport[];
}

/** Ahead of a child of which nobody can say what stands before it. */
export const UNKNOWN_AHEAD = Number.MAX_SAFE_INTEGER;

/** The plan being worked: sizes change when a slice is missed, times never. */
export interface PlanState {
  readonly startAt: EpochMicros;
  readonly endAt: EpochMicros;
  readonly cadence: Cadence;
  /** By how much each slice's instant is drawn off its place, in microseconds; absent: by nothing. */
  readonly shifts?: readonly number[];
  readonly firstSlice: number;
  sliceLots: number[];
  /** Index of the next slice to fall due. */
  next: number;
  /** S at its start, and how far it rises by its end. */
  baseLots: number;
  lineLots: number;
}

/** One parent order as its desk knows it. Lots and ticks are counted at the instrument's present units. */
export interface OrderState {
  readonly orderId: string;
  side: Side;
  parameters: TwapParameters;
  /** The parameters, as far as they say how it is worked. */
  conduct: Conduct;
  status: OrderStatus;
  /** Q; 0 for a target position until it starts. */
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
  /** It takes until it is back at the cap line. */
  aggressive: boolean;
  /** Quotes have been pulled for the take that is due. */
  madeRoom: boolean;
  /** Why the take, or the quote, that is due was not done: what has been said since the last one was. */
  readonly takeHeld: Set<string>;
  readonly quoteHeld: Set<string>;
  /** When its quotes were last put at a price; 0 before the first. */
  quotedAt: EpochMicros;
  /** Earliest next quote after one that was rejected, or pulled for the spread. */
  requoteFrom: EpochMicros;
  /** The input that last brought something about here; what a look at the order brings about has this cause. */
  cause: number;
  /** Volume of the tape that does not count for its participation: before its start, and while it stood still. */
  uncountedVolumeLots: bigint;
}

/** E: executed, what is in flight included. Quotes that rest are not. */
export function executedLots(order: Readonly<OrderState>): number {
  let lots = order.reportedLots;
  for (const child of order.children) if (child.style === 'take') lots += child.lots;
  return lots;
}

/** What its quotes may still fill, as far as the planner knows. */
export function quotedLots(order: Readonly<OrderState>): number {
  let lots = 0;
  for (const child of order.children) if (child.style === 'quote') lots += child.openLots;
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
  order.uncountedVolumeLots *= BigInt(sizeFactor);
  const { plan } = order;
  if (plan !== undefined) {
    plan.sliceLots = plan.sliceLots.map((lots) => lots * sizeFactor);
    plan.baseLots *= sizeFactor;
    plan.lineLots *= sizeFactor;
  }
  for (const child of order.children) rescaleChild(child, priceFactor, sizeFactor);
}

function rescaleChild(child: ChildState, priceFactor: number, sizeFactor: number): void {
  child.limitTicks *= priceFactor;
  child.lots *= sizeFactor;
  child.filledLots *= sizeFactor;
  child.leavesLots *= sizeFactor;
  child.openLots *= sizeFactor;
  child.pullKeepLots *= sizeFactor;
  child.shrinkKeepLots *= sizeFactor;
  if (child.aheadLots !== UNKNOWN_AHEAD) child.aheadLots = times(child.aheadLots, sizeFactor);
  if (child.unshrunkLots !== UNKNOWN_AHEAD) child.unshrunkLots = times(child.unshrunkLots, sizeFactor);
  for (const report of child.reports) {
    report.filledLots *= sizeFactor;
    report.reducedLots *= sizeFactor;
  }
}
