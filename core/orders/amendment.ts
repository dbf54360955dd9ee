import type { Refusal } from '../errors.js';
import { parseScaled } from '../market/increments.js';
import { parseDuration, parseInstant, type EpochMicros } from '../time.js';
import { marketFor, notionalRefusal } from './acceptance.js';
import type { AnyOutcome } from './outcomes.js';
import { PARAMETER_KEYS, type TwapParameters } from './parameters.js';
import { amendedTerms, planFrom } from './planning.js';
import { notSupportedYet, readLimit, readQuantity, readSide, spreadRefusal } from './rules.js';
import type { ScheduleTerms } from './schedule.js';
import { executedLots, type OrderState } from './state.js';
import { refuse } from './values.js';
import { refused, type View } from './view.js';
import { countWindow, readStart, scheduleRefusal, WINDOW_KEYS, windowOver, windowRefusal } from './window.js';

type Key = keyof TwapParameters;

/** What an amendment asks to change. A key set to null is taken out; a value equal to the present one is no change. */
export type Changes = { readonly [K in Key]?: TwapParameters[K] | null };

const ONLY_WHILE_NEW: ReadonlySet<Key> = new Set(['instrument', 'account', 'side', 'startTime']);
/** Keys whose change re-anchors the schedule. */
const REANCHORING: ReadonlySet<Key> = new Set(['quantity', ...WINDOW_KEYS]);

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
  // the end is fixed in one way: naming the other one replaces it
  if (changed.includes('endTime') && changes.duration === undefined) Reflect.deleteProperty(next, 'duration');
  if (changed.includes('duration') && changes.endTime === undefined) Reflect.deleteProperty(next, 'endTime');
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
  const value = parseScaled(text);
  return value === undefined ? undefined : `${value.mantissa}e-${value.scale}`;
}

/** What follows from an amendment: whole or not at all (docs/orders.md). */
export function amend(view: View, order: OrderState, changes: Changes): AnyOutcome[] {
  const { orderId } = order;
  const { parameters, changed } = amended(order.parameters, changes);
  if (changed.length === 0) return [];
  const terms = judge(view, order, parameters, changed);
  if ('code' in terms) return refused(orderId, 'amend', terms);
  const { quantityLots, limitTicks, schedule, startAt } = terms;
  const active = order.status === 'running' || order.status === 'paused';
  const plan =
    active && changed.some((key) => REANCHORING.has(key))
      ? planFrom(view, order, quantityLots, amendedTerms(schedule, order, changed))
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
  if (active && quantityLots === order.reportedLots && order.children.length === 0)
    outcomes.push({ type: 'OrderCompleted', data: { orderId, reason: 'filled' } });
  return outcomes;
}

interface AmendedTerms {
  readonly quantityLots: number;
  readonly limitTicks: number;
  readonly schedule: ScheduleTerms;
  /** When it starts by itself, for a new order; undefined: on command. */
  readonly startAt: EpochMicros | undefined;
}

/** Judges what an amendment changes, and only that: a value equal to the present one is never a violation. */
function judge(
  view: View,
  order: OrderState,
  parameters: TwapParameters,
  changed: readonly Key[],
): AmendedTerms | Refusal {
  const { status } = order;
  const fixed = changed.find((key) => ONLY_WHILE_NEW.has(key));
  if (fixed !== undefined && status !== 'new')
    return refuse(
      'not_amendable',
      fixed,
      `${fixed} may change only while the order is new; it is ${status}`,
      'cancel it and submit another',
    );
  const removed = (['instrument', 'account'] as const).find(
    (key) => (parameters[key] as string | undefined) === undefined,
  );
  if (removed !== undefined)
    return refuse(`${removed}_missing`, removed, `an order has no ${removed} without one`, `leave ${removed} as it is`);
  const market = marketFor(view, parameters);
  if ('code' in market) return market;
  const { instrument } = market;
  const touches = (...keys: readonly Key[]): boolean =>
    changed.includes('instrument') || keys.some((key) => changed.includes(key));

  const early = notSupportedYet(only(parameters, changed));
  if (early !== undefined) return early;
  const side = readSide(parameters);
  if (typeof side !== 'number') return side;
  const quantityLots = touches('quantity') ? readQuantity(parameters, instrument) : order.quantityLots;
  if (typeof quantityLots !== 'number') return quantityLots;
  const limitTicks = touches('limitPrice') ? readLimit(parameters, instrument) : order.limitTicks;
  if (typeof limitTicks !== 'number') return limitTicks;
  const misfit =
    (touches('maxSpreadTicks') ? spreadRefusal(parameters) : undefined) ??
    (touches(...WINDOW_KEYS) ? windowRefusal(parameters, instrument) : undefined) ??
    (touches('quantity', 'side') ? notionalRefusal(market, side, quantityLots) : undefined);
  if (misfit !== undefined) return misfit;
  if (quantityLots < executedLots(order))
    return refuse(
      'quantity_below_executed',
      'quantity',
      `${parameters.quantity ?? ''} is less than what is filled or in flight`,
      'send a larger quantity, or stop the order',
    );
  const startAt =
    status !== 'new' ? undefined : touches('startTime') ? readStart(parameters, view.at) : ownStart(order);
  if (typeof startAt === 'object') return startAt;
  const schedule = countWindow(parameters, instrument);
  const active = status === 'running' || status === 'paused';
  const beginsAt = active ? order.startedAt : (startAt ?? view.at);
  const late =
    (touches('endTime', 'duration', 'startTime') ? windowOver(schedule, view.at, beginsAt) : undefined) ??
    (touches('quantity', ...WINDOW_KEYS) ? scheduleRefusal(schedule, quantityLots, beginsAt) : undefined);
  return late ?? { quantityLots, limitTicks, schedule, startAt };
}

const ownStart = ({ startAt }: OrderState): EpochMicros | undefined => (startAt === 0 ? undefined : startAt);

function only(parameters: TwapParameters, keys: readonly Key[]): TwapParameters {
  return Object.fromEntries(keys.map((key) => [key, parameters[key]])) as unknown as TwapParameters;
}
