import type { Json } from '../json.js';
import type { Micros } from '../time.js';
import { Fraction } from './fraction.js';
import type { MarkContent, MarkoutContent, Measured, Stretch } from './measured.js';
import { worth, type PriceSumContent } from './price-sum.js';
import { SAMPLE_INTERVAL } from './sampler.js';

/** Places to which what has no finite decimal is rounded, half-even, when it is read. */
const MONEY_PLACES = 12;
const AVERAGE_PLACES = 8;
const BPS_PLACES = 4;
const SHARE_PLACES = 8;
const BPS = Fraction.of(10_000n);
/** A participation above this says so. */
const HIGH_PARTICIPATION = Fraction.of(1n, 10n);
/** Perpetual contracts are funded at 00:00, 08:00 and 16:00 UTC. */
const FUNDING_INTERVAL: Micros = 28_800_000_000;

/** The parts of a shortfall, in the settlement currency, exactly; null where a mid is missing that they need. */
export interface ShortfallParts {
  readonly delay: Fraction | null;
  readonly timing: Fraction | null;
  readonly latency: Fraction;
  readonly spread: Fraction;
  readonly fees: Fraction;
  readonly unfilled: Fraction | null;
  /** By its own formula, not as the sum of the others. */
  readonly shortfall: Fraction | null;
}

/**
 * Splits the implementation shortfall (docs/costs.md). Each part is computed by itself; together they are the whole.
 *
 * @see Perold, A. (1988), The Implementation Shortfall: Paper versus Reality
 * @see Kissell, R. (2006), The Expanded Implementation Shortfall
 */
export function shortfallParts(of: Measured): ShortfallParts {
  return partsOf(figures(of), Fraction.parse(of.fees));
}

function partsOf(known: Figures, fees: Fraction): ShortfallParts {
  const { arrival, start, end, filled, rest, paid, decided, met, times, sign } = known;
  const slippage = arrival === null ? null : sign(paid.minus(times(filled, arrival)));
  const unfilled = arrival === null || end === null ? null : sign(times(rest, end).minus(times(rest, arrival)));
  return {
    delay: arrival === null || start === null ? null : sign(times(filled, start).minus(times(filled, arrival))),
    timing: start === null ? null : sign(decided.minus(times(filled, start))),
    latency: sign(met.minus(decided)),
    spread: sign(paid.minus(met)),
    fees,
    unfilled,
    shortfall: slippage === null || unfilled === null ? null : slippage.plus(fees).plus(unfilled),
  };
}

/**
 * What an execution cost, as reports and REST show it (docs/costs.md). Costs are positive on either side. Amounts are in the
 * settlement currency, rounded half-even to 12 places; averages to 8, basis points to 4. Null where there is none.
 */
export function costsJson(of: Measured): { readonly [key: string]: Json } {
  const known = figures(of);
  const { arrival, quantity, filled, paid, times, sign } = known;
  const parts = partsOf(known, Fraction.parse(of.fees));
  const ordered = arrival === null ? null : times(quantity, arrival).absolute();
  const inBps = (amount: Fraction | null, base: Fraction | null): string | null =>
    amount === null || base === null || base.isZero ? null : amount.times(BPS).over(base).toText(BPS_PLACES);
  /** The average against a price, in bps of it: positive is a cost. */
  const against = (price: Fraction | null): string | null => {
    if (price === null || filled.isZero) return null;
    const benchmark = times(filled, price);
    return inBps(sign(paid.minus(benchmark)), benchmark.absolute());
  };
  const amounts = ['shortfall', 'delay', 'timing', 'latency', 'spread', 'fees', 'unfilled'] as const;
  const { window, untilLastFill, scheduleError } = of;
  const share = participation(of);
  const overQuantity = ([numerator, denominator]: readonly [string, string], span: Micros): string | null =>
    span === 0 || quantity.isZero
      ? null
      : Fraction.of(BigInt(numerator), BigInt(denominator) * BigInt(span))
          .over(quantity)
          .toText(SHARE_PLACES);
  return {
    arrivalPrice: midText(of.arrival),
    startPrice: midText(of.start),
    endPrice: midText(of.end),
    slippageBps: against(arrival),
    ...Object.fromEntries(amounts.map((part) => [part, parts[part]?.toText(MONEY_PLACES) ?? null])),
    ...Object.fromEntries(amounts.map((part) => [`${part}Bps`, inBps(parts[part], ordered)])),
    costAllIn: inBps(allIn(of, known), ordered),
    ...benchmarks(window, against),
    untilLastFill: untilLastFill === null ? null : benchmarks(untilLastFill, against),
    makerShare: filled.isZero ? null : Fraction.parse(of.makerQuantity).over(filled).toText(SHARE_PLACES),
    participation: share?.toText(SHARE_PLACES) ?? null,
    scheduleErrorMean: overQuantity(scheduleError.area, scheduleError.span),
    scheduleErrorWorst: scheduleError.span === 0 ? null : overQuantity(scheduleError.worst, 1),
    markouts: Object.fromEntries(
      of.markouts.map((markout) => [`${markout.horizonMicros / 1_000_000}s`, markoutBps(of, markout)]),
    ),
    untrustedSeconds: window === null ? null : seconds(window.untrustedMicros),
    completion: quantity.isZero ? null : filled.over(quantity).toText(SHARE_PLACES),
    flags: flags(of, share),
  };
}

