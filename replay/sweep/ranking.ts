import type { Row } from '../../adapters/results/columns.js';
import type { Json } from '../../core/json.js';
import { formatDuration } from '../../core/time.js';
import type { VenueSettings } from '../../core/desk/settings.js';
import { bySession, type SessionFigures } from '../statistics/by-session.js';
import { comparisonOf, type Comparison, type SetComparison } from '../statistics/compare.js';
import { mainEffects, type MainEffect } from '../statistics/main-effects.js';
import { matchStarts } from '../statistics/match.js';
import { objectiveCost, type CostRow } from '../statistics/rows.js';
import { trainAndTest } from '../statistics/train-and-test.js';
import { columnIndex } from './columns.js';
import { placeOf, spanOf } from './plan.js';
import type { PlacedRow } from './results.js';
import type { GridSet } from './sets.js';
import type { SessionWork } from './work.js';

/** How the sets compare under one assumption. JSON as it is. */
export interface Ranking {
  readonly assume: string;
  /** On the sessions that were searched. */
  readonly train: Comparison;
  /** On the sessions that were kept for the test; null without any. */
  readonly test: Comparison | null;
  /** Spearman's, of the ranks on either; null where there is none. */
  readonly rankCorrelation: number | null;
  /** What cost goes with, parameter by parameter. */
  readonly effects: readonly MainEffect[];
  /** The best set session by session. */
  readonly bySession: readonly SessionFigures[];
}

/** The best set under one assumption, and what it comes to under the others. JSON as it is. */
export interface BestSet {
  readonly assume: string;
  readonly objective: string;
  readonly set: number;
  readonly parameters: GridSet['parameters'];
  readonly baseline: number;
  readonly mean: number | null;
  /** Mean of set - baseline, start by start: below zero it is cheaper. */
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Starts that every compared set completes. */
  readonly starts: number;
  readonly blocks: number;
  /** Of Hansen's SPA test: how likely such an advantage is when no set beats the baseline. */
  readonly p: number | null;
  /** The same set under the other assumptions of the sweep. */
  readonly under: Readonly<Record<string, Pick<SetComparison, 'rank' | 'mean' | 'difference' | 'low' | 'high'>>>;
  readonly test:
    (Pick<SetComparison, 'mean' | 'difference' | 'low' | 'high'> & { starts: number; blocks: number }) | null;
}

/** Collects what the statistics read of each row. */
export class Costs {
  readonly #rows: {
    readonly part: string;
    readonly assume: string;
    readonly cost: CostRow;
    readonly session: number;
    readonly desk: number;
  }[] = [];
  readonly #termsOf: (venue: VenueSettings) => string;

  constructor(
    readonly work: readonly SessionWork[],
    readonly objective: string,
  ) {
    this.#termsOf = namer(work.flatMap(({ plan }) => plan.venues));
  }

  readonly add = ({ session, desk, row }: PlacedRow): void => {
    const { plan, name, part } = this.work[session]!;
    const at = placeOf(plan, plan.places[desk]!);
    const venue = plan.venues[at.venue]!;
    const start = plan.starts[at.start]!;
    const cost: CostRow = {
      set: plan.sets[at.set]!.set,
      session: name,
      at: start,
      seed: plan.seeds[at.seed]!,
      assume: this.#termsOf(venue),
      windowMicros: spanOf(plan, at.set, start),
      cut: row[CUT] === true,
      cost: objectiveCost(this.objective, costsIn(row, this.objective)),
    };
    this.#rows.push({ part, assume: venue.assume, cost, session, desk });
  };

  /** The cheapest and the dearest whole run under an assumption, of one set or of all; the first of several. */
  extremes(assume: string, set?: number): { session: number; desk: number; cost: number }[] {
    let cheapest: { session: number; desk: number; cost: number } | undefined;
    let dearest = cheapest;
    for (const { session, desk, assume: own, cost: row } of this.#rows) {
      const { cost, cut } = row;
      if (own !== assume || cost === null || cut || (set !== undefined && row.set !== set)) continue;
      if (cheapest === undefined || cost < cheapest.cost) cheapest = { session, desk, cost };
      if (dearest === undefined || cost > dearest.cost) dearest = { session, desk, cost };
    }
    return cheapest === undefined || dearest === undefined ? [] : [cheapest, dearest];
  }

  /** Compares the sets under each assumption; latencies and fees that vary are averaged within a start. */
  rankings(baseline: number, seed: number, sets: readonly GridSet[]): Ranking[] {
    const parameters = new Map(sets.map((each) => [each.set, each.parameters]));
    return [...new Set(this.#rows.map(({ assume }) => assume))].map((assume) => {
      const own = this.#rows.filter((row) => row.assume === assume);
      const of = (part: 'train' | 'test'): CostRow[] => own.flatMap((row) => (row.part === part ? [row.cost] : []));
      const [train, test] = [of('train'), of('test')];
      const terms = [...new Set(own.map(({ cost }) => cost.assume))];
      const options = { baseline, objective: this.objective, seed, assume: terms };
      const match = matchStarts(train, options);
      const isTested = test.some(({ set }) => set === baseline);
      const compared = isTested ? trainAndTest(train, test, options) : undefined;
      const seen = compared?.train ?? comparisonOf(match, options);
      return {
        assume,
        train: seen,
        test: compared?.test ?? null,
        rankCorrelation: compared?.rankCorrelation ?? null,
        effects: mainEffects(match, (set) => parameters.get(set)!),
        bySession: seen.best === null ? [] : bySession(match, seen.best),
      };
    });
  }
}

