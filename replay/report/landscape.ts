import type { Json } from '../../core/json.js';

/** A set and what it cost, as the landscape reads it. */
export interface CostOfSet {
  readonly parameters: Readonly<Record<string, Json>>;
  readonly mean: number;
}

/** Mean cost by the values of two parameters. JSON as it is. */
export interface HeatMap {
  readonly x: string;
  readonly y: string;
  readonly xValues: readonly string[];
  readonly yValues: readonly string[];
  /** Column, row, mean cost of the sets there, how many they are; a cell without a set is absent. */
  readonly cells: readonly (readonly [x: number, y: number, mean: number, sets: number])[];
}

/** More values than these are put into groups. */
const MOST_VALUES = 12;
const GROUPS = 8;
/** More parameters than these make no more maps. */
const MOST_PARAMETERS = 8;

/** A map for each two of the parameters, the first ones of the list first. */
export function heatMaps(sets: readonly CostOfSet[], names: readonly string[]): HeatMap[] {
  const axes = names.slice(0, MOST_PARAMETERS).map((name) => axisOf(sets, name));
  return axes.flatMap((x, i) => axes.slice(i + 1).map((y) => heatMap(sets, x, y)));
}

interface Axis {
  readonly name: string;
  readonly labels: readonly string[];
  /** Which label a set falls under. */
  readonly of: ReadonlyMap<CostOfSet, number>;
}

function heatMap(sets: readonly CostOfSet[], x: Axis, y: Axis): HeatMap {
  const sums = new Map<number, { x: number; y: number; sum: number; sets: number }>();
  for (const set of sets) {
    const [column, row] = [x.of.get(set)!, y.of.get(set)!];
    const key = row * x.labels.length + column;
    const cell = sums.get(key) ?? { x: column, y: row, sum: 0, sets: 0 };
    cell.sum += set.mean;
    cell.sets++;
    sums.set(key, cell);
  }
  const cells = [...sums.values()].map((cell) => [cell.x, cell.y, cell.sum / cell.sets, cell.sets] as const);
  return { x: x.name, y: y.name, xValues: x.labels, yValues: y.labels, cells };
}

function axisOf(sets: readonly CostOfSet[], name: string): Axis {
  const valueOf = ({ parameters }: CostOfSet): string => valueText(parameters[name]);
  const values = [...new Set(sets.map(valueOf))].sort(inOrder);
  const size = values.length > MOST_VALUES ? Math.ceil(values.length / GROUPS) : 1;
  const labels: string[] = [];
  for (let from = 0; from < values.length; from += size) {
    const group = values.slice(from, from + size);
    labels.push(group.length === 1 ? group[0]! : `${group[0]!} – ${group.at(-1)!}`);
  }
  const places = new Map(values.map((value, i) => [value, Math.floor(i / size)]));
  return { name, labels, of: new Map(sets.map((set) => [set, places.get(valueOf(set))!])) };
}

/** How a value of a parameter reads; an absent one is a dash. */
export const valueText = (value: Json | undefined): string =>
  value === undefined || value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value);

const UNITS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 };

/** Numbers, shares and durations by their size, other values by their text after them. */
export function inOrder(a: string, b: string): number {
  const [one, other] = [sizeOf(a), sizeOf(b)];
  if (one !== other) return one - other;
  return a < b ? -1 : a > b ? 1 : 0;
}

function sizeOf(text: string): number {
  if (text !== '' && Number.isFinite(Number(text))) return Number(text);
  if (/^[\d.]+%$/.test(text)) return Number(text.slice(0, -1));
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(us|ms|[smhd])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return Number.MAX_VALUE;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
}
