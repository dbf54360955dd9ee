import type { Grid } from '../../adapters/requests/grid-file.js';
import { baselineOf, gridSize, setAt } from '../sweep/sets.js';
import type { BestSet, Ranking } from '../sweep/ranking.js';
import type { StoredRun } from '../sweep/run-file.js';
import type { TracedDesk } from '../sweep/traces.js';
import type { Comparison } from '../statistics/compare.js';
import type { MainEffect } from '../statistics/main-effects.js';
import type { SweepFolder } from './folder.js';
import { heatMaps, inOrder, valueText, type HeatMap } from './landscape.js';
import { Differences, type InSession, type Risk } from './risk.js';

/** `run.json` of a sweep, as far as a report reads it. */
export interface SweepRun extends StoredRun {
  readonly grid: Grid;
  readonly seed: number;
  readonly seeds: readonly number[];
  readonly cut: string;
  readonly objective: string;
  readonly baseline: number;
  readonly longestWindow: number;
  readonly skipped: {
    readonly sets: Readonly<Record<string, number>>;
    readonly desks: Readonly<Record<string, number>>;
  };
  readonly best: readonly BestSet[];
}

/** What a set came to under one assumption. JSON as it is. */
export interface SetFigures {
  readonly rank: number | null;
  readonly mean: number | null;
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly deviation: number | null;
  readonly worstDecile: number | null;
  readonly testMean: number | null;
  readonly testDifference: number | null;
  readonly starts: number;
  readonly incomplete: number;
  readonly cut: number;
}

export interface ReportedSet {
  readonly set: number;
  /** Of the parameters that vary, in the order of `ReportData.parameters`. */
  readonly values: readonly string[];
  /** By assumption. */
  readonly under: Readonly<Record<string, SetFigures>>;
}

/** A comparison without its sets. */
export type Sureness = Omit<Comparison, 'sets'>;

export interface ReportedAssumption {
  readonly assume: string;
  readonly train: Sureness;
  readonly test: Sureness | null;
  readonly rankCorrelation: number | null;
  readonly effects: readonly MainEffect[];
  readonly heatMaps: readonly HeatMap[];
  /** The best sets of all assumptions, session by session under this one. */
  readonly sessions: readonly {
    readonly set: number;
    readonly train: readonly InSession[];
    readonly test: readonly InSession[];
  }[];
}

/** All that a page shows. JSON as it is. */
export interface ReportData {
  readonly run: Pick<
    SweepRun,
    'engineVersion' | 'seed' | 'seeds' | 'cut' | 'objective' | 'baseline' | 'counts' | 'skipped' | 'files'
  > & {
    readonly sessions: readonly {
      readonly name: string;
      readonly part: string;
      readonly contentHash: string;
      readonly from: string;
      readonly to: string;
    }[];
    readonly longestWindowSeconds: number;
  };
  /** What every set shares. */
  readonly order: Readonly<Record<string, string>>;
  /** What varies from set to set. */
  readonly parameters: readonly string[];
  readonly best: readonly BestSet[];
  readonly assumptions: readonly ReportedAssumption[];
  readonly sets: readonly ReportedSet[];
  /** Sets that ran and are not among `sets`. */
  readonly setsLeftOut: number;
  readonly runs: readonly TracedDesk[];
}

/** Sets that a page lists: the cheapest under each assumption. */
export const MOST_SETS = 1_000;

