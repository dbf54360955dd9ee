import type { Grid, VenueLists } from '../../adapters/requests/grid-file.js';
import type { VenueSettings } from '../../core/desk/settings.js';
import type { RunSettings } from '../../core/engine/inputs.js';
import { sentence } from '../../adapters/requests/problem.js';
import { countInstrument, type Instrument } from '../../core/market/instrument.js';
import { formatInstant, type Micros } from '../../core/time.js';
import { firstUsable } from '../first-usable.js';
import { placeDesks, placeOf, volumeInstants, type Cut, type SessionPlan, type Skips } from './plan.js';
import { SweepRefused } from './refused.js';
import { definitionIn, refuseEarlyTest, type Entrant } from './sessions.js';
import { baselineOf, gridSize, sampledSets, sameSet, type GridSet } from './sets.js';
import { startsIn } from './starts.js';
import { volumesBefore } from './volume.js';
import { setRefusal, setWindow, windowEnd } from './windows.js';
import type { SessionWork } from './work.js';

/** More desks than these are no sweep for one machine and one folder. */
export const MOST_DESKS = 5_000_000;

export interface PlanOptions {
  readonly grid: Grid;
  /** Compared with each other; what is absent is as each session recorded it. */
  readonly venue: VenueLists;
  readonly seeds: readonly number[];
  readonly seed: number;
  readonly cut: Cut;
  /** What holds in a session, what it recorded included. */
  readonly settings: (entrant: Entrant) => RunSettings;
}

/** What a sweep is about to do. */
export interface SweepPlan {
  readonly work: readonly SessionWork[];
  readonly sets: readonly GridSet[];
  /** The set that others are compared against. */
  readonly baseline: number;
  /** Over all sessions. */
  readonly starts: number;
  readonly desks: number;
  /** Sets that no rule lets in, by the code of the first that refuses them. */
  readonly setsLeftOut: Skips;
  /** Desks that are not run, by reason. */
  readonly desksLeftOut: Skips;
  readonly longestWindow: Micros;
}

/** Makes a plan of a grid over sessions. @throws {SweepRefused} */
export async function planSweep(entrants: readonly Entrant[], options: PlanOptions): Promise<SweepPlan> {
  const { grid, seed } = options;
  refuseTooMany(grid, entrants.length, options);
  const terms = entrants.map((entrant) => {
    const settings = options.settings(entrant);
    return { entrant, settings, definition: definitionIn(entrant, grid.order.instrument, settings) };
  });
  refuseStrayStarts(grid, entrants);
  const instruments = terms.map(({ definition }) => countInstrument(definition));
  const legal = legalSets(grid, seed, instruments, entrants);
  const longestWindow = longestOf(legal.sets, instruments[0]!, entrants);
  refuseEarlyTest(entrants, longestWindow);
  const work: SessionWork[] = [];
  const desksLeftOut: Skips = {};
  for (const { entrant, settings, definition } of terms) {
    const { plan, skipped } = await planSession(entrant, {
      ...options,
      sets: legal.sets,
      settings,
      definition,
      longestWindow,
    });
    for (const [reason, count] of Object.entries(skipped)) desksLeftOut[reason] = (desksLeftOut[reason] ?? 0) + count;
    const { path, name, part, session } = entrant;
    const { rows } = session.meta.counts;
    work.push({ path, name, part, plan, rows, settings, baseline: legal.baseline });
  }
  refuseIdleBaseline(work, legal.baseline, desksLeftOut);
  const starts = work.reduce((sum, { plan }) => sum + plan.starts.length, 0);
  const desks = work.reduce((sum, { plan }) => sum + plan.places.length, 0);
  if (desks > MOST_DESKS) throw tooMany(desks, grid);
  return { work, ...legal, starts, desks, desksLeftOut, longestWindow };
}

/** What nobody runs is nothing to compare against. @throws {SweepRefused} */
function refuseIdleBaseline(work: readonly SessionWork[], baseline: number, left: Skips): void {
  if (work.every(({ plan }) => plan.places.length === 0)) return; // nobody runs: that is another matter
  const runs = ({ plan, part }: SessionWork): boolean =>
    part !== 'test' && plan.places.some((place) => plan.sets[placeOf(plan, place).set]!.set === baseline);
  if (work.some(runs)) return;
  throw new SweepRefused(
    `the baseline, set ${baseline}, is left out at every start (${Object.keys(left).join(', ')}); name another "baseline" or other starts`,
  );
}

/** The sets that are to be tried, the baseline among them, whether or not a rule lets them in. */
function candidates(grid: Grid, seed: number): { sets: GridSet[]; baseline: number } {
  const sets = sampledSets(grid, seed);
  const parameters = baselineOf(grid);
  const known = sets.find((each) => sameSet(each.parameters, parameters));
  if (known !== undefined) return { sets, baseline: known.set };
  const set = gridSize(grid);
  return { sets: [...sets, { set, parameters }], baseline: set };
}

