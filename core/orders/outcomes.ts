import type { FillRule } from '../desk/fill-rule.js';
import type { Refusal } from '../errors.js';
import type { Units } from '../market/instrument.js';
import type { Lots } from '../market/lots.js';
import type { Measured } from '../measures/measured.js';
import type { EpochMicros } from '../time.js';
import type { Plan } from './schedule.js';
import type { CommandName, TwapParameters } from './parameters.js';

/**
 * What the engine concluded, as it travels inside the core: prices in ticks, sizes in lots, counted at `units`. The codec
 * in `engine/outcome-codec.ts` makes text of them for the log.
 */
export interface Outcome<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

interface OfOrder {
  readonly orderId: string;
}
interface OfChild extends OfOrder {
  readonly childId: string;
}

export type PlanData = Plan & {
  /** Number of the plan's first slice; slices of one order are numbered on over all its plans, from 1. */
  readonly firstSlice: number;
  /** Of a plan that goes on after a pause, all instants moved by it: where it stood. Absent: it begins. */
  readonly carried?: {
    /** Index of the next slice to fall due. */
    readonly next: number;
    /** S at its start, and how far it rises by its end. */
    readonly baseLots: number;
    readonly lineLots: number;
    /** R so far. */
    readonly targetLots: number;
  };
};

/** Why a slice, a take, a quote or the rest of a child was not done; stable words. */
export type SkipReason =
  | 'book_untrusted'
  | 'book_partial'
  | 'book_crossed'
  | 'book_locked'
  | 'one_side_empty'
  | 'spread'
  | 'limit_price'
  | 'below_minimum'
  | 'insufficient_balance'
  | 'engine_down'
  | 'depth_exhausted'
  | 'beyond_known_depth'
  | 'participation'
  | 'self_cross'
  | 'would_cross';

/** Why a quote is pulled or shrunk; stable words. */
export type PullReason =
  | 'repeg' // the price where it should rest is another one
  | 'limit_price' // an amendment put its price beyond the limit
  | 'spread' // the spread is wider than allowed
  | 'take' // a take needs what it holds
  | 'ahead' // what it holds is executed already, or is not to be shown
  | 'window_over' // the window ends, and the rest is taken or given up
  | 'order_paused'
  | 'order_stopped'
  | 'order_cancelled'
  | 'order_completed';

