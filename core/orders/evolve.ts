import type { Desk } from '../desk/desk.js';
import { invariant, unreachable } from '../errors.js';
import { Side } from '../market/columns.js';
import type { Market } from '../market/market.js';
import type { EpochMicros } from '../time.js';
import type { DeskOutcome, OrderOutcome, PlanData } from './outcomes.js';
import { FINAL, type TwapParameters } from './parameters.js';
import { dueAt, equalSlices, firstDueAfter } from './schedule.js';
import { executedLots, settled, type ChildState, type OrderState, type PlanState } from './state.js';

/** What goes off by itself for an order, when the engine's clock passes its due time. */
export type TimerKind = 'start' | 'slice' | 'end' | 'arrival' | 'report';
export type SetTimer = (at: EpochMicros, kind: TimerKind, order: OrderState, childId?: string) => void;

/** What `evolve` may touch beside the desk. */
export interface Hands {
  readonly at: EpochMicros;
  readonly setTimer: SetTimer;
  readonly marketOf: (instrument: string) => Market | undefined;
}

/** Applies a fact to a desk and judges nothing: the only hand that touches a desk's state. */
export function evolve(desk: Desk, outcome: OrderOutcome | DeskOutcome, hands: Hands): void {
  switch (outcome.type) {
    case 'OrderAccepted': {
      const { orderId, parameters, quantityLots, limitTicks, startAt = 0 } = outcome.data;
      const order: OrderState = {
        orderId,
        side: sideOf(parameters),
        parameters,
        status: 'new',
        quantityLots,
        limitTicks,
        filledLots: 0,
        reportedLots: 0,
        children: [],
        nextChild: 1,
        targetLots: 0,
        plan: undefined,
        generation: 0,
        startAt,
        startedAt: 0,
        pausedAt: 0,
        waitsForMinimum: false,
      };
      desk.orders.set(orderId, order);
      if (startAt !== 0) hands.setTimer(startAt, 'start', order);
      return;
    }
    case 'OrderRefused':
    case 'CommandRefused':
      return;
    case 'DeskHalted':
      desk.halted = outcome.data.reason;
      return;
    default:
  }
  const order = desk.orders.get(outcome.data.orderId);
  invariant(order !== undefined, `${outcome.type} for order ${outcome.data.orderId}, which is not open`);
  switch (outcome.type) {
    case 'OrderStarted':
      order.status = 'running';
      order.startAt = 0;
      order.startedAt = hands.at;
      anchor(order, outcome.data.plan, hands.setTimer);
      break;
    case 'SliceReleased': {
      nextSlice(order, hands.setTimer);
      const waitingLots = order.targetLots - executedLots(order);
      order.waitsForMinimum &&= outcome.data.lots === 0 && waitingLots > 0;
      if (order.waitsForMinimum) catchUp(order, waitingLots, true, hands);
      break;
    }
    case 'SliceSkipped':
      order.waitsForMinimum = outcome.data.reason === 'below_minimum';
      nextSlice(order, hands.setTimer);
      catchUp(order, outcome.data.lots, order.waitsForMinimum, hands);
      break;
    case 'ChildPlaced': {
      const { childId, slice, lots, limitTicks, arrivesAt, reportAt } = outcome.data;
      order.children.push({
        childId,
        slice,
        lots,
        filledLots: 0,
        limitTicks,
        arrivesAt,
        reportAt,
        ended: false,
        endReason: '',
      });
      order.nextChild++;
      invariant(
        executedLots(order) <= order.quantityLots,
        `order ${order.orderId}: filled and in flight exceed its quantity`,
      );
      hands.setTimer(arrivesAt, 'arrival', order, childId);
      hands.setTimer(reportAt, 'report', order, childId);
      break;
    }
    case 'ChildFilled': {
      const { childId, lots, priceTicks, fee } = outcome.data;
      const child = childOf(order, childId);
      child.filledLots += lots;
      child.ended = child.filledLots === child.lots;
      order.filledLots += lots;
      invariant(child.filledLots <= child.lots, `child ${childId} filled more than it asked for`);
      invariant(order.filledLots <= order.quantityLots, `order ${order.orderId} filled more than ordered`);
      const market = hands.marketOf(order.parameters.instrument)!;
      desk.ledger.book(market.instrument, order.side, lots, priceTicks, fee);
      const side: Side = order.side === Side.buy ? Side.ask : Side.bid;
      const instrument = market.instrument.definition.instrument;
      if (desk.consumptionAt(instrument).take(side, priceTicks, lots)) market.hold(side, priceTicks, desk);
      break;
    }
    case 'ChildCancelled': {
      const child = childOf(order, outcome.data.childId);
      child.ended = true;
      child.endReason = outcome.data.reason;
      break;
    }
    case 'ChildReported': {
      const { childId, filledLots, leavesLots } = outcome.data;
      order.children = order.children.filter((child) => child.childId !== childId);
      order.reportedLots += filledLots;
      if (leavesLots > 0) catchUp(order, leavesLots, false, hands);
      break;
    }
    case 'OrderAmended': {
      const { parameters, quantityLots, limitTicks, startAt, plan } = outcome.data;
      order.parameters = parameters;
      order.side = sideOf(parameters);
      order.quantityLots = quantityLots;
      order.limitTicks = limitTicks;
      if (order.status === 'new') {
        order.generation++;
        order.startAt = startAt ?? 0;
        if (order.startAt !== 0) hands.setTimer(order.startAt, 'start', order);
      }
      if (plan !== undefined) anchor(order, plan, hands.setTimer);
      // a plan laid out in a pause has stood still only since then
      if (plan !== undefined && order.status === 'paused') order.pausedAt = hands.at;
      break;
    }
    case 'OrderPaused':
      order.status = 'paused';
      order.pausedAt = hands.at;
      break;
    case 'OrderResumed':
      order.status = 'running';
      order.pausedAt = 0;
      anchor(order, outcome.data.plan, hands.setTimer);
      break;
    case 'OrderStopped':
      order.status = 'stopped';
      order.pausedAt = 0;
      order.startAt = 0;
      order.generation++;
      break;
    case 'OrderCompleted':
      order.status = 'completed';
      order.generation++;
      break;
    case 'OrderCancelled':
      order.status = 'cancelled';
      order.generation++;
      break;
    default:
      unreachable(outcome);
  }
  if (FINAL.has(order.status) && settled(order)) desk.orders.delete(order.orderId);
}

