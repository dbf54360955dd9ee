import type { Json } from '../../core/json.js';
import type { EpochMicros, Micros } from '../../core/time.js';

/** What one desk of a sweep tells the statistics. */
export interface CostRow {
  /** Its parameter set, an ordinal of the grid. */
  readonly set: number;
  readonly session: string;
  /** Its start: the same instant in the same session is the same start for every set. */
  readonly at: EpochMicros;
  readonly seed: number;
  /** The terms under which sets are compared: the fill assumption, with the latency and the fees where those vary too. */
  readonly assume: string;
  readonly windowMicros: Micros;
  /** The session's end cut its window: it never enters. */
  readonly cut: boolean;
  /** What the objective reads, lower being better; null where the set did not complete this start (`objectiveCost`). */
  readonly cost: number | null;
}

const PARTS = ['shortfall', 'delay', 'timing', 'latency', 'spread', 'fees', 'unfilled'] as const;

/** The costs of docs/costs.md of which less is better. */
export const OBJECTIVES: readonly string[] = [
  'costAllIn',
  'slippageBps',
  ...PARTS,
  ...PARTS.map((part) => `${part}Bps`),
  'twapPriceBps',
  'midTimeWeightedBps',
  'vwapBps',
  'scheduleErrorMean',
  'scheduleErrorWorst',
];

/**
 * The objective out of an order's `costs`. Null where the set must not win by it: the book did not hold the rest, the figure
 * is missing, or, for any objective but `costAllIn`, the order did not complete. Only `costAllIn` charges for what was not
 * filled, so that under any other an order that never fills would be the cheapest.
 *
 * @param objective  one of `OBJECTIVES`
 */
export function objectiveCost(objective: string, costs: Readonly<Record<string, Json | undefined>>): number | null {
  if (!OBJECTIVES.includes(objective))
    throw new RangeError(`objective: "${objective}" is not a cost; take one of ${OBJECTIVES.join(', ')}`);
  const { flags, completion } = costs;
  if (Array.isArray(flags) && flags.includes('incomplete')) return null;
  if (objective !== 'costAllIn' && Number(completion ?? 0) < 1) return null;
  const cost = costs[objective];
  return typeof cost === 'string' ? Number(cost) : null;
}