export type OrderOutcome =
  | Outcome<
      'OrderAccepted',
      OfOrder & {
        readonly parameters: TwapParameters;
        readonly quantityLots: number;
        readonly limitTicks: number;
        /** When it starts by itself; absent for `manual`. */
        readonly startAt?: EpochMicros;
        readonly actor?: string;
      }
    >
  | Outcome<
      'OrderRefused',
      OfOrder & { readonly parameters: TwapParameters; readonly refusal: Refusal; readonly actor?: string }
    >
  | Outcome<
      'OrderStarted',
      OfOrder & {
        readonly plan: PlanData;
        /** For a target position: what follows from the position that was there. */
        readonly target?: { readonly side: 'buy' | 'sell'; readonly quantityLots: number };
      }
    >
  | Outcome<'SliceReleased', OfOrder & { readonly slice: number; readonly dueAt: EpochMicros; readonly lots: number }>
  | Outcome<
      'SliceSkipped',
      OfOrder & {
        readonly slice: number;
        readonly dueAt: EpochMicros;
        readonly lots: number;
        readonly reason: SkipReason;
        readonly detail?: string;
      }
    >
  | Outcome<
      'ChildPlaced',
      OfChild & {
        /** `take`: an IOC that crosses the spread. `quote`: a post-only order that rests. */
        readonly style: 'take' | 'quote';
        /** The last slice that was released. */
        readonly slice: number;
        readonly lots: number;
        /** An IOC goes no further than this; a quote rests at it. */
        readonly limitTicks: number;
        readonly arrivesAt: EpochMicros;
        /** When the planner hears what became of it: at the latest for a take, at the earliest for a quote. */
        readonly reportAt: EpochMicros;
      }
    >
  | Outcome<
      'ChildRested',
      OfChild & {
        readonly priceTicks: number;
        readonly lots: number;
        /** What stands before it in the queue; absent where its level is beyond the known depth. */
        readonly aheadLots?: Lots;
      }
    >
  | Outcome<'ChildRejected', OfChild & { readonly lots: number; readonly reason: SkipReason }>
  | Outcome<
      'ChildFilled',
      OfChild & {
        readonly lots: number;
        readonly priceTicks: number;
        /** What it met, in all: the level walked or crossed, or the print. */
        readonly displayedLots: Lots;
        /** Price of what it met, where that is not the fill's own. */
        readonly metTicks?: number;
        /** For a fill out of the queue: what still stood before it when the print came. */
        readonly aheadLots?: Lots;
        /** The last mid before the input that filled it, in half increments. */
        readonly mid2?: number;
        readonly liquidity: 'maker' | 'taker';
        readonly rule: FillRule;
        /** Plain decimal text. */
        readonly fee: string;
        readonly feeCurrency: string;
      }
    >
  | Outcome<
      'ChildPullRequested',
      OfChild & {
        /** What is left of it afterwards: 0 cancels it; more shrinks it, and it keeps its place. */
        readonly keepLots: number;
        readonly reason: PullReason;
        readonly effectiveAt: EpochMicros;
      }
    >
  | Outcome<'ChildReduced', OfChild & { readonly lots: number; readonly leavesLots: number }>
  | Outcome<'ChildCancelled', OfChild & { readonly lots: number; readonly reason: SkipReason | PullReason }>
  | Outcome<
      'ChildReported',
      OfChild & {
        /** What the planner learns to be filled by this report. */
        readonly filledLots: number;
        /** What is still open while it works; what was given up when it has ended. */
        readonly leavesLots: number;
        /** It goes on resting. */
        readonly working?: true;
      }
    >
  | Outcome<
      'AggressionEntered',
      OfOrder & {
        readonly executedLots: number;
        /** The cap line, to which it takes, in whole lots. */
        readonly capLots: number;
      }
    >
  | Outcome<'AggressionLeft', OfOrder>
  | Outcome<'TakeSkipped', OfOrder & { readonly lots: number; readonly reason: SkipReason; readonly detail?: string }>
  | Outcome<'QuoteSkipped', OfOrder & { readonly lots: number; readonly reason: SkipReason; readonly detail?: string }>
  | Outcome<
      'OrderAmended',
      OfOrder & {
        readonly parameters: TwapParameters;
        readonly quantityLots: number;
        readonly limitTicks: number;
        readonly startAt?: EpochMicros;
        readonly plan?: PlanData;
      }
    >
  | Outcome<'OrderPaused', OfOrder>
  | Outcome<'OrderResumed', OfOrder & { readonly plan: PlanData }>
  | Outcome<'OrderStopped', OfOrder>
  | Outcome<'OrderCompleted', OfOrder & { readonly reason: 'filled' | 'window_over' }>
  | Outcome<'OrderCancelled', OfOrder>
  /** Nothing about its costs can change any more: all that they are computed from. */
  | Outcome<'OrderMeasured', OfOrder & { readonly measured: Measured }>;

export type DeskOutcome =
  | Outcome<'CommandRefused', OfOrder & { readonly command: CommandName | 'submit'; readonly refusal: Refusal }>
  | Outcome<'DeskHalted', { readonly account: string; readonly reason: string }>;

export type TrustOutcome =
  | Outcome<'TrustLost', { readonly instrument: string; readonly reason: string }>
  | Outcome<'TrustRegained', { readonly instrument: string; readonly trust: 'trusted' | 'partial' }>
  | Outcome<'InputLate', { readonly instrument?: string; readonly lateBy: number }>;

export type AnyOutcome = OrderOutcome | DeskOutcome | TrustOutcome;

/** An outcome with its place: what is appended and what `verify` compares. */
export interface Concluded {
  readonly stream: string;
  readonly revision: number;
  /** Ordinal in the run, from 1. */
  readonly n: number;
  readonly at: EpochMicros;
  readonly cause: number;
  readonly outcome: AnyOutcome;
  /** How ticks and lots are counted; absent for outcomes that carry none. */
  readonly units?: Units;
}
