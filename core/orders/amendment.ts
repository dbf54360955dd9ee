import type { Refusal } from '../errors.js';
import { Side } from '../market/columns.js';
import { parseScaled, rescaled } from '../market/increments.js';
import type { Instrument } from '../market/instrument.js';
import { parseDuration, parseInstant, type EpochMicros } from '../time.js';
import { marketFor } from './acceptance.js';
import { goalMoved, readTarget, type Goal } from './goal.js';
import type { AnyOutcome } from './outcomes.js';
import { PARAMETER_KEYS, type TwapParameters } from './parameters.js';
import { amendedTerms, planFrom } from './planning.js';
import { goalOf, readLimit, refusalsOf, type Asked, type Key } from './rules.js';
import type { ScheduleTerms } from './schedule.js';
import { executedLots, quotedLots, type OrderState } from './state.js';
import { refuse } from './values.js';
import { refused, type View } from './view.js';
import { countWindow, readStart, WINDOW_KEYS, windowOver } from './window.js';

/** What an amendment asks to change. A key set to null is taken out; a value equal to the present one is no change. */
export type Changes = { readonly [K in Key]?: TwapParameters[K] | null };

const ONLY_WHILE_NEW: ReadonlySet<Key> = new Set(['instrument', 'account', 'side', 'startTime']);
/** Keys whose change lays the rest out anew over what is left of the window. */
const REANCHORING: readonly Key[] = ['quantity', 'targetPosition', ...WINDOW_KEYS];
/** Keys whose change draws the rest anew, where there is a window still. */
const REDRAWING: readonly Key[] = ['randomizeSize', 'randomizeTime'];

/** A key, and those that it stands instead of. */
const REPLACING: readonly (readonly [Key, ...Key[]])[] = [
  ['endTime', 'duration'],
  ['duration', 'endTime'],
  ['quantity', 'targetPosition'],
  ['targetPosition', 'quantity', 'side'],
];

/** The parameters after an amendment, and which keys really changed. */
export function amended(parameters: TwapParameters, changes: Changes): { parameters: TwapParameters; changed: Key[] } {
  const next: Record<string, unknown> = { ...parameters };
  const changed: Key[] = [];
  for (const key of PARAMETER_KEYS) {
    const value = changes[key];
    if (value === undefined || sameValue(value, parameters[key])) continue;
    changed.push(key);
    if (value === null) Reflect.deleteProperty(next, key);
    else next[key] = value;
  }
  // what is said in one of two ways: naming the other one replaces it
  for (const [key, ...others] of REPLACING)
    if (changed.includes(key) && changes[key] !== null)
      for (const other of others) if (changes[other] === undefined) Reflect.deleteProperty(next, other);
  return { parameters: next as unknown as TwapParameters, changed };
}

/** Whether two values mean the same, however they are written: `1.50` is `1.5`, and `60s` is `1m`. */
function sameValue(value: unknown, present: unknown): boolean {
  if (value === null) return present === undefined;
  if (value === present) return true;
  if (typeof value !== 'string' || typeof present !== 'string') return false;
  for (const read of [scaledText, parseDuration, parseInstant]) {
    const meaning = read(value);
    if (meaning !== undefined) return meaning === read(present);
  }
  return false;
}

function scaledText(text: string): string | undefined {
  const sign = text.startsWith('-') ? '-' : '';
  const value = parseScaled(text.slice(sign.length));
  if (value === undefined) return undefined;
  return value.mantissa === 0 ? '0' : `${sign}${value.mantissa}e-${value.scale}`;
}

/** What follows from an amendment: whole or not at all (docs/orders.md). */
export function amend(view: View, order: OrderState, changes: Changes): AnyOutcome[] {
  const { orderId } = order;
  const { parameters, changed } = amended(order.parameters, changes);
  if (changed.length === 0) return [];
  const terms = judge(view, order, parameters, new Set(changed));
  if ('code' in terms) return refused(orderId, 'amend', terms);
  const { goal, limitTicks, schedule, startAt } = terms;
  const { quantityLots } = goal;
  const plan = terms.reanchors
    ? planFrom(view, { ...order, parameters }, goal, amendedTerms(schedule, order, changed))
    : undefined;
  const outcomes: AnyOutcome[] = [
    {
      type: 'OrderAmended',
      data: {
        orderId,
        parameters,
        quantityLots,
        limitTicks,
        ...(startAt === undefined ? {} : { startAt }),
        ...(plan === undefined ? {} : { plan }),
      },
    },
  ];
  if (isActive(order) && quantityLots === order.reportedLots && order.children.length === 0)
    outcomes.push({ type: 'OrderCompleted', data: { orderId, reason: 'filled' } });
  else if (plan === undefined && changed.includes('afterWindow') && isPastItsEnd(view, order, parameters))
    outcomes.push({ type: 'OrderCompleted', data: { orderId, reason: 'window_over' } });
  return outcomes;
}

const isActive = ({ status }: OrderState): boolean => status === 'running' || status === 'paused';

/** Whether its window is over, and it goes on only by what it said of the time afterwards. */
function isPastItsEnd(view: View, order: OrderState, { afterWindow, endTime, duration }: TwapParameters): boolean {
  if (!isActive(order) || afterWindow === 'quote' || order.plan === undefined) return false;
  const movesOn = order.status === 'paused' && endTime === undefined && duration === undefined;
  return !movesOn && order.plan.endAt <= view.at;
}

interface AmendedTerms {
  readonly goal: Goal;
  readonly limitTicks: number;
  readonly schedule: ScheduleTerms;
  /** When it starts by itself, for a new order; undefined: on command. */
  readonly startAt: EpochMicros | undefined;
  /** The rest is laid out anew. */
  readonly reanchors: boolean;
}

