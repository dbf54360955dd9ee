import { Decimal } from '../../decimal.js';
import type { EpochMicros } from '../../time.js';
import type { PullReason } from '../outcomes.js';
import type { TwapParameters } from '../parameters.js';
import type { Explanation, ExplanationKind } from './explanation.js';
import type { OutcomeData, Told, PlanText } from './texts.js';
import type { Circumstances } from './reasons.js';
import { quantityIn, timeOn } from './words.js';

/** An explanation while it is being written: later outcomes may still belong to it. */
export type Draft = { -readonly [Key in keyof Explanation]: Explanation[Key] } & { outcomes: number[] };

/** What is known of a child while its story is told. */
export interface ToldChild {
  readonly placed: OutcomeData['ChildPlaced'];
  readonly takes: boolean;
  readonly placedAt: EpochMicros;
  /** The entry that its next answer belongs to. */
  entry: Draft;
  /** Of a take: why it was decided, and its fills so far. */
  readonly purpose: string;
  readonly fills: OutcomeData['ChildFilled'][];
  /** Of a quote: the last pull that was asked for. */
  pull?: { readonly reason: PullReason; readonly entry: Draft; answered: boolean };
  /** Neither filled nor given up at the venue. */
  open: Decimal;
}

/** Quotes that moved, one after the other, as one entry. */
export interface Moves {
  readonly entry: Draft;
  readonly from: string;
  readonly firstAt: EpochMicros;
  lastAt: EpochMicros;
  /** Price of the last quote that was sent. */
  to: string;
  /** Pulled, and not sent again yet. */
  pulled: boolean;
  ahead?: string;
}

/** How far the telling of an order's history has come. */
export interface Telling {
  readonly entries: Draft[];
  readonly unit: string;
  readonly children: Map<string, ToldChild>;
  parameters: TwapParameters;
  /** Of a target position it is known when the order starts. */
  side: 'buy' | 'sell' | undefined;
  /** The order's first instant: times of its day are told without the date. */
  firstAt: EpochMicros;
  quantity: Decimal;
  /** Filled at the venue; and filled as the planner knows it. */
  filled: Decimal;
  reported: Decimal;
  /** R, what may be executed by now. */
  target: Decimal;
  lastSlice: number;
  endAt: EpochMicros;
  aggressive: boolean;
  moves?: Moves;
}

export function newTelling(unit: string): Telling {
  const zero = new Decimal(0);
  return {
    entries: [],
    unit,
    children: new Map(),
    parameters: { instrument: '', account: '' },
    side: undefined,
    firstAt: 0,
    quantity: zero,
    filled: zero,
    reported: zero,
    target: zero,
    lastSlice: 0,
    endAt: Infinity,
    aggressive: false,
  };
}

/** Begins an entry with an outcome. */
export function tell(
  telling: Telling,
  event: Pick<Told, 'at' | 'n' | 'cause'>,
  kind: ExplanationKind,
  text: string,
  more: Pick<Explanation, 'rule' | 'reason'> = {},
): Draft {
  const { at, n, cause = 0 } = event;
  const entry: Draft = { at, ...(n === undefined ? {} : { n }), cause, kind, text, ...more, outcomes: [] };
  if (n !== undefined) entry.outcomes.push(n);
  telling.entries.push(entry);
  return entry;
}

/** An outcome that belongs to an entry which has begun. */
export function join(entry: Draft, { n }: Pick<Told, 'n'>): void {
  if (n !== undefined) entry.outcomes.push(n);
}

export const quantity = ({ unit }: Telling, of: string | Decimal): string => quantityIn(unit, of);
export const time = ({ firstAt }: Telling, at: EpochMicros): string => timeOn(firstAt, at);

/** What the sentence of a reason may need. */
export const circumstances = (
  { parameters, side }: Telling,
  more: Pick<Circumstances, 'detail' | 'limitPrice'> = {},
): Circumstances => ({ parameters, side, ...more });

/** What counts as executed: filled as far as reported, and takes in flight. */
export function executed({ reported, children }: Telling): Decimal {
  let sum = reported;
  for (const { takes, placed } of children.values()) if (takes) sum = sum.add(placed.quantity);
  return sum;
}

/** A plan comes into force. */
export function follow(telling: Telling, plan: PlanText): void {
  telling.target = plan.carried === undefined ? executed(telling) : new Decimal(plan.carried.target);
  telling.lastSlice = plan.firstSlice - 1 + plan.slices.reduce((sum, [, times]) => sum + times, 0);
  telling.endAt = plan.endAt;
}
