import type { OrderState, PlanState } from '../orders/state.js';
import { isEarlier } from '../version.js';
import type { EngineState } from './state.js';

/** The first version that measured costs, drew a line through each plan and counted the volume of an order's window. */
const KEPT_SINCE = '0.2.0';

/** Whether an epoch of this version kept no measures, lines and volumes of its orders. */
export const keptLess = (engineVersion: string): boolean => isEarlier(engineVersion, KEPT_SINCE);

/**
 * Sets what versions before 0.2.0 did not keep about open orders from what they kept. It is done behind every such epoch, also
 * where one was folded from its beginning and more could be known: a log must come to one state, whichever of its
 * checkpoints it is read from.
 */
export function setUnkept({ desks, markets }: EngineState): void {
  for (const desk of desks.values())
    for (const order of desk.orders.values()) {
      const market = markets.get(order.parameters.instrument)!;
      // a share of the volume counts from here on
      order.uncountedVolumeLots = order.status === 'running' ? market.tape.volumeLots : 0n;
      if (order.plan !== undefined) Object.assign(order.plan, lineOf(order, order.plan));
    }
}

/**
 * The line of a plan: it ends where what was due and what is still to come add up to, and began below what was due by what
 * its past slices came to. That is exact while no slice was missed. A first plan began at nothing. Where a missed slice is given
 * up, the slices stay what they were, and the line rises by them.
 */
function lineOf(
  { targetLots, parameters }: OrderState,
  { firstSlice, sliceLots, next }: PlanState,
): Pick<PlanState, 'baseLots' | 'lineLots'> {
  const past = sum(sliceLots.slice(0, next));
  const toCome = sum(sliceLots.slice(next));
  const baseLots = firstSlice === 1 || targetLots < past ? 0 : targetLots - past;
  return { baseLots, lineLots: parameters.catchUp === 'none' ? past + toCome : targetLots + toCome - baseLots };
}

const sum = (lots: readonly number[]): number => lots.reduce((total, each) => total + each, 0);
