import { NO_LEVEL } from '../market/book.js';
import { Side } from '../market/columns.js';
import type { Market } from '../market/market.js';
import type { EpochMicros, Micros } from '../time.js';
import { leastForNotional } from './notional.js';
import type { PlanData } from './outcomes.js';
import { layOut, type ScheduleTerms } from './schedule.js';
import { executedLots, type OrderState, type PlanState } from './state.js';
import type { View } from './view.js';
import { countWindow } from './window.js';

/** Lays out the rest of an order from now. A window that is over stays as it is: the order goes on quoting. */
export function planFrom(view: View, order: OrderState, quantityLots: number, terms: ScheduleTerms): PlanData {
  if (order.plan !== undefined && terms.endAt !== undefined && terms.endAt <= view.at) return standing(order, 0);
  const market = view.marketOf(order.parameters.instrument)!;
  const { instrument } = market;
  const openLots = quantityLots - executedLots(order);
  const restLots = openLots > 0 ? openLots - (openLots % instrument.lotLots) : 0;
  const plan = layOut(terms, restLots, view.at, instrument.lotLots, legalMinimum(market, order));
  return { ...plan, firstSlice: order.plan === undefined ? 1 : order.plan.firstSlice + order.plan.next };
}

/** The rest over the remaining time where the end is fixed; otherwise the old schedule, shifted by the pause. */
export function resumedPlan(view: View, order: OrderState): PlanData {
  const plan = order.plan!;
  const market = view.marketOf(order.parameters.instrument)!;
  const terms = countWindow(order.parameters, market.instrument);
  if (terms.endAt !== undefined || terms.duration !== undefined)
    return planFrom(view, order, order.quantityLots, remaining(terms, plan, plan.endAt));
  return standing(order, view.at - order.pausedAt);
}

/** The plan in force as one to be put in force, every instant of it moved by a pause. */
function standing(order: OrderState, pause: Micros): PlanData {
  const { startAt, endAt, cadence, shifts, firstSlice, sliceLots, next, baseLots, lineLots } = order.plan!;
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
function legalMinimum({ instrument, book }: Market, order: OrderState): number {
  const touch = book.best(order.side === Side.buy ? Side.ask : Side.bid);
  const worthIt = touch === NO_LEVEL ? 0 : leastForNotional(instrument, touch);
  return worthIt > instrument.minQuantityLots ? worthIt : instrument.minQuantityLots;
}
