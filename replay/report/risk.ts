import { panelOf, type Panel } from '../statistics/panel.js';
import type { Comparison } from '../statistics/compare.js';
import type { PartRow } from './rows.js';

/** How much the difference to the baseline varies from start to start. JSON as it is. */
export interface Risk {
  /** Standard deviation of set - baseline over the common starts; null below two. */
  readonly deviation: number | null;
  /** Mean of the dearest tenth of these differences, one start at least. */
  readonly worstDecile: number;
}

/** A set in one session, over the common starts there. JSON as it is. */
export interface InSession {
  readonly session: string;
  readonly starts: number;
  readonly mean: number;
  readonly difference: number;
}

/** The paired differences behind a comparison, start by start. */
export class Differences {
  readonly #panel: Panel;
  readonly #starts: readonly number[];
  readonly #baseline: number;

  /** @param rows  of the part and the assumption that were compared */
  constructor(rows: readonly PartRow[], comparison: Comparison) {
    this.#panel = panelOf(rows, [...new Set(rows.map(({ assume }) => assume))]);
    const compared = comparison.sets.filter((set) => set.compared).map(({ set }) => this.#panel.sets.indexOf(set));
    this.#baseline = this.#panel.sets.indexOf(comparison.baseline);
    this.#starts = [...this.#panel.starts.keys()].filter((start) =>
      compared.every((place) => !Number.isNaN(this.#cost(place, start))),
    );
  }

  /** Null for a set that has no row. */
  risk(set: number): Risk | null {
    const differences = this.#of(set);
    if (differences.length === 0) return null;
    const mean = average(differences);
    const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const worst = [...differences].sort((a, b) => b - a).slice(0, Math.ceil(differences.length / 10));
    return {
      deviation: differences.length < 2 ? null : Math.sqrt(squares / (differences.length - 1)),
      worstDecile: average(worst),
    };
  }

  bySession(set: number): InSession[] {
    const place = this.#panel.sets.indexOf(set);
    if (place === -1) return [];
    const sums = new Map<string, { starts: number; cost: number; difference: number }>();
    for (const start of this.#starts) {
      const { session } = this.#panel.starts[start]!;
      const sum = sums.get(session) ?? { starts: 0, cost: 0, difference: 0 };
      sum.starts++;
      sum.cost += this.#cost(place, start);
      sum.difference += this.#cost(place, start) - this.#cost(this.#baseline, start);
      sums.set(session, sum);
    }
    return [...sums].map(([session, { starts, cost, difference }]) => ({
      session,
      starts,
      mean: cost / starts,
      difference: difference / starts,
    }));
  }

  #of(set: number): number[] {
    const place = this.#panel.sets.indexOf(set);
    if (place === -1) return [];
    return this.#starts.map((start) => this.#cost(place, start) - this.#cost(this.#baseline, start));
  }

  #cost(place: number, start: number): number {
    return this.#panel.costs[place * this.#panel.starts.length + start]!;
  }
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
