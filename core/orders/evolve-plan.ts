import type { EpochMicros } from '../time.js';
import type { Hands, SetTimer } from './hands.js';
import type { PlanData } from './outcomes.js';
import { equalSlices, firstDueAfter, planDue } from './schedule.js';
import { executedLots, type OrderState, type PlanState } from './state.js';

/** Puts a plan in force: what is executed counts as its base, and its first slice and its end are timers. */
export function anchor(order: OrderState, plan: PlanData, setTimer: SetTimer): void {
  const { firstSlice, startAt, endAt, cadence, shifts, sliceLots } = plan;
  const executed = executedLots(order);
  const carried = plan.carried ?? {
    next: 0,
    baseLots: executed,
    lineLots: sliceLots.reduce((sum, lots) => sum + lots, 0),
    targetLots: executed,
  };
  const { targetLots, ...place } = carried;
  order.generation++;
  order.targetLots = targetLots;
  order.plan = {
    startAt,
    endAt,
    cadence,
    ...(shifts === undefined ? {} : { shifts }),
    firstSlice,
    sliceLots: [...sliceLots],
    ...place,
  };
  order.waitsForMinimum = false;
  order.takeHeld.clear();
  order.quoteHeld.clear();
  setSliceTimer(order, setTimer);
  setTimer(endAt, 'end', order);
}

/** The slice that was due is dealt with: it enters R, and the next one that has something to do gets its timer. */
export function nextSlice(order: OrderState, setTimer: SetTimer): void {
  const plan = order.plan!;
  order.targetLots += plan.sliceLots[plan.next]!;
  plan.next++;
  setSliceTimer(order, setTimer);
}

function setSliceTimer(order: OrderState, setTimer: SetTimer): void {
  const plan = order.plan!;
  while (plan.sliceLots[plan.next] === 0) plan.next++; // what was too small on its own has joined another slice
  if (plan.next < plan.sliceLots.length) setTimer(planDue(plan, plan.next), 'slice', order);
}

/**
 * What a slice could not do (docs/orders.md): `spread` adds it to the slices to come by the equal-slices rule,
 * `next` to the next one, `none` takes it out of the plan. What waits for a legal quantity joins the next slice always.
 */
export function catchUp(order: OrderState, missedLots: number, waits: boolean, hands: Hands): void {
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
  const idle = firstDueAfter(plan, at);
  return idle < plan.sliceLots.length ? [idle] : [];
}
