import { Decimal, plain } from '../decimal.js';
import type { Refusal } from '../errors.js';
import { countedToText, quotient } from '../exact-sum.js';
import { NO_LEVEL } from '../market/book.js';
import { Side } from '../market/columns.js';
import { sizeText, type Units } from '../market/instrument.js';
import type { Market } from '../market/market.js';
import { formatDuration, formatInstant, type EpochMicros } from '../time.js';
import { allRefusals } from './acceptance.js';
import { goalToward, positionHeld, type Goal } from './goal.js';
import { randomised } from './jitter.js';
import type { PlanData } from './outcomes.js';
import { lineAt, reachedAt, type LineName, type Lines } from './lines.js';
import { paceOf, takesSlices } from './pace.js';
import type { TwapParameters } from './parameters.js';
import { laidOut, leastSlice } from './planning.js';
import { readTerms, type OrderTerms } from './rules.js';
import { planDue } from './schedule.js';
import type { View } from './view.js';
import { scheduleRefusal } from './window.js';

/** What would become of an order that is submitted now. Quantities are plain decimal text, instants ISO 8601. */
export interface Preview {
  readonly acceptable: boolean;
  /** Every rule that would refuse it; a submission is told of the first. */
  readonly refusals: readonly Refusal[];
  readonly order: TwapParameters;
  /** Null while nobody can say: see the notes. The same holds for what follows. */
  readonly side?: 'buy' | 'sell' | null;
  readonly quantity?: string | null;
  readonly startsAt?: string | null;
  readonly window?: { readonly from: string; readonly to: string } | null;
  readonly sliceInterval?: string | null;
  /** The first ones, and only those that have something to do. */
  readonly slices?: readonly SlicePreview[];
  readonly slicesTotal?: number;
  /** Where the lines stand at these slices and at both ends, for an order that quotes. */
  readonly lines?: readonly LinesPreview[];
  /** When the lines of an order that nobody fills rise above zero: with the floor it would take for the first time. */
  readonly crossings?: { readonly floor: string | null; readonly cap: string | null } | null;
  readonly notes?: readonly string[];
}

export interface SlicePreview {
  readonly slice: number;
  readonly dueAt: string;
  readonly quantity: string;
  readonly cumulative: string;
}

export interface LinesPreview {
  readonly at: string;
  readonly schedule: string;
  readonly floor: string;
  readonly cap: string;
}

/** Most slices that are listed. */
const MOST_LISTED = 1000;

/**
 * Judges an order and lays it out as a submission would, and changes nothing.
 *
 * @param orderId  undefined: it will be given one
 * @param taken    whether an order of that id is known, on whatever desk
 */
export function preview(view: View, orderId: string | undefined, order: TwapParameters, taken: boolean): Preview {
  const refusals = allRefusals(view, orderId, order, taken);
  const market = view.marketOf(order.instrument);
  const terms = market === undefined ? undefined : readTerms(order, market.instrument, view.at, market);
  if (refusals.length > 0 || market === undefined || terms === undefined || 'code' in terms)
    return { acceptable: false, refusals, order };
  return { acceptable: true, refusals, order, ...course(view, orderId, order, market, terms) };
}

/** How an order that is accepted would go. */
function course(
  view: View,
  orderId: string | undefined,
  order: TwapParameters,
  market: Market,
  terms: OrderTerms,
): Partial<Preview> {
  const { units } = market.instrument;
  const startAt = terms.startAt ?? view.at;
  const startsAt = terms.startAt === undefined ? null : formatInstant(startAt);
  const notes = notesOf(view, orderId, order, market, terms);
  const goal = goalNow(view, order, market, terms);
  const unable = 'code' in goal ? goal : scheduleRefusal(terms.schedule, goal.quantityLots, startAt);
  if ('code' in goal || unable !== undefined || goal.quantityLots === 0) {
    const why =
      unable === undefined
        ? 'the position is held already: it completes at once'
        : `it would not start now: ${unable.what}`;
    const nothing = unable === undefined ? '0' : null;
    const none = {
      side: null,
      window: null,
      sliceInterval: null,
      slices: [],
      slicesTotal: 0,
      lines: [],
      crossings: null,
    };
    return { ...none, quantity: nothing, startsAt, notes: [...notes, why] };
  }
  const chance = { seed: view.seed, orderId: orderId ?? '', firstSlice: 1 };
  const plan = laidOut(market, order, goal, terms.schedule, startAt, chance);
  const slices = slicesOf(plan, units);
  const listed = slices.slice(0, MOST_LISTED);
  const { numerator, denominator } = plan.cadence;
  return {
    side: goal.side === Side.buy ? 'buy' : 'sell',
    quantity: sizeText(goal.quantityLots, units),
    startsAt,
    window: { from: formatInstant(plan.startAt), to: formatInstant(plan.endAt) },
    sliceInterval: formatDuration(Number(numerator / denominator)),
    slices: listed.map(({ due, ...slice }) => ({ ...slice, dueAt: formatInstant(due) })),
    slicesTotal: slices.length,
    ...linesOf(
      order,
      plan,
      goal.quantityLots,
      units,
      listed.map(({ due }) => due),
    ),
    notes: [...notes, ...planNotes(market, goal, order, plan, slices.length)],
  };
}

