import type { Desk } from '../desk/desk.js';
import type { Refusal } from '../errors.js';
import type { Market } from '../market/market.js';
import type { EpochMicros } from '../time.js';
import { formatInstant, parseInstant } from '../time.js';
import type { Command } from './commands.js';
import type { AnyOutcome, PlanData } from './outcomes.js';
import { FINAL, type CommandName, type TwapParameters } from './parameters.js';
import {
  amended,
  belowMinNotional,
  notionalText,
  onlyWhileNew,
  orderIdRefusal,
  readTerms,
  reanchors,
  type OrderTerms,
} from './rules.js';
import { dueAt, layOut, type ScheduleTerms } from './schedule.js';
import { executedLots, type OrderState, type PlanState } from './state.js';

/** What a decision may look at. It changes nothing. */
export interface View {
  readonly at: EpochMicros;
  readonly desk: Readonly<Desk>;
  readonly marketOf: (instrument: string) => Market | undefined;
}

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

/** What follows from a command (semantics.md section 2): outcomes in their order, to be evolved one after the other. */
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

function refused(orderId: string, command: CommandName | 'submit', refusal: Refusal): AnyOutcome[] {
  return [{ type: 'CommandRefused', data: { orderId, command, refusal } }];
}

function submit(view: View, data: TwapParameters & { orderId: string; actor?: string }): AnyOutcome[] {
  const { orderId, actor, ...parameters } = data;
  const by = actor === undefined ? {} : { actor };
  const twice = view.desk.orders.has(orderId);
  if (twice)
    return refused(orderId, 'submit', {
      code: 'order_exists',
      where: '/orderId',
      what: `order ${orderId} is there already`,
      mend: 'choose another orderId',
    });
  const terms = orderIdRefusal(orderId) ?? acceptable(view, parameters);
  if ('code' in terms) return [{ type: 'OrderRefused', data: { orderId, parameters, refusal: terms, ...by } }];
  const { quantityLots, limitTicks, startAt } = terms;
  const accepted: AnyOutcome = {
    type: 'OrderAccepted',
    data: { orderId, parameters, quantityLots, limitTicks, ...(startAt === undefined ? {} : { startAt }), ...by },
  };
  return [accepted];
}

function acceptable(view: View, parameters: TwapParameters, startedAt?: EpochMicros): OrderTerms | Refusal {
  const market = view.marketOf(parameters.instrument);
  if (market === undefined)
    return {
      code: 'instrument_unknown',
      where: '/instrument',
      what: `${parameters.instrument} is not traded here`,
      mend: 'see GET /v1/instruments, and write it as SYMBOL@venue',
    };
  const terms = readTerms(parameters, market.instrument, view.at, startedAt);
  if ('code' in terms) return terms;
  const touch = market.book.best(terms.side === 0 ? 1 : 0);
  if (touch !== 0 && belowMinNotional(market.instrument, terms.quantityLots, touch))
    return {
      code: 'notional_below_minimum',
      where: '/quantity',
      what: `${parameters.quantity ?? ''} is worth ${notionalText(market.instrument, terms.quantityLots, touch)} at the touch, below the minimum of ${market.instrument.definition.minNotional}`,
      mend: 'send a larger quantity',
    };
  return terms;
}

/** The schedule keys of an order, counted at present; its parameters were checked when they came in. */
function scheduleTerms(view: View, order: OrderState, market: Market): ScheduleTerms {
  // an end that has passed is for the caller to judge: here the terms are only counted
  const endAt = parseInstant(order.parameters.endTime ?? '');
  const now = endAt !== undefined && endAt <= view.at ? endAt - 1 : view.at;
  const terms = readTerms({ ...order.parameters, startTime: 'manual' }, market.instrument, now);
  return 'code' in terms ? {} : terms.schedule;
}

/** Lays out the rest of an order from now. */
function planFrom(view: View, order: OrderState, quantityLots: number, terms: ScheduleTerms): PlanData {
  const market = view.marketOf(order.parameters.instrument)!;
  const { instrument } = market;
  const restLots = quantityLots - executedLots(order);
  const plan = layOut(terms, restLots > 0 ? restLots : 0, view.at, instrument.lotLots, legalMinimum(market, order));
  return { ...plan, firstSlice: order.plan === undefined ? 1 : order.plan.firstSlice + order.plan.next };
}

/** Smallest legal slice in lots: the venue's minimum quantity, and its minimum notional at the opposite touch where there is one. */
function legalMinimum(market: Market, order: OrderState): number {
  const { instrument, book } = market;
  const touch = book.best(order.side === 0 ? 1 : 0);
  let least = instrument.minQuantityLots > instrument.lotLots ? instrument.minQuantityLots : instrument.lotLots;
  if (touch === 0 || !belowMinNotional(instrument, least, touch)) return least;
  let enough = least;
  while (belowMinNotional(instrument, enough, touch)) enough *= 2;
  while (enough - least > instrument.lotLots) {
    const middle = least + Math.floor((enough - least) / (2 * instrument.lotLots)) * instrument.lotLots;
    if (belowMinNotional(instrument, middle, touch)) least = middle;
    else enough = middle;
  }
  return enough;
}

