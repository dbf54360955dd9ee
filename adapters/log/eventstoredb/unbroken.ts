import { LogFailure } from '../../../core/ports.js';
import type { NodeEvent } from './node.js';

/**
 * Nobody but this log hides or deletes what is in its streams, so a revision that is not given out is damage.
 *
 * @param from  the revision that was asked for
 * @throws {LogFailure}
 */
export function checkUnbroken(stream: string, from: number, page: readonly NodeEvent[] = []): void {
  for (const [i, { revision }] of page.entries())
    if (revision !== from + i) throw missing(stream, from + i, revision - 1);
}

export const missing = (stream: string, from: number, to?: number): LogFailure =>
  new LogFailure(
    'damaged',
    `stream ${stream}: the store does not give out revisions ${from} to ${to ?? 'its end'}; ` +
      'take $maxCount, $maxAge and $tb off the stream, which hide events, and bring back what was scavenged from a copy',
    { stream, revision: from },
  );
