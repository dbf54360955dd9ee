import type { Refusal } from '../errors.js';
import type { Units } from '../market/instrument.js';
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
};

/** Why a slice or the rest of a child was not done; stable words. */
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
  | 'beyond_known_depth';

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
  | Outcome<'OrderStarted', OfOrder & { readonly plan: PlanData }>
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
        readonly slice: number;
        readonly lots: number;
        /** An IOC goes no further than this. */
        readonly limitTicks: number;
        readonly arrivesAt: EpochMicros;
        readonly reportAt: EpochMicros;
      }
    >
  | Outcome<
      'ChildFilled',
      OfChild & {
        readonly lots: number;
        readonly priceTicks: number;
        readonly displayedLots: number;
        readonly liquidity: 'taker';
        /** `walk`: an IOC walked the book that it met on arrival. */
        readonly rule: 'walk';
        /** Plain decimal text. */
        readonly fee: string;
        readonly feeCurrency: string;
      }
    >
  | Outcome<'ChildCancelled', OfChild & { readonly lots: number; readonly reason: SkipReason }>
  | Outcome<'ChildReported', OfChild & { readonly filledLots: number; readonly leavesLots: number }>
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
  | Outcome<'OrderCancelled', OfOrder>;

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
