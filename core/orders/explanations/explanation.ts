import type { EpochMicros } from '../../time.js';
import type { FillRule } from '../../desk/fill-rule.js';

/** What an explanation is about; stable words. */
export const EXPLANATION_KINDS = [
  'accepted',
  'refused',
  'started',
  'amended',
  'paused',
  'resumed',
  'stopped',
  'completed',
  'cancelled',
  'measured',
  'command_refused',
  'command_idle', // a command from which nothing followed
  'slice_released',
  'slice_skipped',
  'aggression_entered',
  'aggression_left',
  'take_held', // a take that is due cannot be done now
  'quote_held', // what should rest cannot be quoted now
  'taking', // a take is on its way
  'took',
  'took_nothing',
  'quoted', // a quote is sent
  'rested', // it is in the book
  'rejected',
  'filled', // a quote, wholly or in part
  'repegged', // quotes moved after the market's price, `count` times
  'pulled',
  'shrunk',
  'quote_lost', // it never came to rest, and nobody had pulled it
] as const;
export type ExplanationKind = (typeof EXPLANATION_KINDS)[number];

/** One sentence about an order, and what a program may want to know beside it. */
export interface Explanation {
  /** When it happened, or began. */
  readonly at: EpochMicros;
  /** The outcome that it begins with; absent for a command from which nothing followed. */
  readonly n?: number;
  /** Seq of the input that it met: the command, the market event, or the input that set a timer. */
  readonly cause: number;
  readonly kind: ExplanationKind;
  readonly text: string;
  /** By which rule of the simulated venue it filled. */
  readonly rule?: FillRule;
  /** A stable word: why it was not done, was pulled, ended or was refused. */
  readonly reason?: string;
  /** How many moves are summed up. */
  readonly count?: number;
  /** Ordinals of all outcomes that it tells of. Every outcome of an order is told of once. */
  readonly outcomes: readonly number[];
}
