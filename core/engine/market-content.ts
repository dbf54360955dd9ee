import { invariant } from '../errors.js';
import type { Json } from '../json.js';
import type { InstrumentDefinition } from '../market/events.js';
import { formatScaled, parseScaled, rescaled, rescaledSize } from '../market/increments.js';
import { priceText, sizeText, type Units } from '../market/instrument.js';
import { narrowed, type Lots } from '../market/lots.js';
import { Market, type MarketCounts } from '../market/market.js';
import type { MidSumsContent } from '../market/mid-sums.js';
import { countExactly, countHalves, halvesText } from '../measures/price-sum.js';
import type { Trust } from '../market/trust.js';

/** A market in a checkpoint, its levels apart: they stand on lines of their own. */
export interface MarketContent {
  readonly definition: InstrumentDefinition;
  readonly trust: Trust;
  readonly reason: string;
  readonly crossedSince: number;
  readonly crossedOut: boolean;
  readonly venueAt: number;
  readonly venueTimed: boolean;
  readonly bookVenueAt: number;
  readonly previousBookVenueAt: number;
  readonly venueSeq: number;
  readonly bookAt: number;
  readonly counts: MarketCounts;
  readonly mids: Readonly<Record<'mid' | 'last' | 'midMicros', string>> &
    Omit<MidSumsContent, 'mid2' | 'last2' | 'integral'>;
  readonly tape: Readonly<Record<'volume' | 'notional' | 'first' | 'last' | 'high' | 'low', string>> & {
    readonly count: number;
  };
}

export function marketContent(market: Market): Json {
  const { tape, units, instrument } = market;
  const { mid2, last2, integral, ...mids } = market.mids.content();
  const halves = (count: number | bigint): string => halvesText(count, units.priceScale);
  return {
    definition: { ...instrument.definition } as unknown as Json,
    trust: market.trust,
    reason: market.reason,
    crossedSince: market.crossedSince,
    crossedOut: market.crossedOut,
    venueAt: market.venueAt,
    venueTimed: market.venueTimed,
    bookVenueAt: market.bookVenueAt,
    previousBookVenueAt: market.previousBookVenueAt,
    venueSeq: market.venueSeq,
    bookAt: market.bookAt,
    counts: { ...market.counts },
    mids: { ...mids, mid: halves(mid2), last: halves(last2), midMicros: halves(integral) },
    tape: {
      count: tape.count,
      volume: sizeText(tape.volumeLots, units),
      notional: formatScaled(tape.notional, units.priceScale + units.sizeScale),
      first: priceText(tape.first, units),
      last: priceText(tape.last, units),
      high: priceText(tape.high, units),
      low: priceText(tape.low, units),
    },
  };
}

export function restoreMarket(content: MarketContent, units: Units): Market {
  const market = new Market(content.definition);
  market.refine(units.priceScale, units.sizeScale);
  market.trust = content.trust;
  market.reason = content.reason;
  market.crossedSince = content.crossedSince;
  market.crossedOut = content.crossedOut;
  market.venueAt = content.venueAt;
  market.venueTimed = content.venueTimed;
  market.bookVenueAt = content.bookVenueAt;
  market.previousBookVenueAt = content.previousBookVenueAt;
  market.venueSeq = content.venueSeq;
  market.bookAt = content.bookAt;
  Object.assign(market.counts, content.counts);
  const { tape } = market;
  const { priceScale, sizeScale } = market.units;
  const { mid, last, midMicros, ...mids } = content.mids;
  market.mids.restore({
    ...mids,
    mid2: countHalves(mid, priceScale),
    last2: countHalves(last, priceScale),
    integral: countExactly(midMicros, priceScale + 1) / 5n,
  });
  tape.count = content.tape.count;
  tape.volumeLots = countBig(content.tape.volume, sizeScale);
  tape.notional = countBig(content.tape.notional, priceScale + sizeScale);
  tape.first = countText(content.tape.first, priceScale);
  tape.last = countText(content.tape.last, priceScale);
  tape.high = countText(content.tape.high, priceScale);
  tape.low = countText(content.tape.low, priceScale);
  return market;
}

/** Counts decimal text at a scale that is fine enough for it. */
export function countText(text: string, scale: number): number {
  const value = parseScaled(text);
  const mantissa = value === undefined || value.scale > scale ? undefined : rescaled(value, scale);
  invariant(mantissa !== undefined, `${text} in a checkpoint cannot be counted at ${scale} places`);
  return mantissa;
}

/** The same of a displayed size. */
export function countSize(text: string, scale: number): number {
  const value = parseScaled(text);
  const lots = value === undefined ? undefined : rescaledSize(value, scale);
  invariant(lots !== undefined, `${text} in a checkpoint cannot be counted at ${scale} places`);
  return lots;
}

/** The same of what a desk reckons with. */
export function countLots(text: string, scale: number): Lots {
  const point = text.indexOf('.');
  invariant(point < 0 || text.length - point - 1 <= scale, `${text} cannot be counted at ${scale} places`);
  return narrowed(countExactly(text, scale));
}

/** The same beyond the safe integers. */
export const countBig = countExactly;
