import type { EventLog } from '../../core/ports.js';
import { MICROS, parseInstant, type EpochMicros } from '../../core/time.js';

export interface RetentionBounds {
  /** Market data of hours that ended at or before this instant may go. */
  readonly olderThan: EpochMicros;
  /**
   * Inputs from this seq on stay: the seq behind the oldest checkpoint that is kept. A restart from it, and every
   * later one, still finds all that it folds.
   */
  readonly keepFromSeq: number;
}

/** A stream that rolls by the hour, with what decides whether it may go. */
export interface RolledStream {
  readonly stream: string;
  /** Seq of its last input. */
  readonly lastSeq: number;
}

/**
 * Drops market data and ticks that nobody folds any more: whole streams, each the roll of an hour.
 *
 * @param name what the names of this engine's streams begin with
 * @returns the streams that were dropped
 */
export async function retain(log: EventLog, bounds: RetentionBounds, name = 'reprise.'): Promise<readonly string[]> {
  const rolled: RolledStream[] = [];
  for (const kind of ['market-', 'clock-'])
    for await (const { stream, lastRevision } of log.rolls(`${name}${kind}`)) {
      const end = hourEnd(stream);
      if (end === undefined || end > bounds.olderThan) continue; // spares reading what stays anyway
      rolled.push({ stream, lastSeq: await lastSeq(log, stream, lastRevision) });
    }
  const droppable = selectDroppable(rolled, bounds);
  if (droppable.length > 0) await log.drop(droppable);
  return droppable;
}

/** The streams whose hour has ended before the bound and all of whose inputs are older than what must stay. */
export function selectDroppable(
  streams: readonly RolledStream[],
  { olderThan, keepFromSeq }: RetentionBounds,
): readonly string[] {
  return streams
    .filter(({ stream, lastSeq }) => {
      const end = hourEnd(stream);
      return end !== undefined && end <= olderThan && lastSeq < keepFromSeq;
    })
    .map(({ stream }) => stream);
}

/** When the hour that a stream's name ends with is over; undefined for a stream that does not roll. */
export function hourEnd(stream: string): EpochMicros | undefined {
  const hour = /-(\d{4})(\d\d)(\d\d)(\d\d)$/.exec(stream);
  if (hour === null) return undefined;
  const start = parseInstant(`${hour[1]!}-${hour[2]!}-${hour[3]!}T${hour[4]!}:00:00Z`);
  return start === undefined ? undefined : start + MICROS.h;
}

/** Seq of the last input; a stream in which none is found stays. */
export async function lastSeq(log: EventLog, stream: string, lastRevision: number): Promise<number> {
  let seq: number | undefined;
  // bookkeeping among the inputs carries no seq: look back further and further
  for (let back = 0; seq === undefined && back <= 2 * lastRevision; back = 2 * back + 1)
    for await (const events of log.readStream(stream, { from: Math.max(0, lastRevision - back) }))
      for (const { event } of events) seq = event.seq ?? seq;
  return seq ?? Infinity;
}
