import { openSession } from '../../adapters/recordings/session/session.js';
import type { InstrumentDefinition } from '../../core/market/events.js';
import type { SweptSession } from '../../replay/sweep/desks.js';
import { passOver } from '../../replay/sweep/pass.js';
import { benchDesks, type DeskKind } from './sweep-desks.js';

export interface BenchSession extends SweptSession {
  readonly definition: InstrumentDefinition;
}

export interface SweepSum {
  readonly results: number;
  readonly outcomes: number;
  readonly fills: number;
  /** Desks whose costs were said. */
  readonly measured: number;
}

export async function sweptSession(path: string): Promise<BenchSession> {
  const session = await openSession(path, { verify: false });
  const { from, to, meta, instruments } = session;
  return { from, to, hasRun: meta.settings !== null, inputs: () => session.inputs(), definition: instruments[0]! };
}

/** Runs so many desks over a session, and adds up what became of them. */
export async function sweepOnce(session: BenchSession, kind: DeskKind, count: number): Promise<SweepSum> {
  let [results, outcomes, fills, measured] = [0, 0, 0, 0];
  for await (const some of passOver(session, benchDesks(kind, count, session, session.definition)))
    for (const result of some) {
      results++;
      outcomes += result.outcomes;
      fills += result.order['fills'] as number;
      if (result.order['costs'] !== null) measured++;
    }
  return { results, outcomes, fills, measured };
}
