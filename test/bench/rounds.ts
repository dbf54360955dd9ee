/** How many times longer one thing takes than another: the median of rounds in which they take turns, and the extremes. */
export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
  /** Milliseconds a round, medians. */
  readonly oursMs: number;
  readonly theirsMs: number;
}

export type Work = () => Promise<unknown>;

/** Runs both in turns in one process, each first as often as the other, so that both meet the same machine. */
export async function inTurns(ours: Work, theirs: Work, rounds: number, warmUp = 3): Promise<Ratio> {
  const pairs: Pair[] = [];
  for (let round = -warmUp; round < rounds; round++) {
    const oursFirst = round % 2 === 0;
    const first = await timed(oursFirst ? ours : theirs);
    const second = await timed(oursFirst ? theirs : ours);
    if (round >= 0) pairs.push(oursFirst ? [first, second] : [second, first]);
  }
  return ratioOf(pairs);
}

export type Pair = readonly [ours: number, theirs: number];

export function ratioOf(pairs: readonly Pair[]): Ratio {
  const ratios = pairs.map(([ours, theirs]) => ours / theirs);
  return {
    median: quantile(ratios, 0.5),
    min: quantile(ratios, 0),
    max: quantile(ratios, 1),
    rounds: pairs.length,
    oursMs: quantile(
      pairs.map(([ours]) => ours),
      0.5,
    ),
    theirsMs: quantile(
      pairs.map(([, theirs]) => theirs),
      0.5,
    ),
  };
}

/** @param share  0 to 1: 0.5 is the median, 1 the greatest */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

async function timed(work: Work): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
