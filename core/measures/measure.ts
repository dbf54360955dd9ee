import { ExactSum } from '../exact-sum.js';
import type { Side } from '../market/columns.js';
import type { EpochMicros, Micros } from '../time.js';
import { rescaledSums, type MarketSums } from './market-sums.js';
import { PriceSum } from './price-sum.js';
import { ScheduleError } from './schedule-error.js';

/** How long after a fill the mid is looked at again, in microseconds. */
export const HORIZONS: readonly Micros[] = [1_000_000, 5_000_000, 30_000_000, 60_000_000];

/** The mid at an instant; where there was none, the first one after it, and then it is late. */
export interface Mark {
  /** In half increments; 0 until there is one. */
  mid2: number;
  late: boolean;
}

/** Fills of one instant whose markouts are still to come. */
export interface FillGroup {
  readonly at: EpochMicros;
  readonly paid: PriceSum;
  /** Index of the next horizon. */
  next: number;
}

/** What was paid and what the mid was, over the fills that have a mid at a horizon. */
export interface Markout {
  readonly paid: PriceSum;
  readonly mid: PriceSum;
}

/** What an order's costs are computed from, as it is gathered while the order lives and until nothing can change any more. */
export interface Measure {
  readonly orderId: string;
  readonly instrument: string;
  side: Side;
  quantityLots: number;
  readonly acceptedAt: EpochMicros;
  readonly arrival: Mark;
  /** Its first start; 0 before. */
  startedAt: EpochMicros;
  readonly start: Mark;
  /** The planned window's end; 0 while there is none. */
  endAt: EpochMicros;
  readonly end: Mark;
  /** Final and settled: nothing fills any more. */
  over: boolean;
  readonly paid: PriceSum;
  readonly decided: PriceSum;
  readonly met: PriceSum;
  makerLots: number;
  readonly fees: ExactSum;
  /** The mid at the decision of each child that is out. */
  readonly decisions: Map<string, number>;
  /** The market's sums at the start, at the window's end, and at the last fill so far. */
  from: MarketSums | undefined;
  atEnd: MarketSums | undefined;
  atLastFill: MarketSums | undefined;
  lastFillAt: EpochMicros;
  /** The last input by then, as far as this engine has seen it. */
  lastFillSeq: number;
  /** All that was paid by the window's end and the rest bought there; undefined before, and where the book did not hold it. */
  allIn: { readonly paid: PriceSum; readonly fees: string } | undefined;
  /** In the order of time. */
  groups: FillGroup[];
  /** How many of them have reached each horizon: it follows from them. */
  readonly reached: number[];
  readonly markouts: readonly Markout[];
  readonly error: ScheduleError;
  /** It started or filled in a book that began without a snapshot. */
  partial: boolean;
}

export function newMeasure(
  orderId: string,
  instrument: string,
  inverse: boolean,
  side: Side,
  acceptedAt: EpochMicros,
): Measure {
  return {
    orderId,
    instrument,
    side,
    quantityLots: 0,
    acceptedAt,
    arrival: { mid2: 0, late: false },
    startedAt: 0,
    start: { mid2: 0, late: false },
    endAt: 0,
    end: { mid2: 0, late: false },
    over: false,
    paid: new PriceSum(inverse),
    decided: new PriceSum(inverse),
    met: new PriceSum(inverse),
    makerLots: 0,
    fees: new ExactSum(),
    decisions: new Map(),
    from: undefined,
    atEnd: undefined,
    atLastFill: undefined,
    lastFillAt: 0,
    lastFillSeq: 0,
    allIn: undefined,
    groups: [],
    reached: reachedBy([]),
    markouts: HORIZONS.map(() => ({ paid: new PriceSum(inverse), mid: new PriceSum(inverse) })),
    error: new ScheduleError(),
    partial: false,
  };
}

/** How many fills have reached each horizon. */
export const reachedBy = (groups: readonly FillGroup[]): number[] =>
  HORIZONS.map((_, i) => groups.filter(({ next }) => next > i).length);

/** The marks whose instant has come and that still have no mid. */
export function awaited({ arrival, startedAt, start, atEnd, end }: Measure): Mark[] {
  const marks: Mark[] = [];
  if (arrival.mid2 === 0) marks.push(arrival);
  if (startedAt !== 0 && start.mid2 === 0) marks.push(start);
  if (atEnd !== undefined && end.mid2 === 0) marks.push(end);
  return marks;
}

/** Whether nothing about an order's costs can change any more. One that never started ends at once. */
export function complete({ over, startedAt, atEnd, end, groups }: Measure): boolean {
  return over && (startedAt === 0 || (atEnd !== undefined && end.mid2 !== 0 && groups.length === 0));
}

/** The instrument's increments got finer. */
export function rescaleMeasure(measure: Measure, priceFactor: number, sizeFactor: number): void {
  for (const mark of [measure.arrival, measure.start, measure.end]) mark.mid2 *= priceFactor;
  measure.quantityLots *= sizeFactor;
  measure.makerLots *= sizeFactor;
  const { paid, decided, met, allIn, markouts, groups, decisions } = measure;
  for (const sum of [
    paid,
    decided,
    met,
    ...(allIn === undefined ? [] : [allIn.paid]),
    ...groups.map((group) => group.paid),
    ...markouts.flatMap((markout) => [markout.paid, markout.mid]),
  ])
    sum.rescale(priceFactor, sizeFactor);
  for (const [childId, mid2] of decisions) decisions.set(childId, mid2 * priceFactor);
  const rescaled = (sums: MarketSums | undefined): MarketSums | undefined =>
    sums === undefined ? undefined : rescaledSums(sums, priceFactor, sizeFactor);
  measure.from = rescaled(measure.from);
  measure.atEnd = rescaled(measure.atEnd);
  measure.atLastFill = rescaled(measure.atLastFill);
  measure.error.rescale(sizeFactor);
}