function legalSets(
  grid: Grid,
  seed: number,
  instruments: readonly Instrument[],
  entrants: readonly Entrant[],
): { sets: GridSet[]; baseline: number; setsLeftOut: Skips } {
  const { sets, baseline } = candidates(grid, seed);
  const setsLeftOut: Skips = {};
  let first = '';
  const legal = sets.filter(({ set, parameters }) => {
    const refusal = instruments
      .map((instrument, i) => setRefusal(parameters, instrument, entrants[i]!.session.from))
      .find((found) => found !== undefined);
    if (refusal === undefined) return true;
    const told = `${refusal.where}: ${sentence(refusal)}`;
    if (set === baseline) throw new SweepRefused(`the baseline is refused: ${told}; or name another "baseline"`);
    if (first === '') first = told;
    setsLeftOut[refusal.code] = (setsLeftOut[refusal.code] ?? 0) + 1;
    return false;
  });
  if (first === '' || legal.some(({ set }) => set < gridSize(grid))) return { sets: legal, baseline, setsLeftOut };
  throw new SweepRefused(`no set of the grid is an order: ${first}`);
}

function longestOf(sets: readonly GridSet[], instrument: Instrument, entrants: readonly Entrant[]): Micros {
  const from = entrants[0]!.session.from;
  return sets.reduce((longest, { parameters }) => {
    const window = setWindow(parameters, instrument);
    return Math.max(longest, windowEnd(window, from) - from);
  }, 0);
}

interface SessionTerms extends Omit<PlanOptions, 'settings'> {
  readonly sets: readonly GridSet[];
  readonly settings: RunSettings;
  readonly definition: SessionPlan['definition'];
  readonly longestWindow: Micros;
}

async function planSession(entrant: Entrant, terms: SessionTerms): Promise<{ plan: SessionPlan; skipped: Skips }> {
  const { session } = entrant;
  const { grid, cut, seed, seeds, sets, settings, definition } = terms;
  const { instrument } = definition;
  const { from, to } = session;
  const venues = venuesOf(settings.venue, terms.venue);
  const allowPartialBook = venues.some((venue) => venue.allowPartialBook);
  const usable = await firstUsable(session.inputs(), new Set([instrument]), allowPartialBook);
  const room = cut === 'skip' ? terms.longestWindow : 0;
  const { contentHash } = session.meta;
  const starts = startsIn(grid.starts, { from, to, contentHash, usableAt: usable.get(instrument)?.at, room, seed });
  const dimensions = { definition, from, to, sets, starts, venues, seeds };
  const volumes = await volumesBefore(session.inputs(), instrument, volumeInstants(dimensions));
  return placeDesks({ ...dimensions, volumes }, cut);
}

/** Every combination of the venue's settings that are compared, the last one moving fastest. */
export function venuesOf(base: VenueSettings, lists: VenueLists): VenueSettings[] {
  let venues = [base];
  for (const [key, values] of Object.entries(lists) as [keyof VenueLists, readonly unknown[]][])
    venues = venues.flatMap((venue) => values.map((value) => ({ ...venue, [key]: value })));
  return venues;
}

/** Starts that are named and lie in no session. @throws {SweepRefused} */
function refuseStrayStarts({ starts }: Grid, entrants: readonly Entrant[]): void {
  if (!('at' in starts)) return;
  const stray = starts.at.find((at) => !entrants.some(({ session }) => at >= session.from && at <= session.to));
  if (stray === undefined) return;
  const spans = entrants.map(
    ({ name, session }) => `${name} from ${formatInstant(session.from)} to ${formatInstant(session.to)}`,
  );
  throw new SweepRefused(
    `starts: ${formatInstant(stray)} is in no session; the sessions are ${spans.join(', ')}: name a time within one`,
  );
}

/** A grid whose sets alone are too many is not even spelled out. @throws {SweepRefused} */
function refuseTooMany(grid: Grid, sessions: number, { venue, seeds }: PlanOptions): void {
  const { sample, starts } = grid;
  const sets = sample.kind === 'random' ? Math.min(sample.count, gridSize(grid)) : gridSize(grid);
  const venues = Object.values(venue).reduce((product, values: readonly unknown[]) => product * values.length, 1);
  const named = 'at' in starts ? starts.at.length / sessions : 'random' in starts ? starts.random : 1;
  const desks = sets * venues * seeds.length * named * sessions;
  if (desks > MOST_DESKS || !Number.isSafeInteger(gridSize(grid))) throw tooMany(desks, grid);
}

function tooMany(desks: number, grid: Grid): SweepRefused {
  const size = gridSize(grid);
  return new SweepRefused(
    `the grid makes ${counted(desks)} desks out of ${counted(size)} sets, more than ${counted(MOST_DESKS)}; ` +
      `sample it: "sample": { "kind": "random", "count": 500 }, or name fewer starts: "starts": { "random": 100 }`,
  );
}

/** A number with commas, as people read it. */
export function counted(count: number): string {
  if (!(count < 1e15)) return count.toExponential(1).replace('e+', ' x 10^');
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}
