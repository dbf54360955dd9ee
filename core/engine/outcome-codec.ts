import type { Json } from '../json.js';
import { priceText, sizeText, type Units } from '../market/instrument.js';
import type { Lots } from '../market/lots.js';
import { invariant } from '../errors.js';
import { asJson } from '../measures/measured.js';
import { countHalves, halvesText } from '../measures/price-sum.js';
import type { AnyOutcome, Concluded, PlanData } from '../orders/outcomes.js';
import type { LogEvent } from '../ports.js';
import { countLots, countText } from './market-content.js';

/** Version of every outcome's shape that this engine writes. */
const VERSION = 1;

/** An outcome as it stands in the log: ticks and lots become plain decimal text. The only place where they do. */
export function encodeOutcome(concluded: Concluded): LogEvent {
  const { outcome, n, at, cause, units } = concluded;
  return { type: outcome.type, version: VERSION, at, n, cause, data: encodeData(outcome, units) };
}

/** The frequent ones are written key by key, in the order of canonical JSON: a spread costs more than all else here. */
function encodeData(outcome: AnyOutcome, units: Units | undefined): Json {
  const size = (lots: Lots): string => sizeText(lots, known(units));
  const price = (ticks: number): string => priceText(ticks, known(units));
  switch (outcome.type) {
    case 'OrderAccepted': {
      const { quantityLots, limitTicks: _, parameters, ...rest } = outcome.data;
      return { ...rest, parameters: { ...parameters }, quantity: size(quantityLots) };
    }
    case 'OrderRefused': {
      const { parameters, refusal, ...rest } = outcome.data;
      return { ...rest, parameters: { ...parameters }, refusal: { ...refusal } };
    }
    case 'OrderAmended': {
      const { quantityLots, limitTicks: _, parameters, plan, ...rest } = outcome.data;
      return {
        ...rest,
        parameters: { ...parameters },
        quantity: size(quantityLots),
        ...(plan === undefined ? {} : { plan: encodePlan(plan, size) }),
      };
    }
    case 'OrderStarted': {
      const { plan, target, ...rest } = outcome.data;
      return {
        ...rest,
        ...(target === undefined ? {} : { target: { side: target.side, quantity: size(target.quantityLots) } }),
        plan: encodePlan(plan, size),
      };
    }
    case 'OrderResumed':
      return { orderId: outcome.data.orderId, plan: encodePlan(outcome.data.plan, size) };
    case 'SliceReleased': {
      const { dueAt, orderId, lots, slice } = outcome.data;
      return { dueAt, orderId, quantity: size(lots), slice };
    }
    case 'SliceSkipped':
    case 'TakeSkipped':
    case 'QuoteSkipped':
    case 'ChildRejected': {
      const { lots, ...rest } = outcome.data;
      return { ...rest, quantity: size(lots) };
    }
    case 'ChildCancelled': {
      const { childId, orderId, lots, reason } = outcome.data;
      return { childId, orderId, quantity: size(lots), reason };
    }
    case 'ChildPlaced': {
      const { arrivesAt, childId, limitTicks, orderId, lots, reportAt, slice, style } = outcome.data;
      const limitPrice = price(limitTicks);
      return { arrivesAt, childId, limitPrice, orderId, quantity: size(lots), reportAt, slice, style };
    }
    case 'ChildRested': {
      const { aheadLots, childId, orderId, priceTicks, lots } = outcome.data;
      const where = { childId, orderId, price: price(priceTicks), quantity: size(lots) };
      return aheadLots === undefined ? where : { ahead: size(aheadLots), ...where };
    }
    case 'ChildFilled': {
      const { aheadLots, childId, displayedLots, fee, feeCurrency, liquidity, metTicks, orderId } = outcome.data;
      const { priceTicks, lots, mid2, rule } = outcome.data;
      const data: Record<string, Json> = {};
      if (aheadLots !== undefined) data['ahead'] = size(aheadLots);
      data['childId'] = childId;
      data['displayed'] = size(displayedLots);
      data['fee'] = fee;
      data['feeCurrency'] = feeCurrency;
      data['liquidity'] = liquidity;
      if (metTicks !== undefined) data['metPrice'] = price(metTicks);
      if (mid2 !== undefined) data['mid'] = halvesText(mid2, known(units).priceScale);
      data['orderId'] = orderId;
      data['price'] = price(priceTicks);
      data['quantity'] = size(lots);
      data['rule'] = rule;
      return data;
    }
    case 'ChildPullRequested': {
      const { childId, effectiveAt, keepLots, orderId, reason } = outcome.data;
      return { childId, effectiveAt, keep: size(keepLots), orderId, reason };
    }
    case 'ChildReduced': {
      const { lots, leavesLots, ...rest } = outcome.data;
      return { ...rest, quantity: size(lots), leaves: size(leavesLots) };
    }
    case 'ChildReported': {
      const { childId, filledLots, leavesLots, orderId, working } = outcome.data;
      const report = { childId, filled: size(filledLots), leaves: size(leavesLots), orderId };
      return working === undefined ? report : { ...report, working };
    }
    case 'AggressionEntered': {
      const { executedLots, capLots, ...rest } = outcome.data;
      return { ...rest, executed: size(executedLots), cap: size(capLots) };
    }
    case 'OrderMeasured':
      return { orderId: outcome.data.orderId, measured: asJson(outcome.data.measured) };
    case 'CommandRefused':
      return { ...outcome.data, refusal: { ...outcome.data.refusal } };
    default:
      return { ...outcome.data };
  }
}

