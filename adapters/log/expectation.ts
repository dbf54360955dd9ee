import type { ExpectedRevision, StreamAppend } from '../../core/ports.js';
import { WrongExpectedRevision } from '../../core/ports.js';

/** Where the events of an append belong: behind the last event, or where they may stand already. */
export interface Place {
  /** The revision of the first event. */
  readonly revision: number;
  /** The stream already reaches beyond them: the append is a repeat if exactly these events stand there, else refused. */
  readonly mayBeRepeat: boolean;
}

/**
 * Holds what a writer expects against what the stream is.
 *
 * @param actual revision of the stream's last event, or undefined when it does not exist
 * @throws {WrongExpectedRevision} when neither an append nor a repeat is possible
 */
export function placeOf({ stream, expected, events }: StreamAppend, actual: number | undefined): Place {
  const next = (actual ?? -1) + 1;
  const explicit = explicitRevision(expected);
  if (explicit === undefined) {
    if (expected === 'stream_exists' && actual === undefined) throw wrongRevision(stream, expected, actual);
    return { revision: next, mayBeRepeat: false };
  }
  if (explicit === next) return { revision: next, mayBeRepeat: false };
  if (events.length > 0 && explicit + events.length <= next) return { revision: explicit, mayBeRepeat: true };
  throw wrongRevision(stream, expected, actual);
}

export const wrongRevision = (stream: string, expected: ExpectedRevision, actual: number | undefined) =>
  new WrongExpectedRevision(stream, expected, actual);

/** The revision that the writer gives its first event: undefined when it leaves that to the log, NaN for none that can be. */
export function explicitRevision(expected: ExpectedRevision): number | undefined {
  if (expected === 'no_stream') return 0;
  if (typeof expected !== 'number') return undefined;
  // -1 would read as "no stream" to some: it has a word of its own here
  return Number.isSafeInteger(expected) && expected >= 0 ? expected + 1 : NaN;
}

/** Longest stream name in UTF-16 code units; it is a key of the store. */
export const LONGEST_NAME = 512;

/** Refuses a name that no stream may have: empty, too long, or with control characters. */
export function checkStreamName(stream: string): void {
  if (stream === '' || stream.length > LONGEST_NAME || /[\u0000-\u001f\u007f]/.test(stream))
    throw new RangeError(
      `${JSON.stringify(stream.slice(0, 80))} is no stream name: use 1 to ${LONGEST_NAME} characters without control characters`,
    );
}
