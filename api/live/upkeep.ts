import { retain } from '../../adapters/log/retention.js';
import type { EventLog } from '../../core/ports.js';
import { MICROS, hourOf, type EpochMicros, type Micros } from '../../core/time.js';
import { oldestCheckpoint } from '../../replay/nearest-checkpoint.js';

/** How often old data are looked for, at the most. */
const EVERY: Micros = MICROS.h;

/**
 * Keeps a log from growing for ever: after a checkpoint, market data and ticks older than `keep` are dropped, and the
 * checkpoints of days before that. Never what is newer than the oldest checkpoint that stays, never orders and outcomes.
 */
export function upkeep(log: EventLog, name: string, keep: Micros): (seq: number, at: EpochMicros) => Promise<void> {
  let last: EpochMicros = -Infinity;
  return async (_seq, at) => {
    if (at - last < EVERY) return;
    last = at;
    const olderThan = at - keep;
    const oldDays: string[] = [];
    for await (const { stream } of log.rolls(`${name}checkpoints-`))
      if (stream.slice(-8) < hourOf(olderThan).slice(0, 8)) oldDays.push(stream);
    if (oldDays.length > 0) await log.drop(oldDays);
    const oldest = await oldestCheckpoint(log, name);
    if (oldest !== undefined) await retain(log, { olderThan, keepFromSeq: oldest.seq + 1 }, name);
  };
}