/** Slice sizes repeat: they are written as runs, [size, how many times in a row]. */
function encodePlan(plan: PlanData, size: (lots: number) => string): Json {
  const runs: [string, number][] = [];
  for (const lots of plan.sliceLots) {
    const text = size(lots);
    const last = runs.at(-1);
    if (last?.[0] === text) last[1]++;
    else runs.push([text, 1]);
  }
  const { carried, cadence } = plan;
  const { numerator, denominator } = cadence;
  return {
    startAt: plan.startAt,
    endAt: plan.endAt,
    interval: [String(numerator), String(denominator)],
    ...(plan.shifts === undefined ? {} : { shifts: plan.shifts }),
    firstSlice: plan.firstSlice,
    slices: runs,
    ...(carried === undefined
      ? {}
      : {
          carried: {
            next: carried.next,
            line: [size(carried.baseLots), size(carried.lineLots)],
            target: size(carried.targetLots),
          },
        }),
  };
}

function known(units: Units | undefined): Units {
  invariant(units !== undefined, 'an outcome with quantities knows its units');
  return units;
}

/** An outcome as it stands in a log, with its stream and its place there. */
export type StoredOutcome = LogEvent & { readonly stream: string; readonly revision: number };

/**
 * An outcome out of the log again: text becomes ticks and lots at `units`.
 *
 * @param units  of the order's instrument; absent for outcomes that carry no quantities
 * @throws {InvariantViolation} for a type or a shape that this version does not know; the reading seam refuses it earlier
 */
export function decodeOutcome(event: StoredOutcome, units: Units | undefined): Concluded {
  const { stream, revision, n = 0, at, cause = 0, type, version } = event;
  const isKnown = KNOWN.has(type) && version === VERSION;
  invariant(isKnown, `stored outcome ${n} is ${type} version ${version}, which this version does not know`);
  const data = event.data as unknown as Fields;
  const decoded = { ...data, ...(units === undefined ? {} : counted(type, data, units)) };
  return { stream, revision, n, at, cause, outcome: { type, data: decoded } as unknown as AnyOutcome };
}

type Fields = Readonly<Record<string, unknown>>;

const KNOWN: ReadonlySet<string> = new Set<AnyOutcome['type']>([
  'OrderAccepted',
  'OrderRefused',
  'OrderStarted',
  'SliceReleased',
  'SliceSkipped',
  'ChildPlaced',
  'ChildRested',
  'ChildRejected',
  'ChildFilled',
  'ChildPullRequested',
  'ChildReduced',
  'ChildCancelled',
  'ChildReported',
  'AggressionEntered',
  'AggressionLeft',
  'TakeSkipped',
  'QuoteSkipped',
  'OrderAmended',
  'OrderPaused',
  'OrderResumed',
  'OrderStopped',
  'OrderCompleted',
  'OrderCancelled',
  'OrderMeasured',
  'CommandRefused',
  'DeskHalted',
  'TrustLost',
  'TrustRegained',
  'InputLate',
]);

