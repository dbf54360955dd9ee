import type { EpochMicros, Micros } from '../../core/time.js';
import type { CostRow } from './rows.js';

/** One start: an instant of a session. */
export interface Start {
  readonly session: string;
  readonly at: EpochMicros;
}

/** Costs by set and start, averaged over seeds, and over assumptions where several were asked for. */
export interface Panel {
  /** Ordinals of the grid, ascending. */
  readonly sets: readonly number[];
  /** Sessions in the order of their first start, starts ascending within each. */
  readonly starts: readonly Start[];
  /** Sets by starts; NaN where the set does not complete the start. */
  readonly costs: Float64Array;
  readonly tallies: readonly Tally[];
}

/** How a set fared at the starts that it was tried at. */
export interface Tally {
  completed: number;
  /** Starts without a cost. */
  incomplete: number;
  /** Starts whose window the session's end cut. */
  cut: number;
  /** Its longest window. */
  windowMicros: Micros;
}

/** What a cell holds: one set at one start under one seed and assumption. */
const enum Cell {
  empty,
  incomplete,
  completed,
  cut,
}

/**
 * Lays rows out as costs by set and start. A set completes a start when it has a cost under each seed and assumption that
 * any set has there. Rows may come in any order: the panel is the same.
 *
 * @param assumes  the assumptions to read; other rows are passed over
 */
export function panelOf(rows: readonly CostRow[], assumes: readonly string[]): Panel {
  const read = rows.filter((row) => assumes.includes(row.assume));
  const sets = ascending(read.map((row) => row.set));
  const starts = startsOf(read);
  const seeds = ordinals(ascending(read.map((row) => row.seed)));
  const terms = ordinals(assumes);
  const draws = seeds.size * terms.size;
  const tallies = sets.map((): Tally => ({ completed: 0, incomplete: 0, cut: 0, windowMicros: 0 }));
  const cells = new Uint8Array(sets.length * starts.length * draws);
  const values = new Float64Array(cells.length);
  const setOf = ordinals(sets);
  const startOf = new Map<string, Map<EpochMicros, number>>();
  starts.forEach(({ session, at }, start) => {
    const known = startOf.get(session) ?? new Map<EpochMicros, number>();
    startOf.set(session, known.set(at, start));
  });
  for (const row of read) {
    const set = setOf.get(row.set)!;
    const start = startOf.get(row.session)!.get(row.at)!;
    const cell = (set * starts.length + start) * draws + seeds.get(row.seed)! * terms.size + terms.get(row.assume)!;
    if (cells[cell] !== Cell.empty) throw new RangeError(twice(row));
    cells[cell] = row.cut ? Cell.cut : row.cost === null ? Cell.incomplete : Cell.completed;
    values[cell] = row.cost ?? 0;
    tallies[set]!.windowMicros = Math.max(tallies[set]!.windowMicros, row.windowMicros);
  }
  return { sets, starts, costs: averaged(cells, values, tallies, starts.length), tallies };
}

/** The mean of each set at each start, NaN where it is not complete; counts as it goes. */
function averaged(cells: Uint8Array, values: Float64Array, tallies: Tally[], starts: number): Float64Array {
  const costs = new Float64Array(tallies.length * starts).fill(NaN);
  const draws = cells.length / Math.max(1, costs.length);
  const expected = drawsByStart(cells, starts, draws);
  for (let at = 0; at < costs.length; at++) {
    const tally = tallies[Math.floor(at / starts)]!;
    let sum = 0;
    let completed = 0;
    let tried = 0;
    let cut = 0;
    for (let cell = at * draws; cell < (at + 1) * draws; cell++) {
      if (cells[cell] === Cell.completed) {
        sum += values[cell]!;
        completed++;
      }
      if (cells[cell] === Cell.cut) cut++;
      if (cells[cell] !== Cell.empty) tried++;
    }
    if (completed === expected[at % starts]) {
      costs[at] = sum / completed;
      tally.completed++;
    } else if (cut > 0) tally.cut++;
    else if (tried > 0) tally.incomplete++;
  }
  return costs;
}

/** How many seeds and assumptions were tried at each start, by any set, in windows that were not cut. */
function drawsByStart(cells: Uint8Array, starts: number, draws: number): Uint32Array {
  const tried = new Uint8Array(starts * draws);
  for (let cell = 0; cell < cells.length; cell++)
    if (cells[cell] === Cell.completed || cells[cell] === Cell.incomplete) tried[cell % tried.length] = 1;
  const expected = new Uint32Array(starts);
  for (let draw = 0; draw < tried.length; draw++) expected[Math.floor(draw / draws)]! += tried[draw]!;
  return expected.map((count) => Math.max(1, count)); // where every window was cut, nobody completes
}

function startsOf(rows: readonly CostRow[]): Start[] {
  const instants = new Map<string, Set<EpochMicros>>();
  for (const { session, at } of rows) {
    const known = instants.get(session);
    if (known === undefined) instants.set(session, new Set([at]));
    else known.add(at);
  }
  const sessions = [...instants].map(([session, known]) => ({ session, ats: ascending(known) }));
  sessions.sort((a, b) => a.ats[0]! - b.ats[0]! || (a.session < b.session ? -1 : 1));
  return sessions.flatMap(({ session, ats }) => ats.map((at) => ({ session, at })));
}

const ascending = (numbers: Iterable<number>): number[] => [...new Set(numbers)].sort((a, b) => a - b);

function ordinals<T>(values: readonly T[]): Map<T, number> {
  return new Map(values.map((value, index) => [value, index]));
}

function twice({ set, session, at, seed, assume }: CostRow): string {
  return `rows: set ${set} is there twice at ${session}, ${at}, seed ${seed}, ${assume}; give each desk once`;
}
