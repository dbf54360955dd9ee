import { partRolls, type Parted } from '../../adapters/log/retention.js';
import type { EventLog, RolledInfo } from '../../core/ports.js';
import { hourOf, MICROS, type EpochMicros, type Micros } from '../../core/time.js';
import { newestCheckpoint, oldestCheckpoint } from '../../replay/nearest-checkpoint.js';

/** How often old data are looked for, at the most. */
const EVERY: Micros = MICROS.h;

/** What of a log is old and may go, and what stays. */
export interface RetentionPlan extends Parted {
  /** Whole days of checkpoints. */
  readonly days: readonly RolledInfo[];
  /** The oldest checkpoint that stays: nothing behind it goes; undefined where there is none, and then nothing goes. */
  readonly oldestKept: { readonly seq: number; readonly at: EpochMicros } | undefined;
}

/**
 * Looks for market data and ticks older than an instant, and for the checkpoints of days before it; changes nothing. The
 * newest whole checkpoint stays however old it is, and so does every input behind the oldest one that stays. Orders and outcomes
 * are never looked at.
 */
export async function retentionPlan(log: EventLog, name: string, olderThan: EpochMicros): Promise<RetentionPlan> {
  const days: RolledInfo[] = [];
  const newest = await newestCheckpoint(log, name);
  if (newest !== undefined)
    for await (const day of log.rolls(`${name}checkpoints-`))
      if (day.stream < newest.stream && day.stream.slice(-8) < hourOf(olderThan).slice(0, 8)) days.push(day);
  const oldestKept =
    newest === undefined ? undefined : await oldestCheckpoint(log, name, new Set(days.map(({ stream }) => stream)));
  const keepFromSeq = oldestKept === undefined ? 0 : oldestKept.seq + 1;
  return { days, oldestKept, ...(await partRolls(log, { olderThan, keepFromSeq }, name)) };
}

/** Drops what a plan says may go: checkpoints first, so that none is left that lacks its inputs. */
export async function dropPlanned(log: EventLog, { days, droppable }: RetentionPlan): Promise<void> {
  for (const streams of [days, droppable]) if (streams.length > 0) await log.drop(streams.map(({ stream }) => stream));
}

/**
 * Keeps a log from growing for ever: after a checkpoint, market data and ticks older than `keep` are dropped, and the
 * checkpoints of days before that.
 */
export function upkeep(log: EventLog, name: string, keep: Micros): (seq: number, at: EpochMicros) => Promise<void> {
  let last: EpochMicros = -Infinity;
  return async (_seq, at) => {
    if (at - last < EVERY) return;
    last = at;
    await dropPlanned(log, await retentionPlan(log, name, at - keep));
  };
}
