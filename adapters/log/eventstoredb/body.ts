import { LogFailure, type LogEvent } from '../../../core/ports.js';
import type { NodeEvent } from './node.js';

/** An event as it goes into the store: kept apart from what becomes of the writer's object, and known to be JSON. */
export interface KeptEvent {
  readonly event: LogEvent;
  /** What the store counts towards the size of an append. */
  readonly bytes: number;
}

/** Most bytes of one append, as the store has it by default. */
export const LARGEST_APPEND = 1_048_576;

/** @throws {RangeError} when the event is larger than any append may be */
export function keptEvent(stream: string, event: LogEvent): KeptEvent {
  const text = JSON.stringify(event);
  const bytes = Buffer.byteLength(text) + 2 * event.type.length;
  if (bytes > LARGEST_APPEND)
    throw new RangeError(
      `stream ${stream}: a ${event.type} of ${bytes} bytes is more than the ${LARGEST_APPEND} that this store takes at once; ` +
        'cut it into several events',
    );
  return { event: JSON.parse(text) as LogEvent, bytes };
}

/**
 * The body of an event is the event as it is written everywhere, so that whoever reads the store with other tools has all.
 *
 * @throws {LogFailure} when something else stands there
 */
export function eventOf({ stream, revision, data }: NodeEvent): LogEvent {
  if (typeof data !== 'object' || data === null || typeof (data as Partial<LogEvent>).type !== 'string')
    throw new LogFailure(
      'damaged',
      `stream ${stream}, revision ${revision}: what stands there is no event of this log; another program wrote it`,
      { stream, revision, found: JSON.stringify(data ?? null).slice(0, 200) },
    );
  return data as LogEvent;
}
