import { formatInstant } from '../../core/time.js';
import type { DeskTrace } from './trace.js';
import { passOver } from './pass.js';
import { desksOf, placeOf } from './plan.js';
import type { Costs, Ranking } from './ranking.js';
import { swept, type Entrant } from './sessions.js';
import type { SessionWork } from './work.js';

/** A desk that is worth a picture. JSON as it is. */
export interface TracedDesk {
  readonly assume: string;
  /** The cheapest or the dearest, of the best set or of all sets. */
  readonly which: 'cheapest' | 'dearest';
  readonly of: 'best set' | 'all sets';
  readonly session: string;
  readonly set: number;
  readonly start: string;
  readonly seed: number;
  readonly cost: number;
  readonly trace: DeskTrace | null;
}

interface Chosen extends Omit<TracedDesk, 'trace'> {
  readonly at: { readonly session: number; readonly desk: number };
}

/** Runs the best and the worst desks once more, this time leaving a trace. */
export async function tracesOf(
  entrants: readonly Entrant[],
  work: readonly SessionWork[],
  costs: Costs,
  rankings: readonly Ranking[],
): Promise<TracedDesk[]> {
  const chosen = rankings.flatMap(({ assume, train }) => [
    ...extremes(work, costs, assume, 'best set', train.best),
    ...extremes(work, costs, assume, 'all sets'),
  ]);
  const traces = new Map<string, DeskTrace>();
  for (const [session, entrant] of entrants.entries()) {
    const desks = new Set(chosen.flatMap(({ at }) => (at.session === session ? [at.desk] : [])));
    if (desks.size === 0) continue;
    const { plan, settings } = work[session]!;
    const ascending = [...desks].sort((a, b) => a - b);
    const options = { settings: () => settings, traces: desks };
    for await (const results of passOver(swept(entrant), desksOf(plan, ascending), options))
      for (const { desk, trace } of results) if (trace !== undefined) traces.set(`${session} ${desk}`, trace);
  }
  return chosen.map(({ at, ...told }) => ({ ...told, trace: traces.get(`${at.session} ${at.desk}`) ?? null }));
}

function extremes(
  work: readonly SessionWork[],
  costs: Costs,
  assume: string,
  of: TracedDesk['of'],
  set?: number | null,
): Chosen[] {
  const [cheapest, dearest] = costs.extremes(assume, set ?? undefined);
  if (cheapest === undefined || dearest === undefined) return [];
  return [['cheapest', cheapest] as const, ['dearest', dearest] as const].map(([which, { session, desk, cost }]) => {
    const { name, plan } = work[session]!;
    const place = placeOf(plan, plan.places[desk]!);
    return {
      ...{ assume, which, of, session: name },
      set: plan.sets[place.set]!.set,
      start: formatInstant(plan.starts[place.start]!),
      seed: plan.seeds[place.seed]!,
      cost,
      at: { session, desk },
    };
  });
}