/** Names settings of the venue by what of them varies, so that those that are compared apart have names of their own. */
function namer(venues: readonly VenueSettings[]): (venue: VenueSettings) => string {
  const spelled = ({ latency, fees, takeSlack, allowPartialBook }: VenueSettings): string[] => [
    formatDuration(latency),
    fees === undefined ? 'base tier' : `${fees.maker},${fees.taker}`,
    `slack ${takeSlack}`,
    allowPartialBook ? 'partial' : 'whole',
  ];
  const all = venues.map(spelled);
  const varies = [0, 1, 2, 3].filter((i) => new Set(all.map((texts) => texts[i])).size > 1);
  return (venue) => [venue.assume, ...varies.map((i) => spelled(venue)[i]!)].join(' ');
}

const CUT = columnIndex('cut');
const FLAGS = columnIndex('flags');
const COMPLETION = columnIndex('completion');

function costsIn(row: Row, objective: string): Readonly<Record<string, Json>> {
  const flags = row[FLAGS];
  return {
    flags: typeof flags === 'string' && flags !== '' ? flags.split(' ') : [],
    completion: row[COMPLETION] ?? null,
    [objective]: row[columnIndex(objective)] ?? null,
  };
}

/** The best set under each assumption, the one that can be hoped for first and the one that is safe beside it. */
export function bestSets(rankings: readonly Ranking[], sets: readonly GridSet[]): BestSet[] {
  return rankings.flatMap(({ assume, train, test }) => {
    const found = train.sets.find(({ set }) => set === train.best);
    if (found === undefined) return [];
    const { set, mean, difference, low, high } = found;
    const others = rankings.filter((other) => other.assume !== assume);
    const tested = test?.sets.find((each) => each.set === set);
    return [
      {
        assume,
        objective: train.objective,
        set,
        parameters: sets.find((each) => each.set === set)!.parameters,
        baseline: train.baseline,
        mean,
        difference,
        low,
        high,
        starts: train.starts.common,
        blocks: train.blocks.count,
        p: train.spa?.p ?? null,
        under: Object.fromEntries(others.map((other) => [other.assume, figuresIn(other.train, set)])),
        test:
          tested === undefined || test === null
            ? null
            : {
                mean: tested.mean,
                difference: tested.difference,
                low: tested.low,
                high: tested.high,
                starts: test.starts.common,
                blocks: test.blocks.count,
              },
      },
    ];
  });
}

function figuresIn(comparison: Comparison, set: number): BestSet['under'][string] {
  const found = comparison.sets.find((each) => each.set === set);
  const { rank = null, mean = null, difference = null, low = null, high = null } = found ?? {};
  return { rank, mean, difference, low, high };
}
