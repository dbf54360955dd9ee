import { uniform } from '../draws.js';
import type { EpochMicros } from '../time.js';
import type { TwapParameters } from './parameters.js';
import { planDue, type PlanTimes } from './schedule.js';
import { readRandomise } from './shares.js';

/** Where an order's draws come from: slice n has the numbers 2n, for its size, and 2n + 1, for its instant. */
export interface Chance {
  readonly seed: number;
  readonly orderId: string;
  /** Number of the plan's first slice: slices are numbered on over all plans, and what was released is not drawn again. */
  readonly firstSlice: number;
}

/** Shares are counted in millionths, and a draw goes half of its share to either side. */
const HALVES = 2_000_000n;

/** By which share of a slice its size and its instant vary, in millionths. */
export function randomised(parameters: TwapParameters): { readonly size: number; readonly time: number } {
  return {
    size: readRandomise(parameters, 'randomizeSize') as number,
    time: readRandomise(parameters, 'randomizeTime') as number,
  };
}

/**
 * Draws where the cumulative schedule stands after each slice: R'(k) = R(k) + e(k), where e(k) is uniform over the whole
 * lots from -b(k) to b(k), b(k) = ⌊r·min(q(k), q(k+1))/2⌋, and e is 0 after the last slice, so the sum is exact.
 *
 * With r < 1: |R' - R| <= r·q/2, less than half a slice, at every slice. A slice q(k) becomes q(k) + e(k) - e(k-1), and
 * neither draw is larger than r·q(k)/2, so it stays within q(k)·(1 ± r) and is never below zero; its distribution is
 * that of a difference of two uniform draws, a triangle around q(k).
 *
 * @param share    r in millionths, below a million
 * @param lotLots  the lot size in increments: a slice that is a multiple of it remains one
 */
export function drawnSizes(sliceLots: readonly number[], share: number, lotLots: number, chance: Chance): number[] {
  if (share === 0) return [...sliceLots];
  const { seed, orderId, firstSlice } = chance;
  let before = 0;
  return sliceLots.map((lots, i) => {
    const next = sliceLots[i + 1] ?? 0; // after the last slice nothing is drawn
    const smaller = Math.floor((lots < next ? lots : next) / lotLots);
    const bound = Number((BigInt(smaller) * BigInt(share)) / HALVES);
    const off = bound === 0 ? 0 : (uniform(seed, orderId, 2 * (firstSlice + i), 2 * bound + 1) - bound) * lotLots;
    const drawn = lots + off - before;
    before = off;
    return drawn;
  });
}

/**
 * Draws by how many microseconds each slice is off its place: uniform over the whole ones from -⌊r·τ/2⌋ to ⌊r·τ/2⌋. Two
 * neighbours come nearer to each other by r·τ at most, so with r < 1 their order stays. The first slice goes forward
 * only, by as much as it would have gone either way, and none reaches the end of the window.
 *
 * @param share  r in millionths, below a million
 * @param count  how many slices the plan has
 */
export function drawnShifts(
  plan: PlanTimes & { readonly endAt: EpochMicros },
  share: number,
  count: number,
  { seed, orderId, firstSlice }: Chance,
): number[] {
  const { startAt, cadence, endAt } = plan;
  const bound = Number((cadence.numerator * BigInt(share)) / (cadence.denominator * HALVES));
  return Array.from({ length: count }, (_, i) => {
    if (bound === 0) return 0;
    const drawn = uniform(seed, orderId, 2 * (firstSlice + i) + 1, 2 * bound + 1) - bound;
    const shift = i === 0 && drawn < 0 ? 0 - drawn : drawn;
    const latest = endAt - 1 - planDue({ startAt, cadence }, i);
    return shift < latest ? shift : latest;
  });
}
