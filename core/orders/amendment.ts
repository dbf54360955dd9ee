import { acceptable } from './acceptance.js';
import type { AnyOutcome } from './outcomes.js';
import { PARAMETER_KEYS, type TwapParameters } from './parameters.js';
import { amendedTerms, planFrom } from './planning.js';
import { executedLots, type OrderState } from './state.js';
import { refused, type View } from './view.js';

const BOOKKEEPING = new Set<string>(['instrument', 'account', 'side', 'startTime']);
/** Keys whose change re-anchors the schedule. */
const SHAPES = new Set<string>(['quantity', 'endTime', 'duration', 'sliceInterval', 'slices', 'sliceQuantity']);

/** What an amendment asks to change. A key set to null is taken out; a value equal to the present one is no change. */
export type Changes = { readonly [K in keyof TwapParameters]?: TwapParameters[K] | null };

/** The parameters after an amendment, and which keys really changed. */
export function amended(
  parameters: TwapParameters,
  changes: Changes,
): { parameters: TwapParameters; changed: string[] } {
  const next: Record<string, unknown> = { ...parameters };
  const changed: string[] = [];
  for (const key of PARAMETER_KEYS) {
    const value = changes[key];
    if (value === undefined) continue;
    const before = next[key];
    if (value === null ? before === undefined : value === before) continue;
    changed.push(key);
    if (value === null) Reflect.deleteProperty(next, key);
    else next[key] = value;
  }
  // the end is fixed in one way: naming the other one replaces it
  if (changed.includes('endTime') && changes.duration === undefined) Reflect.deleteProperty(next, 'duration');
  if (changed.includes('duration') && changes.endTime === undefined) Reflect.deleteProperty(next, 'endTime');
  return { parameters: next as unknown as TwapParameters, changed };
}

const onlyWhileNew = (key: string): boolean => BOOKKEEPING.has(key);
const reanchors = (key: string): boolean => SHAPES.has(key);

/** What follows from an amendment: whole or not at all (semantics.md section 2). */
export function amend(view: View, order: OrderState, changes: Changes): AnyOutcome[] {
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
