import type { ParameterSet } from '../../adapters/requests/grid-file.js';
import type { VenueSettings } from '../../core/desk/settings.js';
import type { InstrumentDefinition } from '../../core/market/events.js';
import { countInstrument, type Instrument } from '../../core/market/instrument.js';
import { lots } from '../../core/orders/values.js';
import type { EpochMicros, Micros } from '../../core/time.js';
import type { DeskPlan } from './desks.js';
import type { GridSet } from './sets.js';
import { shareOf, type Volumes } from './volume.js';
import { asOrder, setWindow, windowEnd, type SetWindow } from './windows.js';

/** Where the desks of one session come from: every start x set x venue x seed, in this order. Plain data, for a worker too. */
export interface SessionPlan {
  /** With the rules of the run over those of the recording. */
  readonly definition: InstrumentDefinition;
  readonly from: EpochMicros;
  readonly to: EpochMicros;
  readonly sets: readonly GridSet[];
  readonly starts: readonly EpochMicros[];
  readonly venues: readonly VenueSettings[];
  readonly seeds: readonly number[];
  /** What had traded before each instant that a share of volume needs. */
  readonly volumes: Volumes;
  /** The places in start x set x venue x seed that have a desk; the ordinal of a desk is its place in here. */
  readonly places: Float64Array;
}

/** Why a desk is not run, by reason. */
export type Skips = Record<string, number>;

export type Cut = 'skip' | 'count';

export interface Place {
  readonly start: number;
  readonly set: number;
  readonly venue: number;
  readonly seed: number;
}

type Dimensions = Pick<SessionPlan, 'starts' | 'sets' | 'venues' | 'seeds'>;

export function placeOf({ sets, venues, seeds }: Dimensions, place: number): Place {
  const perSet = venues.length * seeds.length;
  const perStart = sets.length * perSet;
  const rest = place % perStart;
  return {
    start: Math.floor(place / perStart),
    set: Math.floor(rest / perSet),
    venue: Math.floor((rest % perSet) / seeds.length),
    seed: rest % seeds.length,
  };
}

/** Places all desks of a session, and counts those that are left out. */
export function placeDesks(plan: Omit<SessionPlan, 'places'>, cut: Cut): { plan: SessionPlan; skipped: Skips } {
  const { starts, sets, venues, seeds } = plan;
  const resolve = resolver(plan);
  const perSet = venues.length * seeds.length;
  const places = new Float64Array(starts.length * sets.length * perSet);
  const skipped: Skips = {};
  let count = 0;
  for (const [start, at] of starts.entries())
    for (const set of sets.keys()) {
      const reason = resolve(set, at, cut).skip;
      if (reason !== undefined) skipped[reason] = (skipped[reason] ?? 0) + perSet;
      else for (let i = 0, place = (start * sets.length + set) * perSet; i < perSet; i++) places[count++] = place + i;
    }
  return { plan: { ...plan, places: places.slice(0, count) }, skipped };
}

type Resolved =
  | { readonly skip: string; readonly quantity?: undefined }
  | { readonly skip?: undefined; readonly quantity: string | undefined };

type ToResolve = Pick<SessionPlan, 'definition' | 'from' | 'to' | 'sets' | 'volumes'>;

/** What a set comes to at an instant: its quantity, or why it is left out there. */
function resolver({ definition, from, to, sets, volumes }: ToResolve) {
  const instrument: Instrument = countInstrument(definition);
  const windows: (SetWindow | undefined)[] = [];
  const windowOf = (set: number): SetWindow => (windows[set] ??= setWindow(sets[set]!.parameters, instrument));
  return (set: number, at: EpochMicros, cut: Cut): Resolved => {
    const { parameters } = sets[set]!;
    const window = windowOf(set);
    const end = windowEnd(window, at);
    if (end <= at + window.delay) return { skip: 'window_over' };
    if (cut === 'skip' && end > to) return { skip: 'window_cut' };
    const share = shareIn(parameters);
    if (share === undefined) return { quantity: parameters.quantity as string | undefined };
    const since = at - (end - at - window.delay);
    if (since < from) return { skip: 'volume_span_missing' };
    const quantity = shareOf(share, volumes.get(since)!, volumes.get(at)!, definition.lotSize);
    const count = quantity === '0' ? 0 : lots(quantity, 'quantity', instrument);
    if (typeof count !== 'number' || count === 0 || count < instrument.minQuantityLots)
      return { skip: 'volume_too_small' };
    return { quantity };
  };
}

export function shareIn({ quantity }: ParameterSet): string | undefined {
  return typeof quantity === 'string' && quantity.endsWith('%') ? quantity : undefined;
}

/** The instants up to which volume must be known for the shares of a session. */
export function* volumeInstants(plan: Omit<SessionPlan, 'places' | 'volumes'>): Generator<EpochMicros> {
  const instrument = countInstrument(plan.definition);
  for (const { parameters } of plan.sets) {
    if (shareIn(parameters) === undefined) continue;
    const window = setWindow(parameters, instrument);
    for (const at of plan.starts) {
      const since = at - (windowEnd(window, at) - at - window.delay);
      if (since < plan.from || since >= at) continue;
      yield since;
      yield at;
    }
  }
}

/** How long the window of a set is for an order that comes in at `at`. */
export function spanOf(
  { definition, sets }: Pick<SessionPlan, 'definition' | 'sets'>,
  set: number,
  at: EpochMicros,
): Micros {
  const window = setWindow(sets[set]!.parameters, countInstrument(definition));
  return windowEnd(window, at) - at - window.delay;
}

/** The same for all sets at one start and seed, so that they share their random numbers. */
export const orderIdAt = (at: EpochMicros, seed: number): string => `s${at}-${seed}`;

/** The desks with these ordinals, as they are asked for: made one by one, so that no plan is ever whole in memory. */
export function* desksOf(plan: SessionPlan, ordinals: Iterable<number>): Generator<DeskPlan> {
  const resolve = resolver(plan);
  for (const desk of ordinals) {
    const place = placeOf(plan, plan.places[desk]!);
    const { set, parameters } = plan.sets[place.set]!;
    const at = plan.starts[place.start]!;
    const { quantity } = resolve(place.set, at, 'count');
    const seed = plan.seeds[place.seed]!;
    yield {
      desk,
      set,
      at,
      seed,
      venue: plan.venues[place.venue]!,
      orderId: orderIdAt(at, seed),
      parameters: asOrder(quantity === undefined ? parameters : { ...parameters, quantity }),
    };
  }
}
