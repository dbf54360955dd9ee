import type { RunSettings } from '../../core/engine/inputs.js';
import type { InputBatch } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';
import { rewritten } from '../insertions.js';
import { replay, type RunReport } from '../replay.js';
import type { DeskPlan, DeskResult } from './desks.js';

/** As much of a session as a desk needs. */
export interface Walked {
  readonly from: EpochMicros;
  readonly to: EpochMicros;
  /** Whether the session has a `RunStarted` of its own. */
  readonly hasRun: boolean;
  inputs(): AsyncIterable<InputBatch>;
}

/** What holds for all desks of a pass beside their own terms. */
export type SharedSettings = Pick<RunSettings, 'rules' | 'balances'>;

/** A desk as a replay of its order alone: what a pass over many desks must come to, one by one. */
export async function alone(session: Walked, plan: DeskPlan, shared: SharedSettings = {}): Promise<DeskResult> {
  const { orderId, at, venue, seed, parameters } = plan;
  const inputs = rewritten(session.inputs(), {
    from: session.from,
    hasRun: session.hasRun,
    settings: () => ({ venue, seed, ...shared }),
    insertions: [{ at, type: 'SubmitTwap', data: { orderId, ...parameters } }],
  });
  const report: RunReport = await replay(inputs, session);
  return { desk: plan.desk, order: report.orders[0]!, outcomes: report.outcomes, outcomesHash: report.outcomesHash };
}

/** Every desk by a replay of its own. */
export async function* eachAlone(
  session: Walked,
  desks: Iterable<DeskPlan>,
  shared: SharedSettings = {},
): AsyncGenerator<readonly DeskResult[]> {
  for (const plan of desks) yield [await alone(session, plan, shared)];
}
