import type { RunSettings } from '../../core/engine/inputs.js';
import { rewritten, type Insertion } from '../insertions.js';
import { replay } from '../replay.js';
import type { DeskPlan, DeskResult, PassOptions, SweptSession } from './desks.js';

/**
 * A desk as a replay of its order alone: what a pass over many desks comes to, one by one.
 *
 * @param insertions  what is put into the session: the order where it is accepted, perhaps commands; absent: the order at `at`
 */
export async function alone(
  session: SweptSession,
  plan: DeskPlan,
  options: PassOptions = {},
  insertions: readonly Insertion[] = [submission(plan)],
): Promise<DeskResult> {
  const { venue, seed } = plan;
  const shared = options.settings ?? rulesAndBalances;
  const inputs = rewritten(session.inputs(), {
    from: session.from,
    hasRun: session.hasRun,
    settings: (recorded) => ({ ...shared(recorded), venue, seed }),
    insertions,
  });
  let outcomes = 0;
  const report = await replay(inputs, session, {
    onOutcome: ({ stream }) => {
      if (!stream.startsWith('trust-')) outcomes++;
    },
  });
  return {
    desk: plan.desk,
    order: report.orders[0] ?? {},
    outcomes,
    outcomesHash: options.hashes === true ? report.outcomesHash : null,
  };
}

function submission({ at, orderId, parameters }: DeskPlan): Insertion {
  return { at, type: 'SubmitTwap', data: { orderId, ...parameters } };
}

function rulesAndBalances(recorded: RunSettings | undefined): Pick<RunSettings, 'rules' | 'balances'> {
  const { rules, balances } = recorded ?? {};
  return { ...(rules === undefined ? {} : { rules }), ...(balances === undefined ? {} : { balances }) };
}

/** Every desk by a replay of its own. */
export async function* eachAlone(
  session: SweptSession,
  desks: Iterable<DeskPlan>,
  options: PassOptions = {},
): AsyncGenerator<readonly DeskResult[]> {
  for (const plan of desks) yield [await alone(session, plan, options)];
}
