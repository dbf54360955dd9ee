import type { Json } from '../json.js';
import { Side } from '../market/columns.js';
import { formatScaled } from '../market/increments.js';
import { sizeText, type Units } from '../market/instrument.js';
import type { Market } from '../market/market.js';
import type { EpochMicros, Micros } from '../time.js';
import { Fraction, powerOfTen } from './fraction.js';
import { difference, type MarketSums } from './market-sums.js';
import { HORIZONS, type Mark, type Measure } from './measure.js';
import { halvesText, type PriceSumContent } from './price-sum.js';
import type { Rest } from './rest.js';
import type { Deviation } from './schedule-error.js';

/** What a market came to over a stretch of time, as decimal text. */
export interface Stretch {
  readonly startAt: EpochMicros;
  readonly endAt: EpochMicros;
  /** Mid x microseconds, and the microseconds with a mid. */
  readonly midMicros: string;
  readonly heldMicros: Micros;
  readonly untrustedMicros: Micros;
  readonly volume: string;
  readonly notional: string;
  /** Sum and count of the mids that were sampled. */
  readonly samples: string;
  readonly sampled: number;
}

export interface MarkContent {
  /** Null while there was none. */
  readonly mid: string | null;
  readonly late: boolean;
}

export interface MarkoutContent {
  readonly horizonMicros: Micros;
  readonly paid: PriceSumContent;
  readonly mid: PriceSumContent;
}

/** All that an order's costs are computed from, exactly, as decimal text: it needs neither a market nor a desk. */
export interface Measured {
  readonly side: 'buy' | 'sell';
  readonly kind: 'spot' | 'linear' | 'inverse';
  readonly multiplier: string;
  readonly quantity: string;
  readonly arrival: MarkContent;
  readonly start: MarkContent;
  readonly end: MarkContent;
  readonly paid: PriceSumContent;
  readonly decided: PriceSumContent;
  readonly met: PriceSumContent;
  readonly makerQuantity: string;
  readonly fees: string;
  /** From the start to the planned window's end, or to now while that is to come; null before the start. */
  readonly window: Stretch | null;
  readonly untilLastFill: Stretch | null;
  /** Whether the planned window has come to its end. */
  readonly whole: boolean;
  /** With the rest bought at the window's end; null where the book did not hold it. */
  readonly allIn: { readonly paid: PriceSumContent; readonly fees: string } | null;
  readonly markouts: readonly MarkoutContent[];
  /** |E - S| in quantity x microseconds and its greatest value in quantity, as fractions. */
  readonly scheduleError: {
    readonly area: readonly [numerator: string, denominator: string];
    readonly worst: readonly [numerator: string, denominator: string];
    readonly span: Micros;
  };
  readonly partialBook: boolean;
  readonly rulesInferred: boolean;
}

/** @param open  where a window that is not over stands now */
export function measured(
  measure: Measure,
  market: Market,
  open: { readonly at: EpochMicros; readonly sums: MarketSums; readonly allIn: Rest | undefined } | undefined,
): Measured {
  const { units, instrument, mids } = market;
  const { from, startedAt, lastFillAt, atLastFill, error } = measure;
  const to = open?.sums ?? measure.atEnd;
  const allIn = open === undefined ? measure.allIn : open.allIn;
  const endAt = open?.at ?? measure.endAt;
  return {
    side: measure.side === Side.sell ? 'sell' : 'buy',
    kind: instrument.definition.kind,
    multiplier: instrument.definition.multiplier,
    quantity: sizeText(measure.quantityLots, units),
    arrival: markContent(measure.arrival, units),
    start: markContent(measure.start, units),
    end: open === undefined ? markContent(measure.end, units) : markContent({ mid2: mids.last2, late: false }, units),
    paid: measure.paid.content(units),
    decided: measure.decided.content(units),
    met: measure.met.content(units),
    makerQuantity: sizeText(measure.makerLots, units),
    fees: measure.fees.toString(),
    window: from === undefined || to === undefined ? null : stretch(startedAt, endAt, difference(to, from), units),
    untilLastFill:
      from === undefined || atLastFill === undefined
        ? null
        : stretch(startedAt, lastFillAt, difference(atLastFill, from), units),
    whole: open === undefined && measure.atEnd !== undefined,
    allIn: allIn === undefined ? null : { paid: allIn.paid.content(units), fees: allIn.fees },
    markouts: measure.markouts.map(({ paid, mid }, i) => ({
      horizonMicros: HORIZONS[i]!,
      paid: paid.content(units),
      mid: mid.content(units),
    })),
    scheduleError: deviationContent(open === undefined ? error.asOf(error.at) : error.asOf(open.at), units),
    partialBook: measure.partial,
    rulesInferred: instrument.definition.rules === 'inferred',
  };
}

/** As it travels in an outcome. */
export const asJson = (content: Measured): Json => content as unknown as Json;

export function markContent({ mid2, late }: Mark, { priceScale }: Units): MarkContent {
  return { mid: mid2 === 0 ? null : halvesText(mid2, priceScale), late };
}

/** In whole units of the instrument, so that it does not matter how finely it was counted. */
export function deviationContent({ area, worst, span }: Deviation, { sizeScale }: Units): Measured['scheduleError'] {
  return { area: quantity(area, sizeScale), worst: quantity(worst, sizeScale), span };
}

function quantity(lots: Deviation['area'], sizeScale: number): readonly [string, string] {
  const { numerator, denominator } = lots.over(Fraction.of(powerOfTen(sizeScale))).reduced();
  return [String(numerator), String(denominator)];
}

function stretch(startAt: EpochMicros, endAt: EpochMicros, sums: MarketSums, units: Units): Stretch {
  return { startAt, endAt, ...sumsContent(sums, units) };
}

export function sumsContent(sums: MarketSums, units: Units): Omit<Stretch, 'startAt' | 'endAt'> {
  const { priceScale, sizeScale } = units;
  return {
    midMicros: halvesText(sums.integral, priceScale),
    heldMicros: sums.heldMicros,
    untrustedMicros: sums.untrustedMicros,
    volume: sizeText(sums.volumeLots, units),
    notional: formatScaled(sums.notional, priceScale + sizeScale),
    samples: halvesText(sums.samples, priceScale),
    sampled: sums.sampled,
  };
}