const sideOf = ({ side }: TwapParameters): Side => (side === 'sell' ? Side.sell : Side.buy);

function childOf(order: OrderState, childId: string): ChildState {
  const child = order.children.find((candidate) => candidate.childId === childId);
  invariant(child !== undefined, `order ${order.orderId} has no child ${childId} in flight`);
  return child;
}

/** Puts a plan in force: what is executed counts as its base, and its first slice and its end are timers. */
function anchor(order: OrderState, plan: PlanData, setTimer: SetTimer): void {
  order.generation++;
  order.targetLots = executedLots(order);
  order.plan = { ...plan, sliceLots: [...plan.sliceLots], next: 0 };
  order.waitsForMinimum = false;
  setSliceTimer(order, setTimer);
  setTimer(plan.endAt, 'end', order);
}

/** The slice that was due is dealt with: it enters R, and the next one that has something to do gets its timer. */
function nextSlice(order: OrderState, setTimer: SetTimer): void {
  const plan = order.plan!;
  order.targetLots += plan.sliceLots[plan.next]!;
  plan.next++;
  setSliceTimer(order, setTimer);
}

function setSliceTimer(order: OrderState, setTimer: SetTimer): void {
  const plan = order.plan!;
  while (plan.sliceLots[plan.next] === 0) plan.next++; // what was too small on its own has joined another slice
  if (plan.next < plan.sliceLots.length) setTimer(dueAt(plan.startAt, plan.cadence, plan.next), 'slice', order);
}

/**
 * What a slice could not do (docs/orders.md): `spread` adds it to the slices to come by the equal-slices rule,
 * `next` to the next one, `none` takes it out of the plan. What waits for a legal quantity joins the next slice always.
 */
function catchUp(order: OrderState, missedLots: number, waits: boolean, hands: Hands): void {
  const { plan } = order;
  if (plan === undefined) return;
  const how = waits ? 'next' : (order.parameters.catchUp ?? 'spread');
  if (how === 'none') {
    order.targetLots -= missedLots;
    return;
  }
  const slices = slicesToCome(plan, hands.at);
  const first = slices[0];
  if (first === undefined) return;
  order.targetLots -= missedLots;
  const { lotLots } = hands.marketOf(order.parameters.instrument)!.instrument;
  const odd = how === 'next' ? missedLots : missedLots % lotLots; // the lot may have got coarser since it was planned
  plan.sliceLots[first]! += odd;
  if (odd < missedLots)
    equalSlices(missedLots - odd, slices.length, lotLots).forEach((lots, i) => {
      plan.sliceLots[slices[i]!]! += lots;
    });
  if (plan.next === plan.sliceLots.length) {
    plan.next = first; // the plan was done, and goes on
    setSliceTimer(order, hands.setTimer);
  }
}

/** The slices that have something to do still; where there is none, the next one in time. */
function slicesToCome(plan: PlanState, at: EpochMicros): number[] {
  const slices: number[] = [];
  for (let i = plan.next; i < plan.sliceLots.length; i++) if (plan.sliceLots[i]! > 0) slices.push(i);
  if (slices.length > 0) return slices;
  const idle = firstDueAfter(plan.startAt, plan.cadence, at);
  return idle < plan.sliceLots.length ? [idle] : [];
}