/** Puts together what a page shows. Nothing of it depends on when or where that is done. */
export function reportData({ run, rankings, traces, rows }: SweepFolder, mostSets = MOST_SETS): ReportData {
  const parametersOf = (set: number) =>
    set < gridSize(run.grid) ? setAt(run.grid, set).parameters : baselineOf(run.grid);
  const all = rankings[0]?.train.sets.map(({ set }) => set) ?? [];
  const texts = new Map(all.map((set) => [set, textsOf(parametersOf(set))]));
  const keys = [...new Set([...texts.values()].flatMap((text) => Object.keys(text)))];
  const parameters = keys.filter((key) => new Set(all.map((set) => texts.get(set)![key] ?? '–')).size > 1);
  const listed = listedSets(rankings, run, mostSets);
  const measured = rankings.map((ranking) => ({ ranking, ...differencesOf(ranking, rows) }));
  const figures = measured.map(({ ranking, train }) => figuresUnder(ranking, train, listed));
  const chosen = [...new Set(run.best.map(({ set }) => set))];
  const order = texts.get(all[0] ?? 0) ?? {};
  return {
    run: {
      ...{ engineVersion: run.engineVersion, seed: run.seed, seeds: run.seeds, cut: run.cut, objective: run.objective },
      ...{ baseline: run.baseline, counts: run.counts, skipped: run.skipped, files: run.files },
      longestWindowSeconds: run.longestWindow / 1e6,
      sessions: run.sessions.map(({ name, part, contentHash, from, to }) => ({ name, part, contentHash, from, to })),
    },
    order: Object.fromEntries(Object.entries(order).filter(([key]) => !parameters.includes(key))),
    parameters,
    best: run.best,
    assumptions: measured.map(({ ranking, train, test }) => ({
      assume: ranking.assume,
      train: withoutSets(ranking.train),
      test: ranking.test === null ? null : withoutSets(ranking.test),
      rankCorrelation: ranking.rankCorrelation,
      effects: ranking.effects.map(bySize),
      heatMaps: heatMapsOf(ranking, parameters, parametersOf),
      sessions: chosen.map((set) => ({ set, train: train.bySession(set), test: test?.bySession(set) ?? [] })),
    })),
    sets: listed.map((set) => ({
      set,
      values: parameters.map((key) => texts.get(set)?.[key] ?? '–'),
      under: Object.fromEntries(rankings.map(({ assume }, i) => [assume, figures[i]!.get(set)!])),
    })),
    setsLeftOut: all.length - listed.length,
    runs: traces,
  };
}

const textsOf = (parameters: object): Record<string, string> =>
  Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, valueText(value as string)]));

const withoutSets = ({ sets: _, ...rest }: Comparison): Sureness => rest;

/** The sets that are listed, by ordinal: in turns the next best under each assumption, the baseline and the best ones always. */
function listedSets(rankings: readonly Ranking[], { baseline, best }: SweepRun, most: number): number[] {
  const rank = ({ rank }: { readonly rank: number | null }): number => rank ?? Infinity;
  const ranked = rankings.map(({ train }) =>
    [...train.sets].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : a.set - b.set)),
  );
  const listed = new Set([baseline, ...best.map(({ set }) => set)]);
  const longest = Math.max(0, ...ranked.map((sets) => sets.length));
  for (let place = 0; place < longest; place++)
    for (const sets of ranked) {
      if (listed.size >= most) return [...listed].sort((a, b) => a - b);
      const next = sets[place];
      if (next !== undefined) listed.add(next.set);
    }
  return [...listed].sort((a, b) => a - b);
}

interface Measured {
  readonly train: Differences;
  readonly test: Differences | null;
}

function differencesOf({ assume, train, test }: Ranking, rows: SweepFolder['rows']): Measured {
  const own = rows.filter(({ assumption }) => assumption === assume);
  const of = (part: 'train' | 'test') => own.filter((row) => row.part === part);
  return { train: new Differences(of('train'), train), test: test === null ? null : new Differences(of('test'), test) };
}

function figuresUnder(
  { train, test }: Ranking,
  differences: Differences,
  listed: readonly number[],
): Map<number, SetFigures> {
  const trained = new Map(train.sets.map((set) => [set.set, set]));
  const tested = new Map((test?.sets ?? []).map((set) => [set.set, set]));
  return new Map(
    listed.map((set) => {
      const { rank = null, mean = null, difference = null, low = null, high = null } = trained.get(set) ?? {};
      const { starts = 0, incomplete = 0, cut = 0, compared = false } = trained.get(set) ?? {};
      const { deviation, worstDecile }: Risk | NoRisk = (compared ? differences.risk(set) : null) ?? NO_RISK;
      const { mean: testMean = null, difference: testDifference = null } = tested.get(set) ?? {};
      return [
        set,
        {
          rank,
          mean,
          difference,
          low,
          high,
          deviation,
          worstDecile,
          testMean,
          testDifference,
          starts,
          incomplete,
          cut,
        },
      ];
    }),
  );
}

/** Values as a reader expects them: `2s` before `10s`. */
const bySize = (effect: MainEffect): MainEffect => ({
  ...effect,
  values: [...effect.values].sort((a, b) => inOrder(valueText(a.from), valueText(b.from))),
});

type NoRisk = { readonly [Key in keyof Risk]: null };
const NO_RISK: NoRisk = { deviation: null, worstDecile: null };

/** Maps of the parameters that explain most, first. */
function heatMapsOf(
  { train, effects }: Ranking,
  parameters: readonly string[],
  parametersOf: (set: number) => object,
): HeatMap[] {
  const sets = train.sets.flatMap(({ set, mean }) =>
    mean === null ? [] : [{ parameters: parametersOf(set) as Record<string, string>, mean }],
  );
  return heatMaps(
    sets,
    effects.map(({ parameter }) => parameter).filter((name) => parameters.includes(name)),
  );
}
