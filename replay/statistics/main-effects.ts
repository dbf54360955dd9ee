import { parseDuration } from '../../core/time.js';
import type { Json } from '../../core/json.js';
import { blockSums, costAt, type Match } from './match.js';
import { reach } from './resamples.js';

/** How cost goes with one parameter, the others taken as the grid has them. Descriptive: it tests nothing. JSON as it is. */
export interface MainEffect {
  readonly parameter: string;
  readonly values: readonly ValueEffect[];
  /** The share of the variance between the sets' mean costs that lies between these values; null when no two sets differ. */
  readonly share: number | null;
  /** The share that as many groups of sets drawn by lot would have on average. */
  readonly shareByChance: number;
}

export interface ValueEffect {
  /** A value; or the least and the greatest of a group of them. */
  readonly from: Json;
  readonly to: Json;
  readonly sets: number;
  /** Mean cost of these sets over the common starts. */
  readonly mean: number;
  /** Their mean less that of all compared sets, paired by start, and its interval; null below ten blocks. */
  readonly difference: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** More numbers than these are put into groups. */
const MOST_VALUES = 12;
const GROUPS = 5;

/**
 * Every parameter that varies among the compared sets, the one that explains most first.
 *
 * @param parameters  of a set of the grid, by its ordinal; an absent parameter is null
 */
export function mainEffects(
  match: Match,
  parameters: (set: number) => Readonly<Record<string, Json>>,
  level = 0.95,
): MainEffect[] {
  const { compared, panel, starts } = match;
  if (starts.length === 0) return [];
  const chosen = compared.map((place) => ({ place, terms: parameters(panel.sets[place]!) }));
  const names = [...new Set(chosen.flatMap(({ terms }) => Object.keys(terms)))];
  const all = meanSeries(match, compared);
  const means = new Map(compared.map((place) => [place, average(meanSeries(match, [place]))]));
  return names
    .map((parameter) => ({
      parameter,
      groups: grouped(chosen.map(({ place, terms }) => [terms[parameter] ?? null, place])),
    }))
    .filter(({ groups }) => groups.length > 1)
    .map(({ parameter, groups }) => ({
      parameter,
      values: groups.map((group) => effectOf(match, group, all, level)),
      share: shareBetween(groups, means),
      shareByChance: (groups.length - 1) / (compared.length - 1),
    }))
    .sort((a, b) => (b.share ?? 0) - (a.share ?? 0) || (a.parameter < b.parameter ? -1 : 1));
}

interface Group {
  readonly from: Json;
  readonly to: Json;
  readonly places: readonly number[];
}

function effectOf(match: Match, { from, to, places }: Group, all: Float64Array, level: number): ValueEffect {
  const series = meanSeries(match, places);
  const mean = average(series);
  const sums = blockSums(match, (start) => series[start]! - all[start]!);
  const known = { from, to, sets: places.length, mean };
  if (match.resamples === null) return { ...known, difference: mean - average(all), low: null, high: null };
  const estimate = match.resamples.estimate(sums);
  const width = estimate.error * reach(estimate.strayed, level);
  return { ...known, difference: estimate.mean, low: estimate.mean - width, high: estimate.mean + width };
}

/** The mean cost of some sets at each common start. */
function meanSeries(match: Match, places: readonly number[]): Float64Array {
  const series = new Float64Array(match.starts.length);
  for (const place of places)
    for (let start = 0; start < series.length; start++) series[start]! += costAt(match, place, start);
  return series.map((sum) => sum / places.length);
}

/** Sets by value: numbers and durations in their order, numbers in groups of about as many sets where there are many; other values by their text. */
function grouped(valued: readonly (readonly [value: Json, place: number])[]): Group[] {
  const byText = new Map<string, { value: Json; places: number[] }>();
  for (const [value, place] of valued) {
    const text = JSON.stringify(value);
    const known = byText.get(text);
    if (known === undefined) byText.set(text, { value, places: [place] });
    else known.places.push(place);
  }
  const single = [...byText.values()].sort((a, b) => order(a.value, b.value));
  if (single.length <= MOST_VALUES || !single.every(({ value }) => isNumber(value)))
    return single.map(({ value, places }) => ({ from: value, to: value, places }));
  const groups: { from: Json; to: Json; places: number[] }[] = [];
  let before = 0;
  for (const { value, places } of single) {
    const last = groups.at(-1);
    if (last === undefined || before >= (groups.length * valued.length) / GROUPS)
      groups.push({ from: value, to: value, places: [...places] });
    else {
      last.to = value;
      last.places.push(...places);
    }
    before += places.length;
  }
  return groups;
}

const isNumber = (value: Json): boolean =>
  typeof value === 'number' || (typeof value === 'string' && value !== '' && Number.isFinite(Number(value)));

/** A number, or a duration in microseconds. */
function magnitude(value: Json): number | undefined {
  if (isNumber(value)) return Number(value);
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

function order(a: Json, b: Json): number {
  const [one, other] = [magnitude(a), magnitude(b)];
  if (one !== undefined && other !== undefined) return one - other;
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** One-way: the sum of squares between groups over the whole. */
function shareBetween(groups: readonly Group[], means: ReadonlyMap<number, number>): number | null {
  const whole = average(Float64Array.from(means.values()));
  let total = 0;
  for (const mean of means.values()) total += (mean - whole) ** 2;
  let between = 0;
  for (const { places } of groups)
    between += places.length * (average(Float64Array.from(places, (place) => means.get(place)!)) - whole) ** 2;
  return total === 0 ? null : between / total;
}

const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
