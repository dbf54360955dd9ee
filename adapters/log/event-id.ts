import { createHash } from 'node:crypto';
import { canonical } from '../../core/json.js';
import type { LogEvent } from '../../core/ports.js';

/**
 * The id of an event: a UUIDv8 (RFC 9562) made of the first bytes of SHA-256 over its stream and revision and, unless it
 * is an outcome, a digest of its canonical content. So an input that is appended late can never be taken for its
 * successor, while an outcome keeps its id however often it is derived again. Ids follow from what is stored and are
 * not stored themselves.
 */
export function eventId(stream: string, revision: number, event: LogEvent): string {
  const isOutcome = event.n !== undefined;
  const place = isOutcome ? [stream, revision] : [stream, revision, contentDigest(event)];
  const digest = createHash('sha256').update(canonical(place)).digest();
  digest[6] = (digest[6]! & 0x0f) | 0x80; // version 8
  digest[8] = (digest[8]! & 0x3f) | 0x80; // variant 10
  const hex = digest.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** SHA-256 over the canonical JSON of an event, lower-case hex. */
export function contentDigest(event: LogEvent): string {
  return createHash('sha256').update(canonicalEvent(event)).digest('hex');
}

/** The canonical text of an event: two events are the same exactly when these are. */
export function canonicalEvent(event: LogEvent): string {
  const { type, version, at, seq, n, cause, data } = event;
  return canonical({ type, version, at, seq, n, cause, data });
}