/** What it would set out to trade if it started now. */
function goalNow(view: View, { targetPosition }: TwapParameters, market: Market, terms: OrderTerms): Goal | Refusal {
  const { side, quantityLots } = terms;
  if (targetPosition === undefined) return { side: side!, quantityLots };
  return goalToward(targetPosition, positionHeld(view.desk.ledger, market.instrument), market.instrument);
}

function slicesOf(
  plan: PlanData,
  units: Units,
): { slice: number; due: EpochMicros; quantity: string; cumulative: string }[] {
  let cumulativeLots = 0;
  return plan.sliceLots.flatMap((lots, i) => {
    if (lots === 0) return [];
    cumulativeLots += lots;
    return {
      slice: plan.firstSlice + i,
      due: planDue(plan, i),
      quantity: sizeText(lots, units),
      cumulative: sizeText(cumulativeLots, units),
    };
  });
}

// ---- lines -----------------------------------------------------------------------------------------------------------

function linesOf(
  order: TwapParameters,
  plan: PlanData,
  quantityLots: number,
  units: Units,
  dues: readonly EpochMicros[],
): Pick<Preview, 'lines' | 'crossings'> {
  if (takesSlices(order)) return { lines: [], crossings: null };
  const { startAt, endAt } = plan;
  const lines: Lines = { startAt, endAt, baseLots: 0, lineLots: quantityLots, quantityLots, pace: paceOf(order) };
  const text = (line: LineName, at: EpochMicros): string => {
    const { numerator, denominator } = lineAt(lines, line, at);
    const lots = quotient(
      { mantissa: numerator, scale: units.sizeScale },
      { mantissa: denominator, scale: 0 },
      LINE_PLACES,
    );
    return countedToText(lots);
  };
  const crossing = (line: 'floor' | 'cap'): string | null => {
    const at = reachedAt(lines, line, 0);
    return at === Infinity ? null : formatInstant(at);
  };
  return {
    lines: [...new Set([startAt, ...dues, endAt])].map((at) => ({
      at: formatInstant(at),
      schedule: text('schedule', at),
      floor: text('floor', at),
      cap: text('cap', at),
    })),
    crossings: { floor: crossing('floor'), cap: crossing('cap') },
  };
}

const LINE_PLACES = 8;

// ---- notes -----------------------------------------------------------------------------------------------------------

function notesOf(
  view: View,
  orderId: string | undefined,
  order: TwapParameters,
  market: Market,
  { startAt }: OrderTerms,
): string[] {
  const notes: string[] = [];
  const { instrument } = market;
  if (startAt === undefined) notes.push('it starts on command; these instants are those of a start now');
  if (order.targetPosition !== undefined) {
    const held = plain(positionHeld(view.desk.ledger, instrument));
    notes.push(`the position is read when it starts; these figures stand on the one held now, ${held}`);
  }
  const unusable = market.unusable(view.desk.venue.allowPartialBook);
  if (unusable !== undefined) notes.push(`the book is not usable now, ${unusable}: nothing is done until it is`);
  const { size, time } = randomised(order);
  if (size + time > 0 && orderId === undefined)
    notes.push('sizes and instants are drawn by orderId: name one to see those that it would get');
  return notes;
}

function planNotes(
  market: Market,
  { side, quantityLots }: Goal,
  order: TwapParameters,
  plan: PlanData,
  busy: number,
): string[] {
  const notes: string[] = [];
  const { instrument, book } = market;
  const { units, minNotional } = instrument;
  const total = plan.sliceLots.length;
  if (busy < total) {
    const least = sizeText(leastSlice(market, side), units);
    notes.push(`${total - busy} of ${total} slices join others, because one is at least ${least}`);
  }
  if (minNotional.mantissa > 0 && book.best(side === Side.buy ? Side.ask : Side.bid) === NO_LEVEL)
    notes.push(
      `without a price the minimum value of ${instrument.definition.minNotional} is not looked at: slices may join later`,
    );
  if (order.maxParticipation !== undefined) {
    const volume = new Decimal(sizeText(quantityLots, units)).div(order.maxParticipation);
    notes.push(
      `it needs trades: ${plain(volume.toDecimalPlaces(LINE_PLACES))} must be traded by others since its start before all of it may be`,
    );
  }
  return notes;
}
