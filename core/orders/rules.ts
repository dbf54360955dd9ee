import type { Refusal } from '../errors.js';
import { Side } from '../market/columns.js';
import type { Instrument } from '../market/instrument.js';
import type { Market } from '../market/market.js';
import type { EpochMicros } from '../time.js';
import { notionalRefusal } from './notional.js';
import { displayRefusal, participationRefusal, requoteRefusal, spreadRefusal } from './limits.js';
import { catchUpRefusal, capRefusal, readFloor, readCap, readRandomise } from './shares.js';
import type { TwapParameters } from './parameters.js';
import { readQuantity, readTarget, sideRefusal, whichRefusal, type Goal } from './goal.js';
import type { ScheduleTerms } from './schedule.js';
import { refuse, ticks } from './values.js';
import {
  combinationRefusal,
  countWindow,
  endRefusal,
  readStart,
  scheduleRefusal,
  sliceQuantityRefusal,
  slicesRefusal,
  spanRefusal,
  WINDOW_KEYS,
  windowOver,
} from './window.js';

export type Key = keyof TwapParameters;

/** What is judged: parameters, and what they come to as far as they can be counted. */
export interface Asked {
  readonly parameters: TwapParameters;
  /** Undefined for one that is not traded here. */
  readonly instrument: Instrument | undefined;
  /** Where its book can be looked at. */
  readonly market?: Market;
  /** The engine's time. */
  readonly now: EpochMicros;
  /** When it starts by itself; undefined: on command. */
  readonly startAt: EpochMicros | undefined | Refusal;
  /** When its window begins or began. */
  readonly beginsAt: EpochMicros;
  /** Undefined for a target position that has not started, and for what cannot be counted. */
  readonly goal: Goal | undefined;
}

/** One rule, and the keys that it looks at: where one of them is refused already, it has nothing to say. */
interface Rule {
  readonly keys: readonly Key[];
  readonly judge: (asked: Asked) => Refusal | undefined;
}

const plain = (
  keys: readonly Key[],
  judge: (parameters: TwapParameters, asked: Asked) => number | Refusal | undefined,
): Rule => ({ keys, judge: (asked) => refusalOf(judge(asked.parameters, asked)) });

/** A rule that needs to know how the instrument is counted. */
const counted = (
  keys: readonly Key[],
  judge: (parameters: TwapParameters, instrument: Instrument, asked: Asked) => number | Refusal | undefined,
): Rule => ({
  keys,
  judge: (asked) =>
    asked.instrument === undefined ? undefined : refusalOf(judge(asked.parameters, asked.instrument, asked)),
});

const refusalOf = (read: number | Refusal | undefined): Refusal | undefined =>
  typeof read === 'object' ? read : undefined;

/** Every rule of an order (docs/orders.md), in the order in which they are judged: a submission is told of the first. */
const RULES: readonly Rule[] = [
  plain(['side', 'targetPosition'], sideRefusal),
  plain(['quantity', 'targetPosition'], whichRefusal),
  counted(['quantity'], readQuantity),
  counted(['targetPosition'], readTarget),
  counted(['limitPrice'], readLimit),
  plain(['maxSpreadTicks'], spreadRefusal),
  counted(['maxDisplayQuantity'], displayRefusal),
  counted(['maxParticipation'], participationRefusal),
  plain(['aggressionFloor'], readFloor),
  plain(['aggressionCap'], readCap),
  plain(['aggressionFloor', 'aggressionCap'], capRefusal),
  plain(['requoteInterval'], requoteRefusal),
  plain(['randomizeSize'], (parameters) => readRandomise(parameters, 'randomizeSize')),
  plain(['randomizeTime'], (parameters) => readRandomise(parameters, 'randomizeTime')),
  plain(['catchUp', 'aggressionFloor', 'guaranteed'], catchUpRefusal),
  plain(WINDOW_KEYS, combinationRefusal),
  plain(['sliceInterval'], (parameters) => spanRefusal(parameters, 'sliceInterval')),
  plain(['duration'], (parameters) => spanRefusal(parameters, 'duration')),
  counted(['sliceQuantity'], sliceQuantityRefusal),
  plain(['slices'], slicesRefusal),
  plain(['endTime'], endRefusal),
  plain(['startTime'], (_, { startAt }) => startAt),
  plain(['endTime', 'duration', 'startTime'], (parameters, { now, beginsAt }) => windowOver(parameters, now, beginsAt)),
  counted(['quantity', 'targetPosition', 'startTime', ...WINDOW_KEYS], (parameters, instrument, { goal, beginsAt }) =>
    scheduleRefusal(countWindow(parameters, instrument), goal?.quantityLots ?? 0, beginsAt),
  ),
  counted(['side', 'quantity', 'targetPosition'], (_, __, { market, goal }) =>
    market === undefined || goal === undefined ? undefined : notionalRefusal(market, goal),
  ),
];

