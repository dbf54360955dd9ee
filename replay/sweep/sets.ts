import { PARAMETER_SCHEMAS } from '../../adapters/requests/order-schema.js';
import type { Grid, ParameterSet } from '../../adapters/requests/grid-file.js';
import { canonical } from '../../core/json.js';
import { uniform } from '../../core/draws.js';
import { PARAMETER_KEYS, type TwapParameters } from '../../core/orders/parameters.js';

/** One parameter set of a grid. */
export interface GridSet {
  /** Its ordinal in the whole grid, the last varied key moving fastest; the baseline that a grid lacks comes after all. */
  readonly set: number;
  readonly parameters: ParameterSet;
}

type Vary = Grid['vary'];
const varied = (vary: Vary): (keyof TwapParameters)[] => PARAMETER_KEYS.filter((key) => vary[key] !== undefined);

/** How many sets a grid spans; not exact beyond the safe integers. */
export const gridSize = ({ vary }: Grid): number =>
  varied(vary).reduce((product, key) => product * vary[key]!.length, 1);

/** The set with this ordinal. */
export function setAt(grid: Grid, set: number): GridSet {
  const parameters: Record<string, string | number | boolean> = { ...grid.order };
  let rest = set;
  for (const key of varied(grid.vary).reverse()) {
    const values = grid.vary[key]!;
    parameters[key] = values[rest % values.length]!;
    rest = Math.floor(rest / values.length);
  }
  return { set, parameters: ordered(parameters) };
}

/** The sets that are to be tried, by ordinal: all of them, or a random sample without repeats. */
export function sampledSets(grid: Grid, seed: number): GridSet[] {
  const size = gridSize(grid);
  const { sample } = grid;
  if (sample.kind === 'grid' || sample.count >= size) return Array.from({ length: size }, (_, i) => setAt(grid, i));
  const chosen = new Set<number>();
  for (let draw = 0; chosen.size < sample.count; draw++) chosen.add(uniform(seed, 'sets', draw, size));
  return [...chosen].sort((a, b) => a - b).map((set) => setAt(grid, set));
}

/**
 * What sets are compared against: what the grid names over its order and the first value of each varied key, and where it
 * names nothing, the same with both aggression lines at zero.
 */
export function baselineOf(grid: Grid): ParameterSet {
  const first = setAt(grid, 0).parameters;
  const named = grid.baseline ?? { aggressionFloor: '0', aggressionCap: '0' };
  return ordered({ ...first, ...named });
}

/** Whether two sets ask for the same thing, whether or not they spell out what holds anyway. */
export const sameSet = (a: ParameterSet, b: ParameterSet): boolean => spelledOut(a) === spelledOut(b);

function spelledOut(set: ParameterSet): string {
  const defaults = PARAMETER_KEYS.flatMap((key) => {
    const value = PARAMETER_SCHEMAS[key].default as string | boolean | undefined;
    return value === undefined ? [] : [[key, value] as const];
  });
  return canonical({ ...Object.fromEntries(defaults), ...set });
}

function ordered(parameters: ParameterSet): ParameterSet {
  return Object.fromEntries(PARAMETER_KEYS.filter((key) => key in parameters).map((key) => [key, parameters[key]]));
}
