import { compareSets, type CompareOptions, type Comparison, type SetComparison } from './compare.js';
import type { CostRow } from './rows.js';

/** The best set of some sessions, judged by others. JSON as it is. */
export interface TrainAndTest {
  readonly train: Comparison;
  readonly test: Comparison;
  /** The best on train, on either; null when nothing is compared on train. Its interval on test owes nothing to the choice. */
  readonly chosen: { readonly set: number; readonly train: SetComparison; readonly test: SetComparison | null } | null;
  /** Spearman's correlation of the ranks of the sets compared on both: 1 when the order stayed, about 0 when it was luck. */
  readonly rankCorrelation: number | null;
}

/**
 * Chooses on the train sessions and reports on the test sessions.
 *
 * @throws {RangeError} when they share a session, or test begins less than the longest window after the last start of train
 */
export function trainAndTest(
  train: readonly CostRow[],
  test: readonly CostRow[],
  options: CompareOptions,
): TrainAndTest {
  refuseOverlap(train, test);
  const seen = compareSets(train, options);
  const unseen = compareSets(test, options);
  const of = ({ sets }: Comparison): SetComparison | null => sets.find(({ set }) => set === seen.best) ?? null;
  return {
    train: seen,
    test: unseen,
    chosen: seen.best === null ? null : { set: seen.best, train: of(seen)!, test: of(unseen) },
    rankCorrelation: rankCorrelation(seen, unseen),
  };
}

function refuseOverlap(train: readonly CostRow[], test: readonly CostRow[]): void {
  const sessions = new Set(train.map(({ session }) => session));
  const shared = test.find(({ session }) => sessions.has(session));
  if (shared !== undefined)
    throw new RangeError(`test: session ${shared.session} is in train too; a session belongs to one of them`);
  let last = -Infinity;
  let longest = 0;
  for (const { at, windowMicros } of train) {
    last = Math.max(last, at);
    longest = Math.max(longest, windowMicros);
  }
  let first = Infinity;
  for (const { at, windowMicros } of test) {
    first = Math.min(first, at);
    longest = Math.max(longest, windowMicros);
  }
  if (first < last + longest)
    throw new RangeError(
      `test: its first start is ${(first - last) / 1e6} s after the last of train; it must be ${longest / 1e6} s, the longest window`,
    );
}

function rankCorrelation(train: Comparison, test: Comparison): number | null {
  const means = new Map(test.sets.map(({ set, mean }) => [set, mean]));
  const both = train.sets.flatMap(({ set, mean }) => {
    const other = means.get(set) ?? null;
    return mean === null || other === null ? [] : [[mean, other] as const];
  });
  const one = ranks(both.map(([mean]) => mean));
  const other = ranks(both.map(([, mean]) => mean));
  const middle = (both.length + 1) / 2;
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, rank, index) => sum + (rank - middle) * (b[index]! - middle), 0);
  const spread = Math.sqrt(product(one, one) * product(other, other));
  return spread === 0 ? null : product(one, other) / spread;
}

/** From 1; equal values share the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const out = values.map(() => 0);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let index = from; index < to; index++) out[order[index]!] = (from + to + 1) / 2;
  }
  return out;
}