/**
 * Every refusal that an order meets, the first one first.
 *
 * @param touched  judge only rules that look at one of these keys; absent: all of them
 */
export function refusalsOf(asked: Asked, touched?: ReadonlySet<Key>): Refusal[] {
  const refusals: Refusal[] = [];
  const spoiled = new Set<string>();
  for (const { keys, judge } of RULES) {
    if (touched !== undefined && !keys.some((key) => touched.has(key))) continue;
    if (keys.some((key) => spoiled.has(`/${key}`))) continue;
    const refusal = judge(asked);
    if (refusal === undefined) continue;
    refusals.push(refusal);
    spoiled.add(refusal.where);
  }
  return refusals;
}

/** An order's parameters, counted: what acceptance needs to know. */
export interface OrderTerms {
  /** Undefined for a target position, until it starts. */
  readonly side: Side | undefined;
  /** 0 for a target position, until it starts. */
  readonly quantityLots: number;
  /** 0: no limit. */
  readonly limitTicks: number;
  readonly schedule: ScheduleTerms;
  /** When it starts by itself; undefined: on command. */
  readonly startAt: EpochMicros | undefined;
}

/** What a new order asks for, as the rules look at it. */
export function askedOf(
  parameters: TwapParameters,
  now: EpochMicros,
  instrument: Instrument | undefined,
  market?: Market,
): Asked {
  const startAt = readStart(parameters, now);
  return {
    parameters,
    instrument,
    ...(market === undefined ? {} : { market }),
    now,
    startAt,
    beginsAt: typeof startAt === 'number' ? startAt : now,
    goal: instrument === undefined ? undefined : goalOf(parameters, instrument),
  };
}

/** What an order by quantity is to do; undefined for a target position and for what cannot be counted. */
export function goalOf(parameters: TwapParameters, instrument: Instrument): Goal | undefined {
  const { side, targetPosition } = parameters;
  if (side === undefined || targetPosition !== undefined) return undefined;
  const quantityLots = readQuantity(parameters, instrument);
  if (typeof quantityLots !== 'number') return undefined;
  return { side: side === 'buy' ? Side.buy : Side.sell, quantityLots };
}

/** Judges a new order by every rule, and counts it at the instrument's present units. */
export function readTerms(
  parameters: TwapParameters,
  instrument: Instrument,
  now: EpochMicros,
  market?: Market,
): OrderTerms | Refusal {
  const asked = askedOf(parameters, now, instrument, market);
  return refusalsOf(asked)[0] ?? termsOf(asked, instrument);
}

/** What parameters come to that no rule refuses. */
function termsOf({ parameters, startAt, goal }: Asked, instrument: Instrument): OrderTerms {
  return {
    side: goal?.side,
    quantityLots: goal?.quantityLots ?? 0,
    limitTicks: readLimit(parameters, instrument) as number,
    schedule: countWindow(parameters, instrument),
    startAt: startAt as EpochMicros | undefined,
  };
}

/** @returns 0 for an order without a limit */
export function readLimit({ limitPrice }: TwapParameters, instrument: Instrument): number | Refusal {
  return limitPrice === undefined ? 0 : ticks(limitPrice, 'limitPrice', instrument);
}

const ORDER_ID = /^[A-Za-z0-9._-]{1,64}$/;

export function orderIdRefusal(orderId: string): Refusal | undefined {
  if (ORDER_ID.test(orderId)) return undefined;
  return refuse(
    'order_id_invalid',
    'orderId',
    `${JSON.stringify(orderId)} is no order id`,
    'use 1 to 64 of A-Z a-z 0-9 . _ -',
  );
}