/** Judges what an amendment changes, and only that: a value equal to the present one is never a violation. */
function judge(
  view: View,
  order: OrderState,
  parameters: TwapParameters,
  changed: ReadonlySet<Key>,
): AmendedTerms | Refusal {
  const misplaced = stateRefusal(order, parameters, changed);
  if (misplaced !== undefined) return misplaced;
  const market = marketFor(view, parameters);
  if ('code' in market) return market;
  const { instrument } = market;
  const elsewhere = changed.has('instrument');
  const goal = goalAmended(order, parameters, instrument, changed);
  const startAt =
    order.status !== 'new' ? undefined : changed.has('startTime') ? readStart(parameters, view.at) : ownStart(order);
  const beginsAt = isActive(order) ? order.startedAt : typeof startAt === 'number' ? startAt : view.at;
  const asked: Asked = {
    parameters,
    instrument,
    market,
    now: view.at,
    startAt,
    beginsAt,
    goal: goal === undefined || 'code' in goal ? undefined : goal,
  };
  // a key that another one replaced is touched as well
  const touched = PARAMETER_KEYS.filter((key) => changed.has(key) || key in parameters !== key in order.parameters);
  const [refusal] = refusalsOf(asked, elsewhere ? undefined : new Set(touched));
  if (refusal !== undefined) return refusal;
  if (goal !== undefined && 'code' in goal) return goal;
  const next = goal ?? { side: order.side, quantityLots: 0 }; // a target position is read at the start
  if (next.quantityLots < executedLots(order)) return belowExecuted(parameters);
  if (next.quantityLots < executedLots(order) + quotedLots(order)) return belowQuoted(parameters);
  const isOver = windowOver(parameters, view.at, beginsAt);
  const reanchors = isActive(order) && REANCHORING.some((key) => changed.has(key));
  if (reanchors && isOver !== undefined) return isOver;
  const redraws = isActive(order) && REDRAWING.some((key) => changed.has(key)) && isOver === undefined;
  return {
    goal: next,
    limitTicks:
      elsewhere || changed.has('limitPrice') ? (readLimit(parameters, instrument) as number) : order.limitTicks,
    schedule: countWindow(parameters, instrument),
    startAt: startAt as EpochMicros | undefined,
    reanchors: reanchors || redraws,
  };
}

/** What may not change in the state that an order is in, and what an order never goes without. */
function stateRefusal(
  { status, parameters: present }: OrderState,
  parameters: TwapParameters,
  changed: ReadonlySet<Key>,
): Refusal | undefined {
  const exchanged = (parameters.targetPosition === undefined) !== (present.targetPosition === undefined);
  const fixed =
    PARAMETER_KEYS.find((key) => changed.has(key) && ONLY_WHILE_NEW.has(key)) ??
    (exchanged ? (changed.has('targetPosition') ? 'targetPosition' : 'quantity') : undefined);
  if (fixed !== undefined && status !== 'new')
    return refuse(
      'not_amendable',
      fixed,
      exchanged
        ? `quantity and targetPosition may be exchanged only while the order is new; it is ${status}`
        : `${fixed} may change only while the order is new; it is ${status}`,
      'cancel it and submit another',
    );
  const removed = (['instrument', 'account'] as const).find(
    (key) => (parameters[key] as string | undefined) === undefined,
  );
  if (removed === undefined) return undefined;
  return refuse(`${removed}_missing`, removed, `an order has no ${removed} without one`, `leave ${removed} as it is`);
}

/** What the order is to do afterwards; undefined where that cannot be counted, or is read only when it starts. */
function goalAmended(
  order: OrderState,
  parameters: TwapParameters,
  instrument: Instrument,
  changed: ReadonlySet<Key>,
): Goal | Refusal | undefined {
  const { side, targetPosition } = parameters;
  if (targetPosition !== undefined) {
    if (order.startedAt === 0) return undefined;
    if (!changed.has('targetPosition')) return order;
    const toLots = readTarget(parameters, instrument);
    return typeof toLots === 'number' ? goalMoved(order, signedLots(order, instrument), toLots) : undefined;
  }
  if (changed.has('quantity') || changed.has('instrument') || order.parameters.targetPosition !== undefined)
    return goalOf(parameters, instrument);
  return { side: side === 'sell' ? Side.sell : Side.buy, quantityLots: order.quantityLots };
}

/** The target so far at the instrument's present units; its lot size may be another one by now. */
function signedLots({ parameters }: OrderState, { units }: Instrument): number {
  const text = parameters.targetPosition!;
  const sign = text.startsWith('-') ? -1 : 1;
  return sign * rescaled(parseScaled(sign < 0 ? text.slice(1) : text)!, units.sizeScale)!;
}

function belowExecuted({ quantity, targetPosition }: TwapParameters): Refusal {
  if (targetPosition !== undefined)
    return refuse(
      'quantity_below_executed',
      'targetPosition',
      `${targetPosition} asks for less than what is filled or in flight`,
      'send a position farther from where the order began, or stop the order',
    );
  return refuse(
    'quantity_below_executed',
    'quantity',
    `${quantity ?? ''} is less than what is filled or in flight`,
    'send a larger quantity, or stop the order',
  );
}

/** What rests may fill at any moment, also while its cancel is on its way. */
function belowQuoted({ quantity, targetPosition }: TwapParameters): Refusal {
  return refuse(
    'quantity_below_quoted',
    targetPosition === undefined ? 'quantity' : 'targetPosition',
    `${targetPosition ?? quantity ?? ''} asks for less than what is filled, in flight or still rests in the book`,
    'pause the order, which takes its quotes out of the book, then amend it and resume',
  );
}

const ownStart = ({ startAt }: OrderState): EpochMicros | undefined => (startAt === 0 ? undefined : startAt);
