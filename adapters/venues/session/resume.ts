import type { Refusal } from '../../../core/errors.js';
import type { MarketEvent } from '../../../core/market/events.js';
import type { Recording } from '../../../core/ports.js';
import { formatInstant, type EpochMicros } from '../../../core/time.js';

/**
 * How far a log has followed a session: the latest instant that the feed's messages had reached, and how many of them came
 * since it was reached, that one included. So it holds where times run backwards, too. Definitions do not count, nor
 * does what the host says of messages that it left out; a snapshot that was asked for does no harm, because the feed gives it only behind all that was due by then.
 */
export interface Followed {
  readonly at: EpochMicros;
  readonly count: number;
}

/** Folds the feed's messages, as they stand in the log, into how far it was followed. */
export function followed(before: Followed | undefined, event: MarketEvent): Followed | undefined {
  if (event.type === 'InstrumentDefined' || isOfHost(event)) return before;
  if (before === undefined || event.at > before.at) return { at: event.at, count: 1 };
  return { at: before.at, count: before.count + 1 };
}

function isOfHost({ data }: MarketEvent): boolean {
  const { reason, leftOut } = data as { readonly reason?: string; readonly leftOut?: number };
  return reason === 'log_behind' || leftOut !== undefined;
}

/**
 * A session has its own time. A log whose clock is past the place where the session would go on cannot take its messages:
 * each would come late.
 *
 * @param engineClock  the clock of the log, absent for a new one
 * @param resumeAfter  how far that log has followed this session, absent where it has not
 */
export function refuseIfAhead(
  engineClock: EpochMicros | undefined,
  recording: Pick<Recording, 'from' | 'to'>,
  resumeAfter?: Followed,
): Refusal | undefined {
  const goesOnUntil = resumeAfter === undefined ? recording.from : recording.to;
  if (engineClock === undefined || engineClock <= goesOnUntil) return undefined;
  const clock = formatInstant(engineClock);
  const over = `this session ended at ${formatInstant(recording.to)}`;
  const ahead = `the session begins at ${formatInstant(recording.from)} and this log has not followed it`;
  return {
    code: 'clock_ahead_of_market',
    where: '--data',
    what: `the clock of the data folder stands at ${clock}; ${resumeAfter === undefined ? ahead : over}`,
    mend: 'name another folder with --data, or another market',
  };
}
