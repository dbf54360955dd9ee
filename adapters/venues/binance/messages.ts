import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../../recordings/errors.js';
import { type DepthNumbers, whole } from './sequence.js';
import { isRecord } from './venue.js';

/** A REST depth reply, with what its fields ought to be unknown until they are read. */
export interface DepthReply {
  readonly symbol?: unknown;
  readonly lastUpdateId?: unknown;
  readonly bids?: unknown;
  readonly asks?: unknown;
}

/** A depth message. */
export interface DepthData extends DepthNumbers {
  readonly s?: unknown;
  readonly E?: unknown;
  readonly T?: unknown;
  readonly b?: unknown;
  readonly a?: unknown;
}

/** A trade message. */
export interface TradeData {
  readonly s?: unknown;
  readonly E?: unknown;
  readonly T?: unknown;
  readonly t?: unknown;
  readonly p?: unknown;
  readonly q?: unknown;
  readonly m?: unknown;
  readonly X?: unknown;
}

/** The `data` of a frame. @throws {MessageFault} */
export function part(data: unknown): Record<string, unknown> {
  if (!isRecord(data)) throw new MessageFault('bad_message', '"data" is missing or no object');
  return data;
}

/** Transaction time, else event time, in microseconds; 0 where there is neither. @throws {MessageFault} */
export function venueTime({ T, E }: { readonly T?: unknown; readonly E?: unknown }): EpochMicros {
  if (T !== undefined) return micros('T', T);
  return E === undefined ? 0 : micros('E', E);
}
const FIRST_IN_MICROS = 100_000_000_000_000;
const micros = (field: string, value: unknown): EpochMicros => {
  const time = whole(field, value);
  return time >= FIRST_IN_MICROS ? time : time * 1_000;
};
