import type { EventLog, RolledInfo } from '../../core/ports.js';
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
export interface RolledStream extends RolledInfo {
  readonly hourEnd: EpochMicros;
  /** Seq of its last input; absent where its hour alone says that it stays. */
  readonly lastSeq?: number;
}

/** Why a stream stays: its hour is not old enough, or a checkpoint that is kept needs what it holds. */
export type Staying = 'recent' | 'needed';

/** Market data and ticks, parted into what nobody folds any more and what stays. Whole streams, each the roll of an hour. */
export interface Parted {
  readonly droppable: readonly RolledStream[];
  readonly staying: readonly (RolledStream & { readonly because: Staying })[];
}

/** @param name what the names of this engine's streams begin with */
export async function partRolls(log: EventLog, bounds: RetentionBounds, name = 'reprise.'): Promise<Parted> {
  const droppable: RolledStream[] = [];
  const staying: (RolledStream & { readonly because: Staying })[] = [];
  for (const kind of ['market-', 'clock-'])
    for await (const info of log.rolls(`${name}${kind}`)) {
      const end = hourEnd(info.stream);
      if (end === undefined) continue;
      const recent = end > bounds.olderThan; // spares reading what stays anyway
      const rolled: RolledStream = {
        ...info,
        hourEnd: end,
        ...(recent ? {} : { lastSeq: await lastSeq(log, info.stream, info.lastRevision) }),
      };
      const because = whyStaying(rolled, bounds);
      if (because === undefined) droppable.push(rolled);
      else staying.push({ ...rolled, because });
    }
  return { droppable, staying };
}

/** Why a stream stays; undefined when its hour has ended by the bound and all of its inputs are older than what must stay. */
export function whyStaying(
  { hourEnd: end, lastSeq: last = Infinity }: Pick<RolledStream, 'hourEnd' | 'lastSeq'>,
  { olderThan, keepFromSeq }: RetentionBounds,
): Staying | undefined {
  if (end > olderThan) return 'recent';
  return last < keepFromSeq ? undefined : 'needed';
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
