import type { Desk } from '../desk/desk.js';
import { invariant } from '../errors.js';
import { Side } from '../market/columns.js';
import { evolveChild } from './evolve-child.js';
import { anchor, catchUp, nextSlice } from './evolve-plan.js';
import type { Hands } from './hands.js';
import type { DeskOutcome, OrderOutcome } from './outcomes.js';
import { conductOf } from './pace.js';
import { FINAL, type TwapParameters } from './parameters.js';
import { executedLots, settled, type OrderState } from './state.js';

/** Applies a fact to a desk and judges nothing: the only hand that touches a desk's orders. */
export function evolve(desk: Desk, outcome: OrderOutcome | DeskOutcome, hands: Hands): void {
  switch (outcome.type) {
    case 'OrderAccepted': {
      const { startAt } = outcome.data;
      const order = accepted(outcome.data);
      order.cause = hands.cause;
      desk.orders.set(order.orderId, order);
      if (startAt !== undefined) hands.setTimer(startAt, 'start', order);
      return;
    }
    case 'OrderRefused':
    case 'CommandRefused':
    case 'OrderMeasured':
      return;
    case 'DeskHalted':
      desk.halted = outcome.data.reason;
      return;
    default:
  }
  const order = desk.orders.get(outcome.data.orderId);
  invariant(order !== undefined, `${outcome.type} for order ${outcome.data.orderId}, which is not open`);
  evolveOrder(desk, order, outcome, hands);
  order.cause = hands.cause;
  if (FINAL.has(order.status) && settled(order)) desk.orders.delete(order.orderId);
}

function accepted(data: Extract<OrderOutcome, { type: 'OrderAccepted' }>['data']): OrderState {
  const { orderId, parameters, quantityLots, limitTicks, startAt = 0 } = data;
  return {
    orderId,
    side: sideOf(parameters.side),
    parameters,
    conduct: conductOf(parameters),
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
    aggressive: false,
    madeRoom: false,
    takeHeld: new Set(),
    quoteHeld: new Set(),
    quotedAt: 0,
    requoteFrom: 0,
    cause: 0,
    uncountedVolumeLots: 0n,
  };
}

const sideOf = (side: TwapParameters['side']): Side => (side === 'sell' ? Side.sell : Side.buy);

function evolveOrder(
  desk: Desk,
  order: OrderState,
  outcome: Exclude<OrderOutcome, { type: 'OrderAccepted' | 'OrderRefused' | 'OrderMeasured' }>,
  hands: Hands,
): void {
  switch (outcome.type) {
    case 'OrderStarted': {
      const { plan, target } = outcome.data;
      if (target !== undefined) {
        order.side = sideOf(target.side);
        order.quantityLots = target.quantityLots;
      }
      order.status = 'running';
      order.startAt = 0;
      order.startedAt = hands.at;
      countVolume(order, hands, 1n);
      anchor(order, plan, hands.setTimer);
      break;
    }
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
    case 'AggressionEntered':
      order.aggressive = true;
      break;
    case 'AggressionLeft':
      order.aggressive = false;
      order.madeRoom = false;
      order.takeHeld.clear();
      break;
    case 'TakeSkipped':
      order.takeHeld.add(outcome.data.reason);
      break;
    case 'QuoteSkipped':
      order.quoteHeld.add(outcome.data.reason);
      break;
    case 'OrderAmended':
      amendOrder(order, outcome.data, hands);
      break;
    case 'OrderPaused':
      order.status = 'paused';
      order.pausedAt = hands.at;
      countVolume(order, hands, -1n);
      break;
    case 'OrderResumed':
      order.status = 'running';
      order.pausedAt = 0;
      countVolume(order, hands, 1n);
      anchor(order, outcome.data.plan, hands.setTimer);
      break;
    case 'OrderStopped':
      if (order.status === 'running') countVolume(order, hands, -1n);
      order.status = 'stopped';
      order.pausedAt = 0;
      order.startAt = 0;
      order.aggressive = false;
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
      evolveChild(desk, order, outcome, hands);
  }
}

function amendOrder(
  order: OrderState,
  data: Extract<OrderOutcome, { type: 'OrderAmended' }>['data'],
  { at, setTimer }: Hands,
): void {
  const { parameters, quantityLots, limitTicks, startAt, plan } = data;
  order.parameters = parameters;
  order.conduct = conductOf(parameters);
  if (parameters.targetPosition === undefined || order.startedAt === 0) order.side = sideOf(parameters.side);
  order.quantityLots = quantityLots;
  order.limitTicks = limitTicks;
  if (order.status === 'new') {
    order.generation++;
    order.startAt = startAt ?? 0;
    if (order.startAt !== 0) setTimer(order.startAt, 'start', order);
  }
  if (plan !== undefined) anchor(order, plan, setTimer);
  // a plan laid out in a pause has stood still only since then
  if (plan !== undefined && order.status === 'paused') order.pausedAt = at;
}

/** Takes the tape's volume so far into what does not count, or out of it: it counts from a start to a pause. */
function countVolume(order: OrderState, { marketOf }: Hands, sign: 1n | -1n): void {
  order.uncountedVolumeLots += sign * marketOf(order.parameters.instrument)!.tape.volumeLots;
}
