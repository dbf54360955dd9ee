import type { Row } from '../../adapters/results/columns.js';
import type { Json } from '../../core/json.js';
import { formatDuration } from '../../core/time.js';
import { compareSets, type Comparison, type SetComparison } from '../statistics/compare.js';
import { objectiveCost, type CostRow } from '../statistics/rows.js';
import { columnIndex } from './columns.js';
import { placeOf, spanOf } from './plan.js';
import type { PlacedRow } from './results.js';
import type { GridSet } from './sets.js';
import type { SessionWork } from './work.js';

/** How the sets of one assumption compare, on the sessions that are searched and on those of the test. */
export interface Ranking {
  readonly assume: string;
  readonly train: Comparison;
  /** The best set of the training against the baseline, there. */
  readonly test: Comparison | null;
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
  readonly #rows: { readonly part: string; readonly cost: CostRow; readonly assume: string }[] = [];

  constructor(
    readonly work: readonly SessionWork[],
    readonly objective: string,
  ) {}

  readonly add = ({ session, desk, row }: PlacedRow): void => {
    const { plan, name, part } = this.work[session]!;
    const at = placeOf(plan, plan.places[desk]!);
    const venue = plan.venues[at.venue]!;
    const { set } = plan.sets[at.set]!;
    const start = plan.starts[at.start]!;
    const fees = venue.fees === undefined ? '' : `${venue.fees.maker},${venue.fees.taker}`;
    const cost: CostRow = {
      set,
      session: name,
      at: start,
      seed: plan.seeds[at.seed]!,
      assume: [venue.assume, formatDuration(venue.latency), fees, venue.takeSlack, venue.allowPartialBook].join(' '),
      windowMicros: spanOf(plan, at.set, start),
      cut: row[CUT] === true,
      cost: objectiveCost(this.objective, costsIn(row, this.objective)),
    };
    this.#rows.push({ part, cost, assume: venue.assume });
  };

  /** Compares the sets under each assumption; latencies and fees that vary are averaged within a start. */
  rankings(baseline: number, seed: number): Ranking[] {
    const assumes = [...new Set(this.#rows.map(({ assume }) => assume))];
    return assumes.map((assume) => {
      const own = this.#rows.filter((row) => row.assume === assume);
      const compare = (rows: readonly CostRow[]): Comparison =>
        compareSets(rows, {
          baseline,
          objective: this.objective,
          seed,
          assume: [...new Set(rows.map((row) => row.assume))],
        });
      const of = (part: 'train' | 'test'): CostRow[] => own.flatMap((row) => (row.part === part ? [row.cost] : []));
      const train = compare(of('train'));
      const tested = of('test').filter(({ set }) => set === baseline || set === train.best);
      return { assume, train, test: tested.some(({ set }) => set === baseline) ? compare(tested) : null };
    });
  }
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
