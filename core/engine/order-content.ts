import type { Side } from '../market/columns.js';
import { priceText, sizeText, type Units } from '../market/instrument.js';
import type { Lots } from '../market/lots.js';
import { conductOf } from '../orders/pace.js';
import type { OrderStatus, TwapParameters } from '../orders/parameters.js';
import { UNKNOWN_AHEAD, type ChildState, type OrderState } from '../orders/state.js';
import { countBig, countLots, countText } from './market-content.js';

/** An order in a checkpoint: quantities and prices as decimal text. */
export interface OrderContent {
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
  readonly aggressive: boolean;
  readonly madeRoom: boolean;
  readonly takeHeld: readonly string[];
  readonly quoteHeld: readonly string[];
  readonly quotedAt: number;
  readonly requoteFrom: number;
  readonly cause: number;
  readonly uncountedVolume: string;
  readonly children: readonly ChildContent[];
  readonly plan: {
    readonly startAt: number;
    readonly endAt: number;
    readonly cadence: readonly [string, string];
    readonly shifts?: readonly number[];
    readonly firstSlice: number;
    readonly next: number;
    readonly slices: readonly string[];
    readonly line: readonly [string, string];
  } | null;
}

interface ChildContent {
  readonly childId: string;
  readonly style: 'take' | 'quote';
  readonly slice: number;
  readonly quantity: string;
  readonly limit: string;
  readonly arrivesAt: number;
  readonly filled: string;
  readonly leaves: string;
  readonly rests: boolean;
  readonly ended: boolean;
  readonly rejected: boolean;
  readonly endReason: string;
  /** Null where nobody can say. */
  readonly ahead: string | null;
  readonly unshrunk: string | null;
  readonly joinedVenueAt: number;
  readonly open: string;
  readonly pullAt: number;
  readonly pullKeep: string;
  readonly pullReason: string;
  /** A shrink ahead of the cancel, where there is one. */
  readonly shrink?: readonly [at: number, keep: string];
  readonly pullAnswered: boolean;
  readonly reports: readonly (readonly [at: number, filled: string, reduced: string, shrunk: boolean])[];
}

export function orderContent(order: OrderState, units: Units): OrderContent {
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
    aggressive: order.aggressive,
    madeRoom: order.madeRoom,
    takeHeld: [...order.takeHeld].sort(),
    quoteHeld: [...order.quoteHeld].sort(),
    quotedAt: order.quotedAt,
    requoteFrom: order.requoteFrom,
    cause: order.cause,
    uncountedVolume: sizeText(order.uncountedVolumeLots, units),
    children: order.children.map((child) => childContent(child, units)),
    plan:
      plan === undefined
        ? null
        : {
            startAt: plan.startAt,
            endAt: plan.endAt,
            cadence: [String(plan.cadence.numerator), String(plan.cadence.denominator)],
            firstSlice: plan.firstSlice,
            next: plan.next,
            ...(plan.shifts === undefined ? {} : { shifts: plan.shifts }),
            slices: plan.sliceLots.map(size),
            line: [size(plan.baseLots), size(plan.lineLots)],
          },
  };
}

function childContent(child: ChildState, units: Units): ChildContent {
  const size = (lots: Lots): string => sizeText(lots, units);
  const { lots, limitTicks, filledLots, leavesLots, aheadLots, unshrunkLots, openLots, pullKeepLots, reports } = child;
  return {
    childId: child.childId,
    style: child.style,
    slice: child.slice,
    quantity: size(lots),
    limit: priceText(limitTicks, units),
    arrivesAt: child.arrivesAt,
    filled: size(filledLots),
    leaves: size(leavesLots),
    rests: child.rests,
    ended: child.ended,
    rejected: child.rejected,
    endReason: child.endReason,
    ahead: aheadLots === UNKNOWN_AHEAD ? null : size(aheadLots),
    unshrunk: unshrunkLots === UNKNOWN_AHEAD ? null : size(unshrunkLots),
    joinedVenueAt: child.joinedVenueAt,
    open: size(openLots),
    pullAt: child.pullAt,
    pullKeep: size(pullKeepLots),
    pullReason: child.pullReason,
    ...(child.shrinkAt === 0 ? {} : { shrink: [child.shrinkAt, size(child.shrinkKeepLots)] as const }),
    pullAnswered: child.pullAnswered,
    reports: reports.map((report) => [report.at, size(report.filledLots), size(report.reducedLots), report.shrunk]),
  };
}

export function restoreOrder(content: OrderContent, units: Units): OrderState {
  const { priceScale, sizeScale } = units;
  const size = (text: string): number => countText(text, sizeScale);
  const { plan } = content;
  return {
    orderId: content.orderId,
    side: content.side,
    parameters: content.parameters,
    conduct: conductOf(content.parameters),
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
    aggressive: content.aggressive,
    madeRoom: content.madeRoom,
    takeHeld: new Set(content.takeHeld),
    quoteHeld: new Set(content.quoteHeld),
    quotedAt: content.quotedAt,
    requoteFrom: content.requoteFrom,
    cause: content.cause,
    uncountedVolumeLots: countBig(content.uncountedVolume, sizeScale),
    children: content.children.map((child) => restoreChild(child, units)),
    plan:
      plan === null
        ? undefined
        : {
            startAt: plan.startAt,
            endAt: plan.endAt,
            cadence: { numerator: BigInt(plan.cadence[0]), denominator: BigInt(plan.cadence[1]) },
            ...(plan.shifts === undefined ? {} : { shifts: plan.shifts }),
            firstSlice: plan.firstSlice,
            next: plan.next,
            sliceLots: plan.slices.map(size),
            baseLots: size(plan.line[0]),
            lineLots: size(plan.line[1]),
          },
  };
}

function restoreChild(content: ChildContent, { priceScale, sizeScale }: Units): ChildState {
  const size = (text: string): number => countText(text, sizeScale);
  const ahead = (text: string | null): Lots => (text === null ? UNKNOWN_AHEAD : countLots(text, sizeScale));
  return {
    childId: content.childId,
    style: content.style,
    slice: content.slice,
    lots: size(content.quantity),
    limitTicks: countText(content.limit, priceScale),
    arrivesAt: content.arrivesAt,
    filledLots: size(content.filled),
    leavesLots: size(content.leaves),
    rests: content.rests,
    ended: content.ended,
    rejected: content.rejected,
    endReason: content.endReason,
    aheadLots: ahead(content.ahead),
    unshrunkLots: ahead(content.unshrunk),
    joinedVenueAt: content.joinedVenueAt,
    openLots: size(content.open),
    pullAt: content.pullAt,
    pullKeepLots: size(content.pullKeep),
    pullReason: content.pullReason,
    shrinkAt: content.shrink?.[0] ?? 0,
    shrinkKeepLots: content.shrink === undefined ? 0 : size(content.shrink[1]),
    pullAnswered: content.pullAnswered,
    reports: content.reports.map(([at, filled, reduced, shrunk]) => ({
      at,
      filledLots: size(filled),
      reducedLots: size(reduced),
      shrunk,
    })),
  };
}
