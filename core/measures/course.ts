import type { OrderState } from '../orders/state.js';
import type { EpochMicros } from '../time.js';
import type { Measure } from './measure.js';
import type { Course } from './schedule-error.js';

/** What an order with a plan is measured against from `at` on. */
export function courseOf(order: OrderState, { paid, error }: Measure, at: EpochMicros): Course {
  const { startAt, endAt, baseLots, lineLots } = order.plan!;
  return {
    filledLots: Number(paid.count()),
    against: order.conduct.takesSlices ? order.targetLots : { startAt, endAt, baseLots, lineLots },
    standsSince: standsSince(order, error.course, at),
  };
}

/** A plan moves on while its order runs, and to the window's end when it is filled before. */
function standsSince({ status, pausedAt }: OrderState, course: Course, at: EpochMicros): EpochMicros {
  if (status === 'running' || status === 'completed') return 0;
  if (status === 'paused') return pausedAt;
  return course.standsSince === 0 ? at : course.standsSince;
}
