import { precisely, type Clock } from '../../clock/clock.js';
import type { Rest } from './ports.js';

/** A request that is not answered in this time is not answered. */
const PATIENCE_MS = 15_000;

/**
 * The machine's network: REST over Node's own `fetch`.
 *
 * @param signal  when it aborts, no answer is waited for any more
 */
export function restFetch(clock: Clock, signal: AbortSignal): Rest {
  return {
    request: async (url, { method, body }) => {
      const json = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } };
      const over = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
      const response = await fetch(url, { method, ...json, signal: over });
      const text = await response.text();
      const { at, nanos } = precisely(clock);
      const retryAfter = secondsOf(response.headers.get('retry-after'));
      return {
        status: response.status,
        ...(retryAfter === undefined ? {} : { retryAfter }),
        text,
        receivedAt: at,
        nanos,
      };
    },
  };
}

/** Only seconds: no venue sends a date there. */
function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}(\.\d+)?$/.test(header) ? Number(header) : undefined;
}
