import type { ParameterSet } from '../../adapters/requests/grid-file.js';
import type { Refusal } from '../../core/errors.js';
import type { Instrument } from '../../core/market/instrument.js';
import type { TwapParameters } from '../../core/orders/parameters.js';
import { askedOf, goalOf, refusalsOf } from '../../core/orders/rules.js';
import { layOut } from '../../core/orders/schedule.js';
import { countWindow } from '../../core/orders/window.js';
import { parseDuration, type EpochMicros, type Micros } from '../../core/time.js';

/** When a set's window begins and ends, counted from when its order is accepted. */
export interface SetWindow {
  /** From acceptance to the start. */
  readonly delay: Micros;
  /** Undefined where the order names its end. */
  readonly length: Micros | undefined;
  readonly endAt: EpochMicros | undefined;
}

/** What depends on when an order comes in is no matter of its set. */
const OF_THE_START: ReadonlySet<string> = new Set(['window_over', 'end_time_too_far']);

/** Why no order of this set would be accepted, by the rules of the door; undefined for one that would. */
export function setRefusal(set: ParameterSet, instrument: Instrument, now: EpochMicros): Refusal | undefined {
  const { quantity } = set;
  const isShare = typeof quantity === 'string' && quantity.endsWith('%');
  const parameters = asOrder(isShare ? { ...set, quantity: leastQuantity(instrument) } : set);
  const refusal = refusalsOf(askedOf(parameters, now, instrument)).find(({ code }) => !OF_THE_START.has(code));
  if (refusal !== undefined) return refusal;
  if (!isShare) return undefined;
  if (instrument.definition.noTrades === true)
    return {
      code: 'no_trade_feed',
      where: '/quantity',
      what: `${quantity} of the volume of ${instrument.definition.instrument}, whose source has no trades`,
      mend: 'name an absolute quantity',
    };
  if (set.duration !== undefined || set.endTime !== undefined) return undefined;
  return {
    code: 'share_without_window',
    where: '/quantity',
    what: `${quantity} of the volume in a span as long as the window, and the window follows from the quantity`,
    mend: 'send duration beside it',
  };
}

/** A set as an order; its quantity is no share. */
export const asOrder = (set: ParameterSet): TwapParameters => set as unknown as TwapParameters;

function leastQuantity({ definition }: Instrument): string {
  return definition.minQuantity === '0' ? definition.lotSize : definition.minQuantity;
}

/** The window of a set that no rule refuses. */
export function setWindow(set: ParameterSet, instrument: Instrument): SetWindow {
  const order = asOrder(set);
  const terms = countWindow(order, instrument);
  const delay = order.startTime === undefined ? 0 : (parseDuration(order.startTime.slice(1)) ?? 0);
  if (terms.endAt !== undefined || terms.duration !== undefined)
    return { delay, length: terms.duration, endAt: terms.endAt };
  const { lotLots, minQuantityLots } = instrument;
  const { endAt } = layOut(terms, goalOf(order, instrument)?.quantityLots ?? 0, 0, lotLots, minQuantityLots);
  return { delay, length: endAt, endAt: undefined };
}

/** When the window of an order that comes in at `at` ends. */
export const windowEnd = ({ delay, length, endAt }: SetWindow, at: EpochMicros): EpochMicros =>
  endAt ?? at + delay + (length ?? 0);