/** An order's figures as fractions; null where there was no mid. */
interface Figures {
  readonly arrival: Fraction | null;
  readonly start: Fraction | null;
  readonly end: Fraction | null;
  readonly quantity: Fraction;
  readonly filled: Fraction;
  readonly rest: Fraction;
  readonly paid: Fraction;
  readonly decided: Fraction;
  readonly met: Fraction;
  /** What a quantity is worth at a price, in the settlement currency. */
  readonly times: (quantity: Fraction, price: Fraction) => Fraction;
  /** An amount as a cost: what a buyer pays more, a seller gets less. */
  readonly sign: (amount: Fraction) => Fraction;
}

/** For an inverse contract a price p is worth -1/p, so that a higher one is dearer there, too. */
function figures(of: Measured): Figures {
  const multiplier = Fraction.parse(of.multiplier);
  const inverse = 'prices' in of.paid;
  const amount = (sum: PriceSumContent): Fraction => worth(sum).times(multiplier);
  const quantity = Fraction.parse(of.quantity);
  const filled = Fraction.parse(of.paid.quantity);
  return {
    arrival: price(of.arrival),
    start: price(of.start),
    end: price(of.end),
    quantity,
    filled,
    rest: quantity.minus(filled),
    paid: amount(of.paid),
    decided: amount(of.decided),
    met: amount(of.met),
    times: (lots, at) => (inverse ? lots.over(at).negated() : lots.times(at)).times(multiplier),
    sign: (cost) => (of.side === 'sell' ? cost.negated() : cost),
  };
}

const price = ({ mid }: MarkContent): Fraction | null => (mid === null ? null : Fraction.parse(mid));
const midText = (mark: MarkContent): string | null => price(mark)?.toText(AVERAGE_PLACES) ?? null;
const seconds = (micros: Micros): string => Fraction.of(micros, 1_000_000).toText(6);

/** The shortfall with the rest bought at the window's end, in money. */
function allIn(of: Measured, { arrival, quantity, times, sign }: Figures): Fraction | null {
  if (of.allIn === null || arrival === null) return null;
  const spent = worth(of.allIn.paid).times(Fraction.parse(of.multiplier));
  return sign(spent.minus(times(quantity, arrival))).plus(Fraction.parse(of.allIn.fees));
}

/** Averages of the market over a stretch of time, and the order's average against each of them. */
function benchmarks(
  stretch: Stretch | null,
  against: (price: Fraction | null) => string | null,
): { readonly [key: string]: string | null } {
  const average = (sum: string, count: string | number): Fraction | null => {
    const divisor = Fraction.parse(String(count));
    return divisor.isZero ? null : Fraction.parse(sum).over(divisor);
  };
  const prices = {
    twapPrice: stretch === null ? null : average(stretch.samples, stretch.sampled),
    midTimeWeighted: stretch === null ? null : average(stretch.midMicros, stretch.heldMicros),
    vwap: stretch === null ? null : average(stretch.notional, stretch.volume),
  };
  const entries = Object.entries(prices);
  return Object.fromEntries([
    ...entries.map(([name, value]) => [name, value?.toText(AVERAGE_PLACES) ?? null]),
    ...entries.map(([name, value]) => [`${name}Bps`, against(value)]),
  ]) as { readonly [key: string]: string | null };
}

/** Filled over the market's volume in the same window: from the start to the window's end, or to a fill that came later. */
function participation({ window, untilLastFill, paid }: Measured): Fraction | null {
  if (window === null) return null;
  const { volume } = untilLastFill !== null && untilLastFill.endAt > window.endAt ? untilLastFill : window;
  const market = Fraction.parse(volume);
  return market.isZero ? null : Fraction.parse(paid.quantity).over(market);
}

/** What the fills would have saved, had they waited: s (p - mid after them) in bps of p. */
function markoutBps(of: Measured, { paid, mid }: MarkoutContent): string | null {
  const spent = worth(paid);
  if (spent.isZero) return null;
  const cost = spent.minus(worth(mid));
  const signed = of.side === 'sell' ? cost.negated() : cost;
  return signed.times(BPS).over(spent.absolute()).toText(BPS_PLACES);
}

/** What a reader must know about the figures; stable words. */
function flags(of: Measured, share: Fraction | null): string[] {
  const { window } = of;
  const expected =
    window === null ? 0 : Math.floor((window.endAt - window.startAt + SAMPLE_INTERVAL - 1) / SAMPLE_INTERVAL);
  const said: readonly (readonly [flag: string, holds: boolean])[] = [
    ['arrival_late', of.arrival.late],
    ['start_late', of.start.late],
    ['end_late', of.end.late],
    ['window_cut', window !== null && !of.whole],
    ['untrusted_during', window !== null && window.untrustedMicros > 0],
    ['samples_missing', window !== null && window.sampled < expected],
    ['incomplete', window !== null && of.allIn === null],
    ['partial_book', of.partialBook],
    ['rules_inferred', of.rulesInferred],
    ['participation_high', share?.isAbove(HIGH_PARTICIPATION) === true],
    ['funding_not_simulated', of.kind !== 'spot' && window !== null && isFunded(window)],
  ];
  return said.filter(([, holds]) => holds).map(([flag]) => flag);
}

function isFunded({ startAt, endAt }: Stretch): boolean {
  return Math.floor(endAt / FUNDING_INTERVAL) > Math.floor(startAt / FUNDING_INTERVAL);
}
