import type { LogEvent } from '../core/ports.js';
import type { EpochMicros } from '../core/time.js';

/** A moment of a log or a session: a receive time or a seq, both inclusive. */
export type Moment = { readonly at: EpochMicros } | { readonly seq: number };

/** Whether an input came after a moment. */
export const isBeyond = (until: Moment, { seq, at }: { readonly seq: number; readonly at: EpochMicros }): boolean =>
  'seq' in until ? seq > until.seq : at > until.at;

/** The inputs up to and including a moment; the same array when all of them are. Whichever goes beyond first ends it. */
export function upToMoment(events: readonly LogEvent[], until: Moment): readonly LogEvent[] {
  if ('seq' in until && (events.at(-1)?.seq ?? 0) <= until.seq) return events;
  const end = events.findIndex(({ seq = 0, at }) => isBeyond(until, { seq, at }));
  return end === -1 ? events : events.slice(0, end);
}
