import { hash } from 'node:crypto';
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
  const hex = hash('sha256', canonical(place));
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 0x3]!; // variant 10, behind version 8
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** SHA-256 over the canonical JSON of an event, lower-case hex. */
export const contentDigest = (event: LogEvent): string => hash('sha256', canonicalEvent(event));

/** The canonical text of an event: two events are the same exactly when these are. */
export function canonicalEvent(event: LogEvent): string {
  const { type, version, at, seq, n, cause, data } = event;
  return canonical({ type, version, at, seq, n, cause, data });
}
