import type { Assumption } from '../../core/desk/settings.js';
import { parseScaled, rescaled } from '../../core/market/increments.js';

/** How much an order had filled from an instant on, in units of 10^-8. */
export type Steps = readonly (readonly [at: number, filled: number])[];

const UNITS = 8;

/** Cumulative fills by order, from the outcomes of a run as they stand in the log. */
export function cumulative(
  outcomes: Iterable<{ readonly type: string; readonly at: number; readonly data: unknown }>,
): Map<string, Steps> {
  const orders = new Map<string, [number, number][]>();
  for (const { type, at, data } of outcomes) {
    if (type !== 'ChildFilled') continue;
    const { orderId, quantity } = data as { orderId: string; quantity: string };
    const steps = orders.get(orderId) ?? [];
    orders.set(orderId, steps);
    steps.push([at, (steps.at(-1)?.[1] ?? 0) + rescaled(parseScaled(quantity)!, UNITS)!]);
  }
  return orders;
}

export const filledBy = (steps: Steps | undefined, at: number): number =>
  (steps ?? []).filter(([from]) => from <= at).at(-1)?.[1] ?? 0;

const BRACKET = [
  ['optimistic', 'expected'],
  ['expected', 'pessimistic'],
] as const;

/** Where the bracket pessimistic <= expected <= optimistic does not hold: the first instant of each order, as a sentence. */
export function outOfBracket(runs: Readonly<Record<Assumption, Map<string, Steps>>>): string[] {
  const orders = new Set(Object.values(runs).flatMap((run) => [...run.keys()]));
  return [...orders].flatMap((orderId) =>
    BRACKET.flatMap(([more, less]) => {
      const [above, below] = [runs[more].get(orderId), runs[less].get(orderId)];
      const found = (below ?? []).find(([at, filled]) => filled > filledBy(above, at));
      if (found === undefined) return [];
      const [at, filled] = found;
      return [`${orderId} at ${at}: ${less} ${filled} > ${more} ${filledBy(above, at)}`];
    }),
  );
}
