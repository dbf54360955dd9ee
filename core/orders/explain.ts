import type { InstrumentDefinition } from '../market/events.js';
import type { LogEvent } from '../ports.js';
import { commandAlone, answered } from './explanations/commands.js';
import type { Explanation } from './explanations/explanation.js';
import { filled } from './explanations/fills.js';
import * as life from './explanations/life.js';
import * as children from './explanations/children.js';
import * as schedule from './explanations/schedule.js';
import { newTelling, type Telling } from './explanations/telling.js';
import type { CommandText, Told, ToldType } from './explanations/texts.js';
import { unitOf } from './explanations/words.js';

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
