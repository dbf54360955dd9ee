import type { Refusal } from '../../errors.js';
import type { Json } from '../../json.js';
import type { LogEvent } from '../../ports.js';
import type { EpochMicros } from '../../time.js';
import type { Changes } from '../amendment.js';
import type { Command } from '../commands.js';
import type { FillRule } from '../../desk/fill-rule.js';
import type { DeskOutcome, OrderOutcome, PullReason, SkipReason } from '../outcomes.js';
import type { TwapParameters } from '../parameters.js';

/** A plan as it stands in the log; slices are runs of [size, how many times in a row]. */
export interface PlanText {
  readonly startAt: EpochMicros;
  readonly endAt: EpochMicros;
  /** Microseconds, as a fraction. */
  readonly interval: readonly [numerator: string, denominator: string];
  readonly firstSlice: number;
  readonly slices: readonly (readonly [size: string, times: number])[];
  readonly carried?: { readonly target: string };
}

interface OfChild {
  readonly childId: string;
}
interface Held {
  readonly quantity: string;
  readonly reason: SkipReason;
  readonly detail?: string;
}

/** The data of an order's outcomes as they stand in the log: decimals are text (engine/outcome-codec.ts writes them). */
export interface OutcomeData {
  OrderAccepted: {
    readonly parameters: TwapParameters;
    readonly quantity: string;
    readonly startAt?: EpochMicros;
    readonly actor?: string;
  };
  OrderRefused: { readonly parameters: TwapParameters; readonly refusal: Refusal; readonly actor?: string };
  OrderStarted: {
    readonly plan: PlanText;
    readonly target?: { readonly side: 'buy' | 'sell'; readonly quantity: string };
  };
  SliceReleased: { readonly slice: number; readonly dueAt: EpochMicros; readonly quantity: string };
  SliceSkipped: Held & { readonly slice: number; readonly dueAt: EpochMicros };
  ChildPlaced: OfChild & {
    /** Absent in the logs of 0.1.0, in which every child was a take. */
    readonly style?: 'take' | 'quote';
    readonly slice: number;
    readonly quantity: string;
    readonly limitPrice: string;
    readonly arrivesAt: EpochMicros;
  };
  ChildRested: OfChild & { readonly price: string; readonly quantity: string; readonly ahead?: string };
  ChildRejected: OfChild & { readonly quantity: string; readonly reason: SkipReason };
  ChildFilled: OfChild & {
    readonly quantity: string;
    readonly price: string;
    readonly displayed: string;
    readonly metPrice?: string;
    readonly ahead?: string;
    readonly liquidity: 'maker' | 'taker';
    readonly rule: FillRule;
    readonly fee: string;
    readonly feeCurrency: string;
  };
  ChildPullRequested: OfChild & {
    readonly keep: string;
    readonly reason: PullReason;
    readonly effectiveAt: EpochMicros;
  };
  ChildReduced: OfChild & { readonly quantity: string; readonly leaves: string };
  ChildCancelled: OfChild & { readonly quantity: string; readonly reason: SkipReason | PullReason };
  ChildReported: OfChild & { readonly filled: string; readonly leaves: string; readonly working?: true };
  AggressionEntered: { readonly executed: string; readonly cap: string };
  AggressionLeft: object;
  TakeSkipped: Held;
  QuoteSkipped: Held;
  OrderAmended: { readonly parameters: TwapParameters; readonly quantity: string; readonly plan?: PlanText };
  OrderPaused: object;
  OrderResumed: { readonly plan: PlanText };
  OrderStopped: object;
  OrderCompleted: { readonly reason: 'filled' | 'window_over' };
  OrderCancelled: object;
  OrderMeasured: object;
  CommandRefused: Extract<DeskOutcome, { type: 'CommandRefused' }>['data'];
}

/** Types of outcomes that an order's history can hold; one that has no data above does not compile. */
export type ToldType = OrderOutcome['type'] | 'CommandRefused';

/** An outcome of an order's history. */
export type Told<Type extends ToldType = ToldType> = Omit<LogEvent, 'type' | 'data'> & {
  readonly type: Type;
  readonly data: OutcomeData[Type];
};

/** A command of an order's history. */
export type CommandText = Omit<LogEvent, 'type' | 'data'> & {
  readonly type: Command['type'];
  readonly data: { readonly [key: string]: Json | undefined } & { readonly actor?: string; readonly changes?: Changes };
};