function counted(type: string, data: Fields, { priceScale, sizeScale }: Units): object {
  const size = (key: string): number => countText(data[key] as string, sizeScale);
  const lots = (key: string): Lots => countLots(data[key] as string, sizeScale);
  const price = (key: string): number => countText(data[key] as string, priceScale);
  const plan = data['plan'] as PlanText | undefined;
  const planned = plan === undefined ? {} : { plan: decodePlan(plan, sizeScale) };
  switch (type) {
    case 'OrderAccepted':
    case 'OrderAmended': {
      const { limitPrice } = data['parameters'] as { limitPrice?: string };
      const limitTicks = limitPrice === undefined ? 0 : countText(limitPrice, priceScale);
      return { quantityLots: size('quantity'), limitTicks, ...planned };
    }
    case 'OrderStarted': {
      const target = data['target'] as { side: 'buy' | 'sell'; quantity: string } | undefined;
      if (target === undefined) return planned;
      return { ...planned, target: { side: target.side, quantityLots: countText(target.quantity, sizeScale) } };
    }
    case 'OrderResumed':
      return planned;
    case 'SliceReleased':
    case 'SliceSkipped':
    case 'TakeSkipped':
    case 'QuoteSkipped':
    case 'ChildRejected':
    case 'ChildCancelled':
      return { lots: size('quantity') };
    case 'ChildPlaced':
      // until 0.1.0 every child was a take
      return { style: data['style'] ?? 'take', lots: size('quantity'), limitTicks: price('limitPrice') };
    case 'ChildRested':
      return {
        lots: size('quantity'),
        priceTicks: price('price'),
        ...(data['ahead'] === undefined ? {} : { aheadLots: lots('ahead') }),
      };
    case 'ChildFilled':
      return {
        lots: size('quantity'),
        priceTicks: price('price'),
        displayedLots: lots('displayed'),
        ...(data['metPrice'] === undefined ? {} : { metTicks: price('metPrice') }),
        ...(data['ahead'] === undefined ? {} : { aheadLots: lots('ahead') }),
        ...(data['mid'] === undefined ? {} : { mid2: countHalves(data['mid'] as string, priceScale) }),
      };
    case 'ChildPullRequested':
      return { keepLots: size('keep') };
    case 'ChildReduced':
      return { lots: size('quantity'), leavesLots: size('leaves') };
    case 'ChildReported':
      return { filledLots: size('filled'), leavesLots: size('leaves') };
    case 'AggressionEntered':
      return { executedLots: size('executed'), capLots: size('cap') };
    default:
      return {};
  }
}

interface PlanText {
  readonly startAt: number;
  readonly endAt: number;
  readonly interval: readonly [string, string];
  readonly shifts?: readonly number[];
  readonly firstSlice: number;
  readonly slices: readonly (readonly [string, number])[];
  readonly carried?: { readonly next: number; readonly line: readonly [string, string]; readonly target: string };
}

function decodePlan(text: PlanText, sizeScale: number): PlanData {
  const { startAt, endAt, interval, shifts, firstSlice, slices, carried } = text;
  const lots = (size: string): number => countText(size, sizeScale);
  return {
    startAt,
    endAt,
    cadence: { numerator: BigInt(interval[0]), denominator: BigInt(interval[1]) },
    ...(shifts === undefined ? {} : { shifts }),
    firstSlice,
    sliceLots: slices.flatMap(([size, times]) => Array<number>(times).fill(lots(size))),
    ...(carried === undefined
      ? {}
      : {
          carried: {
            next: carried.next,
            baseLots: lots(carried.line[0]),
            lineLots: lots(carried.line[1]),
            targetLots: lots(carried.target),
          },
        }),
  };
}
