import type { StopSignal, StoredEvent, SubscriptionItem } from '../../core/ports.js';
import { isAborted, type Changes } from './changes.js';

/** A stretch of the log: the events wanted of it, and the cursor behind it (it moves over unwanted ones too). */
export interface Stretch<Cursor> {
  readonly events: readonly StoredEvent[];
  readonly next: Cursor;
}

/**
 * Reads what is stored, says so, and goes on with each change until the signal aborts. Nothing is held between reads:
 * a slow reader finds more in the store, never in memory.
 */
export async function* follow<Cursor>(
  start: Cursor,
  scan: (from: Cursor) => AsyncIterable<Stretch<Cursor>>,
  changes: Changes,
  signal: StopSignal,
): AsyncGenerator<SubscriptionItem, void, undefined> {
  let cursor = start;
  let behind = true; // the first catching up is told even when there was nothing to read
  while (!isAborted(signal)) {
    const seen = changes.count();
    for await (const { events, next } of scan(cursor)) {
      if (isAborted(signal)) return;
      cursor = next;
      if (events.length === 0) continue;
      behind = true;
      yield { kind: 'events', events };
    }
    if (isAborted(signal)) return;
    if (behind) yield { kind: 'caughtUp' };
    behind = false;
    await changes.after(seen, signal);
  }
}
