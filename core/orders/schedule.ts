import { invariant } from '../errors.js';
import type { EpochMicros, Micros } from '../time.js';

/**
 * When the slices of a plan are due: slice k (from 0) at `start + floor(k x numerator / denominator)` microseconds. Times
 * are absolute, so nothing drifts; a fraction keeps an interval such as T x q / Q exact.
 */
export interface Cadence {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function dueAt(start: EpochMicros, cadence: Cadence, slice: number): EpochMicros {
  return start + Number((BigInt(slice) * cadence.numerator) / cadence.denominator);
}

/** When a plan's slice falls due, by its place in the plan. */
export function planDue({ startAt, cadence, shifts }: PlanTimes, slice: number): EpochMicros {
  return dueAt(startAt, cadence, slice) + (shifts?.[slice] ?? 0);
}

export type PlanTimes = Pick<Plan, 'startAt' | 'cadence' | 'shifts'>;

/** When the last slice that has been dealt with was due; 0 before the first. */
export function lastReleasedAt(
  plan: PlanTimes & { readonly sliceLots: readonly number[]; readonly next: number },
): EpochMicros {
  for (let i = plan.next - 1; i >= 0; i--) if (plan.sliceLots[i]! > 0) return planDue(plan, i);
  return 0;
}

/** The first slice of a plan that is due later than `at`; the plan may have fewer. */
export function firstDueAfter(plan: PlanTimes, at: EpochMicros): number {
  const { startAt, cadence } = plan;
  if (at < startAt) return 0;
  // floor(k n / d) > e, for whole numbers, is k >= (e + 1) d / n
  const { numerator, denominator } = cadence;
  let slice = Number((BigInt(at - startAt + 1) * denominator + numerator - 1n) / numerator);
  // one that is drawn off its place may have fallen due already, or the one before it not yet
  while (slice > 0 && planDue(plan, slice - 1) > at) slice--;
  while (planDue(plan, slice) <= at) slice++;
  return slice;
}

/** The i-th of `count` equal slices, i from 0: floor((i+1)Q/K) - floor(iQ/K). Exact for any safe integers. */
export function equalSlice(quantityLots: number, count: number, i: number): number {
  const upper = quantityLots * (i + 1);
  if (upper <= Number.MAX_SAFE_INTEGER) return Math.floor(upper / count) - Math.floor((quantityLots * i) / count);
  const q = BigInt(quantityLots);
  const k = BigInt(count);
  return Number((q * BigInt(i + 1)) / k - (q * BigInt(i)) / k);
}

/**
 * Splits a quantity into equal slices; odd lots are spread evenly over them.
 *
 * @param quantityLots  whole increments, >= 0; what is no multiple of `lotLots` goes into the last slice
 * @param count         number of slices >= 1
 * @param lotLots       the instrument's lot size in increments: every slice is a multiple of it
 * @returns             `count` sizes in time order, summing to `quantityLots` exactly; zeros where there are fewer lots than slices
 * @throws {InvariantViolation} when an argument is out of range; commands are refused earlier
 * @see Bertsimas & Lo (1998): under a random walk and linear impact, equal slices cost least
 */
export function equalSlices(quantityLots: number, count: number, lotLots = 1): number[] {
  invariant(
    Number.isSafeInteger(quantityLots) && quantityLots >= 0,
    `quantity ${quantityLots} is no whole count of lots`,
  );
  invariant(Number.isSafeInteger(count) && count >= 1, `${count} slices cannot be made`);
  const odd = quantityLots % lotLots;
  const lots = (quantityLots - odd) / lotLots;
  return Array.from({ length: count }, (_, i) => equalSlice(lots, count, i) * lotLots + (i === count - 1 ? odd : 0));
}

/** Slices of a stated size; the last one is the rest. */
export function fixedSlices(quantityLots: number, sliceLots: number): number[] {
  invariant(sliceLots > 0, 'a slice must have a size');
  const count = Math.floor((quantityLots + sliceLots - 1) / sliceLots);
  return Array.from({ length: count }, (_, i) => (i < count - 1 ? sliceLots : quantityLots - (count - 1) * sliceLots));
}

/**
 * Makes every slice legal: what is below the minimum waits and joins the next slice, and a rest below it joins the last
 * legal one. The sum stays; slices that have nothing left to do become 0.
 *
 * @param minimumLots  smallest legal quantity; 0 or 1 changes nothing
 */
export function legalSlices(slices: readonly number[], minimumLots: number): number[] {
  let rest = slices.reduce((sum, lots) => sum + lots, 0);
  let waiting = 0;
  return slices.map((lots) => {
    waiting += lots;
    if (waiting === 0) return 0;
    const after = rest - waiting;
    if (waiting < minimumLots && after > 0) return 0;
    const legal = after < minimumLots ? rest : waiting; // a rest below the minimum joins this, the last legal slice
    rest -= legal;
    waiting -= legal;
    return legal;
  });
}

/** One stretch of schedule: from an anchor to the end of the window. */
export interface Plan {
  readonly startAt: EpochMicros;
  readonly endAt: EpochMicros;
  readonly cadence: Cadence;
  readonly sliceLots: readonly number[];
  /** By how much each slice's instant is drawn off its place, in microseconds; absent: by nothing. */
  readonly shifts?: readonly number[];
}

/** How an order asked for its window and slices; exactly the keys that shape a schedule. */
export interface ScheduleTerms {
  readonly endAt?: EpochMicros;
  readonly duration?: Micros;
  readonly interval?: Micros;
  readonly slices?: number;
  readonly sliceLots?: number;
}

/** Slices of an order that names only its window. */
export const DEFAULT_SLICES = 60;
/** Shortest interval that is chosen for somebody who named none, in microseconds. */
const SHORTEST_DEFAULT_INTERVAL = 1_000_000;
/** Most slices an order may have. */
export const MOST_SLICES = 100_000;

/**
 * Lays out `quantityLots` from `startAt` (docs/orders.md). Window + interval: K = ceil(T/τ). Window + slices:
 * τ = T/K. Window + slice quantity: τ = Tq/Q. Interval + slice quantity: T = τQ/q. Window alone: 60 slices, fewer where a
 * slice would not be legal or the interval under a second.
 *
 * @param minimumLots  smallest legal slice in lots
 * @param vary         what becomes of the sizes before they are made legal; they are as they are when absent
 */
export function layOut(
  terms: ScheduleTerms,
  quantityLots: number,
  startAt: EpochMicros,
  lotLots: number,
  minimumLots: number,
  vary: (sliceLots: readonly number[]) => readonly number[] = (sliceLots) => sliceLots,
): Plan {
  const { interval, sliceLots } = terms;
  const quantity = BigInt(quantityLots);
  const least = multipleFrom(minimumLots, lotLots);
  const legal = (slices: readonly number[]): number[] => legalSlices(vary(slices), least);
  if (terms.endAt === undefined && terms.duration === undefined) {
    invariant(interval !== undefined && sliceLots !== undefined, 'the window follows from interval and slice quantity');
    const slices = fixedSlices(quantityLots, sliceLots);
    const window = Number((BigInt(interval) * quantity) / BigInt(sliceLots));
    // a last slice that takes under a microsecond of schedule still comes before the end
    const shortest = slices.length === 0 ? interval : (slices.length - 1) * interval + 1;
    return {
      startAt,
      endAt: startAt + (window > shortest ? window : shortest),
      cadence: { numerator: BigInt(interval), denominator: 1n },
      sliceLots: legal(slices),
    };
  }
  const endAt = terms.endAt ?? startAt + (terms.duration ?? 0);
  const window = endAt - startAt;
  invariant(window > 0, 'a window must have a length');
  if (interval !== undefined) {
    const count = Math.floor((window + interval - 1) / interval);
    return {
      startAt,
      endAt,
      cadence: { numerator: BigInt(interval), denominator: 1n },
      sliceLots: legal(equalSlices(quantityLots, count, lotLots)),
    };
  }
  if (sliceLots !== undefined)
    return {
      startAt,
      endAt,
      // of nothing left no slice falls due, and its cadence is no matter of how quantities are counted
      cadence: quantity === 0n ? reduced(BigInt(window), 1n) : reduced(BigInt(window) * BigInt(sliceLots), quantity),
      sliceLots: legal(fixedSlices(quantityLots, sliceLots)),
    };
  const count = terms.slices ?? defaultCount(window, quantityLots, least);
  return {
    startAt,
    endAt,
    cadence: reduced(BigInt(window), BigInt(count)),
    sliceLots: legal(equalSlices(quantityLots, count, lotLots)),
  };
}

/** The smallest multiple of the lot that is not below the minimum. */
export function multipleFrom(minimumLots: number, lotLots: number): number {
  const lots = Math.floor((minimumLots + lotLots - 1) / lotLots);
  return lots < 1 ? lotLots : lots * lotLots;
}

/** In lowest terms, so that a cadence does not depend on the increments that quantities are counted in. */
function reduced(numerator: bigint, denominator: bigint): Cadence {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? { numerator, denominator: 1n } : { numerator: numerator / a, denominator: denominator / a };
}

function defaultCount(window: Micros, quantityLots: number, least: number): number {
  let count = DEFAULT_SLICES;
  const byTime = Math.floor(window / SHORTEST_DEFAULT_INTERVAL);
  const bySize = Math.floor(quantityLots / least);
  if (byTime < count) count = byTime;
  if (bySize < count) count = bySize;
  return count < 1 ? 1 : count;
}
