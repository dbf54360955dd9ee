import type { Refusal } from '../errors.js';
import { Side } from '../market/columns.js';
import { formatInstant, type EpochMicros } from '../time.js';
import { acceptable, orderExists } from './acceptance.js';
import { amend } from './amendment.js';
import type { Command } from './commands.js';
import { goalToward, positionHeld, type Goal } from './goal.js';
import type { AnyOutcome } from './outcomes.js';
import { FINAL, type CommandName, type TwapParameters } from './parameters.js';
import { planFrom, resumedPlan } from './planning.js';
import type { OrderState } from './state.js';
import { refused, type View } from './view.js';
import { countWindow, scheduleRefusal } from './window.js';

export type { View } from './view.js';

const NAMES: Record<Command['type'], CommandName | 'submit'> = {
  SubmitTwap: 'submit',
  AmendOrder: 'amend',
  StartOrder: 'start',
  PauseOrder: 'pause',
  ResumeOrder: 'resume',
  StopOrder: 'stop',
  CancelOrder: 'cancel',
};

export const commandName = (type: Command['type']): CommandName | 'submit' => NAMES[type];

/** What follows from a command (docs/orders.md): outcomes in their order, to be evolved one after the other. */
export function decideCommand(view: View, command: Command): AnyOutcome[] {
  if (command.type === 'SubmitTwap') return submit(view, command.data);
  const { orderId } = command.data;
  const order = view.desk.orders.get(orderId);
  const name = NAMES[command.type] as CommandName;
  if (order === undefined)
    return refused(orderId, name, {
      code: 'order_unknown',
      where: '/orderId',
      what: `there is no open order ${orderId} of account ${view.desk.account}`,
      mend: 'look it up with GET /v1/orders; a final order takes no commands',
    });
  const wrong = wrongState(order, name);
  if (wrong !== undefined) return refused(orderId, name, wrong);
  switch (command.type) {
    case 'AmendOrder':
      return amend(view, order, command.data.changes);
    case 'StartOrder':
      return start(view, order, 'start');
    case 'PauseOrder':
      return [{ type: 'OrderPaused', data: { orderId } }];
    case 'ResumeOrder':
      return [{ type: 'OrderResumed', data: { orderId, plan: resumedPlan(view, order) } }];
    case 'StopOrder':
      return [{ type: 'OrderStopped', data: { orderId } }];
    case 'CancelOrder':
      return [{ type: 'OrderCancelled', data: { orderId } }];
  }
}

const ALLOWED: Record<CommandName, readonly OrderState['status'][]> = {
  start: ['new', 'stopped'],
  pause: ['running'],
  resume: ['paused'],
  stop: ['new', 'running', 'paused'],
  cancel: ['new', 'running', 'paused', 'stopped'],
  amend: ['new', 'running', 'paused', 'stopped'],
};

/** Why a command does not fit the state its order is in; the door asks the same question before it logs a command. */
export function wrongState(
  order: { readonly status: OrderState['status'] },
  command: CommandName,
): Refusal | undefined {
  const allowed = ALLOWED[command];
  if (allowed.includes(order.status)) return undefined;
  return {
    code: 'wrong_state',
    where: `/${command}`,
    what: `the order is ${order.status}, and ${command} needs it to be ${allowed.join(' or ')}`,
    mend: FINAL.has(order.status) ? 'submit a new order' : 'bring the order into such a state first',
  };
}

function submit(view: View, data: TwapParameters & { orderId: string; actor?: string }): AnyOutcome[] {
  const { orderId, actor, ...parameters } = data;
  const by = actor === undefined ? {} : { actor };
  if (view.desk.orders.has(orderId)) return refused(orderId, 'submit', orderExists(orderId));
  const terms = acceptable(view, orderId, parameters);
  if ('code' in terms) return [{ type: 'OrderRefused', data: { orderId, parameters, refusal: terms, ...by } }];
  const { quantityLots, limitTicks, startAt } = terms;
  const accepted: AnyOutcome = {
    type: 'OrderAccepted',
    data: { orderId, parameters, quantityLots, limitTicks, ...(startAt === undefined ? {} : { startAt }), ...by },
  };
  return [accepted];
}

/** Starts a new or stopped order, by command or because its time has come. */
export function start(view: View, order: OrderState, by: 'start' | 'timer'): AnyOutcome[] {
  const { orderId, parameters } = order;
  const goal = goalAtStart(view, order);
  if ('code' in goal) return refused(orderId, 'start', goal);
  if (order.reportedLots === goal.quantityLots)
    return [{ type: 'OrderCompleted', data: { orderId, reason: 'filled' } }];
  const { instrument } = view.marketOf(parameters.instrument)!;
  const terms = countWindow(parameters, instrument);
  if (terms.endAt !== undefined && terms.endAt <= view.at) {
    const refusal = windowOver(terms.endAt, view.at);
    return by === 'timer'
      ? [{ type: 'OrderCompleted', data: { orderId, reason: 'window_over' } }]
      : refused(orderId, 'start', refusal);
  }
  const startsAtPosition = isTargetToRead(order);
  // how much there is to do is known only now, and so is whether its slices can be counted
  const tooMany = startsAtPosition ? scheduleRefusal(terms, goal.quantityLots, view.at) : undefined;
  if (tooMany !== undefined) return refused(orderId, 'start', tooMany);
  const { side, quantityLots } = goal;
  const target = { side: side === Side.buy ? ('buy' as const) : ('sell' as const), quantityLots };
  const plan = planFrom(view, order, goal, terms);
  return [{ type: 'OrderStarted', data: { orderId, plan, ...(startsAtPosition ? { target } : {}) } }];
}

/** A target position is read when its order starts for the first time, and holds from then on. */
const isTargetToRead = ({ parameters, startedAt }: OrderState): boolean =>
  parameters.targetPosition !== undefined && startedAt === 0;

function goalAtStart(view: View, order: OrderState): Goal | Refusal {
  const { targetPosition, instrument: name } = order.parameters;
  if (targetPosition === undefined || !isTargetToRead(order)) return order;
  const { instrument } = view.marketOf(name)!;
  return goalToward(targetPosition, positionHeld(view.desk.ledger, instrument), instrument);
}

function windowOver(endAt: EpochMicros, now: EpochMicros): Refusal {
  return {
    code: 'window_over',
    where: '/endTime',
    what: `the window ended at ${formatInstant(endAt)}, and it is ${formatInstant(now)}`,
    mend: 'amend endTime first, or cancel the order',
  };
}
