import { NO_LEVEL } from '../market/book.js';
import { Side } from '../market/columns.js';
import type { Market } from '../market/market.js';
import type { EpochMicros } from '../time.js';
import type { Goal } from './goal.js';
import { drawnShifts, drawnSizes, randomised, type Chance } from './jitter.js';
import { leastForNotional } from './notional.js';
import type { PlanData } from './outcomes.js';
import type { TwapParameters } from './parameters.js';
import { layOut, multipleFrom, type ScheduleTerms } from './schedule.js';
import { executedLots, type OrderState, type PlanState } from './state.js';
import type { View } from './view.js';
import { countWindow } from './window.js';

/** Lays out the rest of what an order is to do from now, or from when it starts. */
export function planFrom(view: View, order: OrderState, goal: Goal, terms: ScheduleTerms): PlanData {
  const openLots = goal.quantityLots - executedLots(order);
  const firstSlice = order.plan === undefined ? 1 : order.plan.firstSlice + order.plan.next;
  const { parameters, orderId } = order;
  const rest = { side: goal.side, quantityLots: openLots > 0 ? openLots : 0 };
  return laidOut(view.marketOf(parameters.instrument)!, parameters, rest, terms, view.at, {
    seed: view.seed,
    orderId,
    firstSlice,
  });
}

/** Lays out a quantity from an instant on: drawn where it is to be random, and legal at the present opposite touch. */
export function laidOut(
  market: Market,
  parameters: TwapParameters,
  { side, quantityLots }: Goal,
  terms: ScheduleTerms,
  startAt: EpochMicros,
  chance: Chance,
): PlanData {
  const { lotLots } = market.instrument;
  const wholeLots = quantityLots - (quantityLots % lotLots);
  const { size, time } = randomised(parameters);
  const plan = layOut(terms, wholeLots, startAt, lotLots, legalMinimum(market, side), (sliceLots) =>
    drawnSizes(sliceLots, size, lotLots, chance),
  );
  const { firstSlice } = chance;
  if (time === 0) return { ...plan, firstSlice };
  return { ...plan, shifts: drawnShifts(plan, time, plan.sliceLots.length, chance), firstSlice };
}

/** The rest over the remaining time where the end is fixed; otherwise the old schedule, shifted by the pause. */
export function resumedPlan(view: View, order: OrderState): PlanData {
  const plan = order.plan!;
  const market = view.marketOf(order.parameters.instrument)!;
  const terms = countWindow(order.parameters, market.instrument);
  const fixed = terms.endAt !== undefined || terms.duration !== undefined;
  if (fixed && plan.endAt > view.at) return planFrom(view, order, order, remaining(terms, plan, plan.endAt));
  // the same plan goes on: every instant of it moved by the pause, or as it was where its window is over
  const pause = fixed ? 0 : view.at - order.pausedAt;
  const { startAt, endAt, cadence, shifts, firstSlice, sliceLots, next, baseLots, lineLots } = plan;
  return {
    startAt: startAt + pause,
    endAt: endAt + pause,
    cadence,
    ...(shifts === undefined ? {} : { shifts }),
    firstSlice,
    sliceLots,
    carried: { next, baseLots, lineLots, targetLots: order.targetLots },
  };
}

/** Terms after an amendment: the end stays where it was or goes where the amendment puts it. */
export function amendedTerms(terms: ScheduleTerms, order: OrderState, changed: readonly string[]): ScheduleTerms {
  const endAt = terms.endAt ?? (terms.duration === undefined ? undefined : order.startedAt + terms.duration);
  if (endAt === undefined) return terms;
  const { duration: _, ...rest } = terms;
  if (changed.includes('slices') || order.plan === undefined) return { ...rest, endAt };
  return remaining(terms, order.plan, endAt);
}

/** Terms for re-anchoring a running order: the end is fixed, and a number of slices becomes what is left of it. */
function remaining(terms: ScheduleTerms, plan: PlanState, endAt: EpochMicros): ScheduleTerms {
  const { duration: _, ...rest } = terms;
  if (rest.interval !== undefined || rest.sliceLots !== undefined) return { ...rest, endAt };
  const left = plan.sliceLots.length - plan.next;
  return { ...rest, endAt, slices: left > 0 ? left : 1 };
}

/** Smallest legal slice: the venue's minimum quantity, and its minimum notional at the opposite touch where there is one. */
function legalMinimum({ instrument, book }: Market, side: Side): number {
  const touch = book.best(side === Side.buy ? Side.ask : Side.bid);
  const worthIt = touch === NO_LEVEL ? 0 : leastForNotional(instrument, touch);
  return worthIt > instrument.minQuantityLots ? worthIt : instrument.minQuantityLots;
}

/** The same in whole lots. */
export function leastSlice(market: Market, side: Side): number {
  return multipleFrom(legalMinimum(market, side), market.instrument.lotLots);
}
