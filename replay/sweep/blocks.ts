import { placeOf, type SessionPlan } from './plan.js';
import type { Block } from './work.js';

/** Most desks of one pass: what its rows need grows with them, and a fold of the market costs little beside so many. */
const MOST_IN_A_PASS = 10_000;

/**
 * Cuts the desks that are left into pieces of work: whole sessions where there are enough of them for all workers, else
 * blocks of each. Desks of one start stay together where there are starts enough. What becomes of a desk depends on none of this.
 *
 * @param left  by session: the ordinals of its desks that are not finished, ascending
 */
export function blocksOf(plans: readonly SessionPlan[], left: readonly Float64Array[], workers: number): Block[] {
  const busy = left.filter((desks) => desks.length > 0).length;
  const perSession = busy === 0 || busy >= workers ? 1 : Math.ceil(workers / busy);
  return left.flatMap((desks, session) => {
    const count = Math.min(desks.length, Math.max(perSession, Math.ceil(desks.length / MOST_IN_A_PASS)));
    return count === 0 ? [] : dealt(plans[session]!, desks, count).map((its) => ({ session, desks: its }));
  });
}

function dealt(plan: SessionPlan, desks: Float64Array, count: number): Float64Array[] {
  if (count === 1) return [desks];
  const byStart = plan.starts.length >= count;
  const hands: number[][] = Array.from({ length: count }, () => []);
  for (const desk of desks) hands[(byStart ? placeOf(plan, plan.places[desk]!).start : desk) % count]!.push(desk);
  return hands.filter((hand) => hand.length > 0).map((hand) => Float64Array.from(hand));
}
