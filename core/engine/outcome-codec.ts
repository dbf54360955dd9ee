import type { Json } from '../json.js';
import { priceText, sizeText, type Units } from '../market/instrument.js';
import { invariant } from '../errors.js';
import type { AnyOutcome, Concluded, PlanData } from '../orders/outcomes.js';
import type { LogEvent } from '../ports.js';

/** Version of every outcome's shape that this engine writes. */
const VERSION = 1;

/** An outcome as it stands in the log: ticks and lots become plain decimal text. The only place where they do. */
export function encodeOutcome(concluded: Concluded): LogEvent {
  const { outcome, n, at, cause, units } = concluded;
  return { type: outcome.type, version: VERSION, at, n, cause, data: encodeData(outcome, units) };
}

function encodeData(outcome: AnyOutcome, units: Units | undefined): Json {
  const size = (lots: number): string => sizeText(lots, known(units));
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
    case 'OrderStarted':
    case 'OrderResumed':
      return { orderId: outcome.data.orderId, plan: encodePlan(outcome.data.plan, size) };
    case 'SliceReleased':
    case 'SliceSkipped': {
      const { lots, ...rest } = outcome.data;
      return { ...rest, quantity: size(lots) };
    }
    case 'ChildPlaced': {
      const { lots, limitTicks, ...rest } = outcome.data;
      return { ...rest, quantity: size(lots), limitPrice: price(limitTicks) };
    }
    case 'ChildFilled': {
      const { lots, priceTicks, displayedLots, ...rest } = outcome.data;
      return { ...rest, quantity: size(lots), price: price(priceTicks), displayed: size(displayedLots) };
    }
    case 'ChildCancelled': {
      const { lots, ...rest } = outcome.data;
      return { ...rest, quantity: size(lots) };
    }
    case 'ChildReported': {
      const { filledLots, leavesLots, ...rest } = outcome.data;
      return { ...rest, filled: size(filledLots), leaves: size(leavesLots) };
    }
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
  const { numerator, denominator } = plan.cadence;
  return {
    startAt: plan.startAt,
    endAt: plan.endAt,
    interval: [String(numerator), String(denominator)],
    firstSlice: plan.firstSlice,
    slices: runs,
  };
}

function known(units: Units | undefined): Units {
  invariant(units !== undefined, 'an outcome with quantities knows its units');
  return units;
}