/** Starts a new or stopped order, by command or because its time has come. */
export function start(view: View, order: OrderState, by: 'start' | 'timer'): AnyOutcome[] {
  const { orderId } = order;
  const market = view.marketOf(order.parameters.instrument)!;
  const terms = scheduleTerms(view, order, market);
  if (terms.endAt !== undefined && terms.endAt <= view.at) {
    const refusal = windowOver(terms.endAt, view.at);
    return by === 'timer'
      ? [{ type: 'OrderCompleted', data: { orderId, reason: 'window_over' } }]
      : refused(orderId, 'start', refusal);
  }
  return [{ type: 'OrderStarted', data: { orderId, plan: planFrom(view, order, order.quantityLots, terms) } }];
}

function windowOver(endAt: EpochMicros, now: EpochMicros): Refusal {
  return {
    code: 'window_over',
    where: '/endTime',
    what: `the window ended at ${formatInstant(endAt)}, and it is ${formatInstant(now)}`,
    mend: 'amend endTime first, or cancel the order',
  };
}

/** The rest over the remaining time where the end is fixed; otherwise the old schedule, shifted by the pause. */
function resumedPlan(view: View, order: OrderState): PlanData {
  const plan = order.plan!;
  const market = view.marketOf(order.parameters.instrument)!;
  const terms = scheduleTerms(view, order, market);
  if (terms.endAt !== undefined || terms.duration !== undefined)
    return planFrom(view, order, order.quantityLots, remaining(terms, plan, plan.endAt));
  // only the slices to come are carried over, each at its own instant plus the pause
  const pause = view.at - order.pausedAt;
  return {
    startAt: dueAt(plan.startAt, plan.cadence, plan.next) + pause,
    endAt: plan.endAt + pause,
    cadence: plan.cadence,
    sliceLots: plan.sliceLots.slice(plan.next),
    firstSlice: plan.firstSlice + plan.next,
  };
}

/** Terms for re-anchoring a running order: the end is fixed, and a number of slices becomes what is left of it. */
function remaining(terms: ScheduleTerms, plan: PlanState, endAt: EpochMicros): ScheduleTerms {
  const { duration: _, ...rest } = terms;
  if (rest.interval !== undefined || rest.sliceLots !== undefined) return { ...rest, endAt };
  const left = plan.sliceLots.length - plan.next;
  return { ...rest, endAt, slices: left > 0 ? left : 1 };
}

function amend(view: View, order: OrderState, changes: Parameters<typeof amended>[1]): AnyOutcome[] {
  const { orderId } = order;
  const { parameters, changed } = amended(order.parameters, changes);
  if (changed.length === 0) return [];
  const fixed = changed.find(onlyWhileNew);
  if (fixed !== undefined && order.status !== 'new')
    return refused(orderId, 'amend', {
      code: 'not_amendable',
      where: `/${fixed}`,
      what: `${fixed} may change only while the order is new; it is ${order.status}`,
      mend: 'cancel it and submit another',
    });
  const terms = acceptable(
    view,
    order.status === 'new' ? parameters : { ...parameters, startTime: 'manual' },
    order.startedAt === 0 ? undefined : order.startedAt,
  );
  if ('code' in terms) return refused(orderId, 'amend', terms);
  const executed = executedLots(order);
  if (terms.quantityLots < executed)
    return refused(orderId, 'amend', {
      code: 'quantity_below_executed',
      where: '/quantity',
      what: `${parameters.quantity ?? ''} is less than what is filled or in flight`,
      mend: 'send a larger quantity, or stop the order',
    });
  const active = order.status === 'running' || order.status === 'paused';
  const plan =
    active && changed.some(reanchors)
      ? planFrom(view, order, terms.quantityLots, amendedTerms(terms.schedule, order, changed))
      : undefined;
  const outcomes: AnyOutcome[] = [
    {
      type: 'OrderAmended',
      data: {
        orderId,
        parameters,
        quantityLots: terms.quantityLots,
        limitTicks: terms.limitTicks,
        ...(order.status === 'new' && terms.startAt !== undefined ? { startAt: terms.startAt } : {}),
        ...(plan === undefined ? {} : { plan }),
      },
    },
  ];
  if (active && terms.quantityLots === order.reportedLots && order.children.length === 0)
    outcomes.push({ type: 'OrderCompleted', data: { orderId, reason: 'filled' } });
  return outcomes;
}

function amendedTerms(terms: ScheduleTerms, order: OrderState, changed: readonly string[]): ScheduleTerms {
  const endAt = terms.endAt ?? (terms.duration === undefined ? undefined : order.startedAt + terms.duration);
  if (endAt === undefined) return terms;
  const { duration: _, ...rest } = terms;
  if (changed.includes('slices') || order.plan === undefined) return { ...rest, endAt };
  return remaining(terms, order.plan, endAt);
}
