import { ExactSum } from '../exact-sum.js';

import type { Side } from '../market/columns.js';
import { sizeText, type Units } from '../market/instrument.js';
import type { MarketSums } from '../measures/market-sums.js';
import { deviationContent, markContent, sumsContent, type MarkContent, type Measured } from '../measures/measured.js';
import { newMeasure, reachedBy, type Mark, type Measure } from '../measures/measure.js';
import { Fraction, powerOfTen } from '../measures/fraction.js';
import { countExactly, countHalves, halvesText, PriceSum, type PriceSumContent } from '../measures/price-sum.js';
import type { Course } from '../measures/schedule-error.js';
import { countText } from './market-content.js';

type SumsContent = ReturnType<typeof sumsContent>;

/** A measure in a checkpoint: quantities and prices as decimal text. */
export interface MeasureContent {
  readonly orderId: string;
  readonly instrument: string;
  readonly inverse: boolean;
  readonly side: Side;
  readonly quantity: string;
  readonly acceptedAt: number;
  readonly arrival: MarkContent;
  readonly startedAt: number;
  readonly start: MarkContent;
  readonly endAt: number;
  readonly end: MarkContent;
  readonly over: boolean;
  readonly paid: PriceSumContent;
  readonly decided: PriceSumContent;
  readonly met: PriceSumContent;
  readonly makerQuantity: string;
  readonly fees: string;
  readonly decisions: readonly (readonly [childId: string, mid: string])[];
  readonly from: SumsContent | null;
  readonly atEnd: SumsContent | null;
  readonly atLastFill: SumsContent | null;
  readonly lastFillAt: number;
  readonly allIn: { readonly paid: PriceSumContent; readonly fees: string } | null;
  readonly groups: readonly { readonly at: number; readonly paid: PriceSumContent; readonly next: number }[];
  readonly markouts: readonly { readonly paid: PriceSumContent; readonly mid: PriceSumContent }[];
  readonly error: Measured['scheduleError'] & {
    readonly at: number;
    readonly filled: string;
    readonly against: string | readonly [startAt: number, endAt: number, base: string, line: string];
    readonly standsSince: number;
  };
  readonly partial: boolean;
}

export function measureContent(measure: Measure, units: Units): MeasureContent {
  const sums = (at: MarketSums | undefined): SumsContent | null => (at === undefined ? null : sumsContent(at, units));
  const { allIn, error } = measure;
  const { filledLots, against, standsSince } = error.course;
  return {
    orderId: measure.orderId,
    instrument: measure.instrument,
    inverse: measure.paid.inverse,
    side: measure.side,
    quantity: sizeText(measure.quantityLots, units),
    acceptedAt: measure.acceptedAt,
    arrival: markContent(measure.arrival, units),
    startedAt: measure.startedAt,
    start: markContent(measure.start, units),
    endAt: measure.endAt,
    end: markContent(measure.end, units),
    over: measure.over,
    paid: measure.paid.content(units),
    decided: measure.decided.content(units),
    met: measure.met.content(units),
    makerQuantity: sizeText(measure.makerLots, units),
    fees: measure.fees.toString(),
    decisions: [...measure.decisions].map(([childId, mid2]) => [childId, halvesText(mid2, units.priceScale)]),
    from: sums(measure.from),
    atEnd: sums(measure.atEnd),
    atLastFill: sums(measure.atLastFill),
    lastFillAt: measure.lastFillAt,
    allIn: allIn === undefined ? null : { paid: allIn.paid.content(units), fees: allIn.fees },
    groups: measure.groups.map(({ at, paid, next }) => ({ at, paid: paid.content(units), next })),
    markouts: measure.markouts.map(({ paid, mid }) => ({ paid: paid.content(units), mid: mid.content(units) })),
    error: {
      ...deviationContent(error.asOf(error.at), units),
      at: error.at,
      filled: sizeText(filledLots, units),
      against:
        typeof against === 'number'
          ? sizeText(against, units)
          : [against.startAt, against.endAt, sizeText(against.baseLots, units), sizeText(against.lineLots, units)],
      standsSince,
    },
    partial: measure.partial,
  };
}

export function restoreMeasure(content: MeasureContent, units: Units): Measure {
  const { priceScale, sizeScale } = units;
  const { allIn, error } = content;
  const sum = (text: PriceSumContent): PriceSum => PriceSum.restore(text, units);
  const sums = (text: SumsContent | null): MarketSums | undefined =>
    text === null ? undefined : restoreSums(text, units);
  const begun = newMeasure(content.orderId, content.instrument, content.inverse, content.side, content.acceptedAt);
  begun.error.restore(
    { area: lots(error.area, sizeScale), worst: lots(error.worst, sizeScale), span: error.span },
    error.at,
    restoreCourse(error, sizeScale),
  );
  const groups = content.groups.map(({ at, paid, next }) => ({ at, paid: sum(paid), next }));
  return {
    ...begun,
    quantityLots: countText(content.quantity, sizeScale),
    arrival: restoreMark(content.arrival, priceScale),
    startedAt: content.startedAt,
    start: restoreMark(content.start, priceScale),
    endAt: content.endAt,
    end: restoreMark(content.end, priceScale),
    over: content.over,
    paid: sum(content.paid),
    decided: sum(content.decided),
    met: sum(content.met),
    makerLots: countText(content.makerQuantity, sizeScale),
    fees: ExactSum.of(content.fees),
    decisions: new Map(content.decisions.map(([childId, mid]) => [childId, countHalves(mid, priceScale)])),
    from: sums(content.from),
    atEnd: sums(content.atEnd),
    atLastFill: sums(content.atLastFill),
    lastFillAt: content.lastFillAt,
    allIn: allIn === null ? undefined : { paid: sum(allIn.paid), fees: allIn.fees },
    groups,
    reached: reachedBy(groups),
    markouts: content.markouts.map(({ paid, mid }) => ({ paid: sum(paid), mid: sum(mid) })),
    partial: content.partial,
  };
}

function restoreMark({ mid, late }: MarkContent, priceScale: number): Mark {
  return { mid2: mid === null ? 0 : countHalves(mid, priceScale), late };
}

function restoreSums(text: SumsContent, { priceScale, sizeScale }: Units): MarketSums {
  return {
    integral: countExactly(text.midMicros, priceScale + 1) / 5n,
    heldMicros: text.heldMicros,
    untrustedMicros: text.untrustedMicros,
    volumeLots: countExactly(text.volume, sizeScale),
    notional: countExactly(text.notional, priceScale + sizeScale),
    samples: countExactly(text.samples, priceScale + 1) / 5n,
    sampled: text.sampled,
  };
}

function restoreCourse({ filled, against, standsSince }: MeasureContent['error'], sizeScale: number): Course {
  return {
    filledLots: countText(filled, sizeScale),
    against:
      typeof against === 'string'
        ? countText(against, sizeScale)
        : {
            startAt: against[0],
            endAt: against[1],
            baseLots: countText(against[2], sizeScale),
            lineLots: countText(against[3], sizeScale),
          },
    standsSince,
  };
}

function lots([numerator, denominator]: readonly [string, string], sizeScale: number): Fraction {
  return Fraction.of(BigInt(numerator), BigInt(denominator)).times(powerOfTen(sizeScale)).reduced();
}
