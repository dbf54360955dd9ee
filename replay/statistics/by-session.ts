import { costAt, type Match } from './match.js';

/** How a set fared in one session. JSON as it is. */
export interface SessionFigures {
  readonly session: string;
  /** Common starts in it. */
  readonly starts: number;
  readonly mean: number;
  /** Mean of set - baseline. */
  readonly difference: number;
}

/** A compared set session by session, over the common starts; empty for a set that is not compared. */
export function bySession(match: Match, set: number): SessionFigures[] {
  const place = match.panel.sets.indexOf(set);
  if (!match.compared.includes(place)) return [];
  const sums = new Map<string, { starts: number; cost: number; baseline: number }>();
  match.starts.forEach(({ session }, start) => {
    const known = sums.get(session) ?? { starts: 0, cost: 0, baseline: 0 };
    known.starts++;
    known.cost += costAt(match, place, start);
    known.baseline += costAt(match, match.baseline, start);
    sums.set(session, known);
  });
  return [...sums].map(([session, { starts, cost, baseline }]) => ({
    session,
    starts,
    mean: cost / starts,
    difference: (cost - baseline) / starts,
  }));
}
