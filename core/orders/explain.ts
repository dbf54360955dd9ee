import type { InstrumentDefinition } from '../market/events.js';
import type { LogEvent } from '../ports.js';
import type { EpochMicros } from '../time.js';
import { commandAlone, answered } from './explanations/commands.js';
import { filled } from './explanations/fills.js';
import * as life from './explanations/life.js';
import * as children from './explanations/children.js';
import * as schedule from './explanations/schedule.js';
import { newTelling, type Telling } from './explanations/telling.js';
import type { CommandText, Told, ToldType } from './explanations/texts.js';
import { unitOf } from './explanations/words.js';
import type { FillRule } from './outcomes.js';

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

/**
 * Tells an order's history in sentences: what happened, why, what it met and by which rule.
 *
 * @param history     commands and outcomes of one order as they stand in the log, in the order in which they happened
 * @param definition  of its instrument, for the names of units
 */
export function explain(history: readonly LogEvent[], definition?: InstrumentDefinition): Explanation[] {
  const telling = newTelling(unitOf(definition));
  const followed = answered(history);
  for (const event of history) {
    if (event.n !== undefined)
      (TOLD[event.type as ToldType] as (telling: Telling, event: LogEvent) => void)(telling, event);
    else if (!followed.has(event.seq ?? 0)) commandAlone(telling, event as unknown as CommandText);
  }
  return telling.entries;
}

const TOLD: { readonly [Type in ToldType]: (telling: Telling, event: Told<Type>) => void } = {
  OrderAccepted: life.accepted,
  OrderRefused: life.refused,
  OrderStarted: life.started,
  OrderAmended: life.amended,
  OrderPaused: life.paused,
  OrderResumed: life.resumed,
  OrderStopped: life.stopped,
  OrderCompleted: life.completed,
  OrderCancelled: life.cancelled,
  OrderMeasured: life.measured,
  CommandRefused: life.commandRefused,
  SliceReleased: schedule.sliceReleased,
  SliceSkipped: schedule.sliceSkipped,
  AggressionEntered: schedule.aggressionEntered,
  AggressionLeft: schedule.aggressionLeft,
  TakeSkipped: schedule.takeHeld,
  QuoteSkipped: schedule.quoteHeld,
  ChildPlaced: children.placed,
  ChildRested: children.rested,
  ChildRejected: children.rejected,
  ChildFilled: filled,
  ChildPullRequested: children.pulled,
  ChildReduced: children.reduced,
  ChildCancelled: children.cancelled,
  ChildReported: children.reported,
};
