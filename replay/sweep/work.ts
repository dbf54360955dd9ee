import type { Row } from '../../adapters/results/columns.js';
import { openSession } from '../../adapters/recordings/session/session.js';
import type { RunSettings } from '../../core/engine/inputs.js';

import type { DeskPlan, PassOptions } from './desks.js';
import { passOver } from './pass.js';
import { desksOf, placeOf, type SessionPlan } from './plan.js';
import { rowOf } from './row.js';
import { swept } from './sessions.js';

/** One session's part of a sweep, as plain data: what a worker needs to run any of its desks. */
export interface SessionWork {
  readonly path: string;
  readonly name: string;
  readonly part: 'train' | 'test' | '';
  readonly plan: SessionPlan;
  /** Rows of its market. */
  readonly rows: number;
  /** Venue and seed of it are those that a desk does not name otherwise. */
  readonly settings: RunSettings;
  /** The set that others are compared against; -1 where there is none. */
  readonly baseline: number;
}

/** A piece of work: desks of one session, ascending. */
export interface Block {
  readonly session: number;
  readonly desks: Float64Array;
}

/** Rows of finished desks, each with the ordinal of its desk. */
export type FinishedRows = readonly (readonly [desk: number, row: Row])[];

/** Runs a block of desks over one pass of its session. */
export async function* runBlock(work: SessionWork, desks: Float64Array): AsyncGenerator<FinishedRows> {
  const session = await openSession(work.path, { verify: false }); // whoever made the plan has looked at its bytes
  const options: PassOptions = { settings: () => work.settings };
  const plans = new Map<number, DeskPlan>();
  const announced = function* () {
    for (const plan of desksOf(work.plan, desks)) {
      plans.set(plan.desk, plan);
      yield plan;
    }
  };
  for await (const results of passOver(swept({ session }), announced(), options))
    yield results.map((result) => {
      const plan = plans.get(result.desk)!;
      plans.delete(result.desk);
      return [result.desk, rowOf(plan, result, originOf(work, result.desk))] as const;
    });
}

export function originOf(work: SessionWork, desk: number): Parameters<typeof rowOf>[2] {
  const { name, part, plan, baseline } = work;
  const { set, parameters } = plan.sets[placeOf(plan, plan.places[desk]!).set]!;
  return { session: name, part, definition: plan.definition, isBaseline: set === baseline, asked: parameters };
}
