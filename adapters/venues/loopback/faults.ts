import { parseDuration, MICROS, type Micros } from '../../../core/time.js';
import type { Dialect } from './dialect.js';

/** What befalls one book message on its way to every client. */
export const MESSAGE_FAULTS = ['drop', 'duplicate', 'reorder', 'corrupt', 'garble'] as const;
/** What befalls the venue. */
export const VENUE_FAULTS = ['silent', 'disconnect', 'refuse', 'refuse-subscriptions', 'rate-limit'] as const;

export type MessageFaultKind = (typeof MESSAGE_FAULTS)[number];
export type VenueFaultKind = (typeof VENUE_FAULTS)[number];

/**
 * A fault on command.
 *
 * - `drop`: the message is not sent. `duplicate`: it is sent twice. `reorder`: it is sent behind the next one of its
 *   instrument. `corrupt`: its checksum is wrong. `garble`: it breaks off in the middle.
 * - `silent`: nothing is sent for a time, and then all that came meanwhile. `disconnect`: every connection breaks.
 * - `refuse`: connections are not taken. `refuse-subscriptions`: nor are subscriptions. `rate-limit`: for a time requests
 *   and connections are answered with 429.
 */
export interface Fault {
  readonly kind: MessageFaultKind | VenueFaultKind;
  /** The book message at which it comes, counted from 1 over all instruments; at once, or with the next one, when absent. */
  readonly at?: number;
  /** How many messages, connections or subscriptions, one after the other; 1 when absent. */
  readonly count?: number;
  /** How long a `silent` or a `rate-limit` lasts by the venue's clock; 6 s when absent. */
  readonly lasts?: Micros;
}

export const DEFAULT_LASTS: Micros = 6 * MICROS.s;

/** A fault that nobody can make. */
export class BadFault extends Error {
  override readonly name = 'BadFault';
}

export const isMessageFault = (kind: Fault['kind']): kind is MessageFaultKind =>
  (MESSAGE_FAULTS as readonly string[]).includes(kind);

/** The faults that a venue can have which speaks so. */
export const possibleFaults = (dialect: Dialect): Fault['kind'][] =>
  [...MESSAGE_FAULTS, ...VENUE_FAULTS].filter(
    (kind) =>
      (kind !== 'corrupt' || dialect.corrupted !== undefined) &&
      (kind !== 'refuse-subscriptions' || dialect.refuse !== undefined),
  );

const KINDS: readonly string[] = [...MESSAGE_FAULTS, ...VENUE_FAULTS];
const SPEC = /^([a-z-]+)(?:@(\d{1,9}))?(?:x(\d{1,6}))?(?::(\w+))?$/;

/** Reads `drop@100`, `drop@100x3`, `silent@800:6s`, `disconnect@500`; several are separated by commas. @throws {BadFault} */
export function readFaults(text: string): Fault[] {
  return text.split(',').map((spec) => {
    const [, kind, at, count, lasts] = SPEC.exec(spec.trim()) ?? [];
    if (kind === undefined)
      throw new BadFault(
        `"${spec.trim()}" is no fault: write KIND@MESSAGE, such as drop@100, drop@100x3 or silent@800:6s`,
      );
    return checked({
      kind,
      ...(at === undefined ? {} : { at: Number(at) }),
      ...(count === undefined ? {} : { count: Number(count) }),
      ...(lasts === undefined ? {} : { for: lasts }),
    });
  });
}

/** Reads a fault as JSON: `{"fault": "drop", "at": 100, "count": 3}`, `{"fault": "silent", "for": "6s"}`. @throws {BadFault} */
export function readFault(json: unknown): Fault {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new BadFault('a fault is a JSON object');
  const { fault, at, count, for: lasts, ...more } = json as Record<string, unknown>;
  const [strange] = Object.keys(more);
  if (strange !== undefined)
    throw new BadFault(`"${strange}" is unknown: a fault has "fault", "at", "count" and "for"`);
  return checked({
    kind: fault,
    ...(at === undefined ? {} : { at }),
    ...(count === undefined ? {} : { count }),
    ...(lasts === undefined ? {} : { for: lasts }),
  });
}

function checked(spec: { kind: unknown; at?: unknown; count?: unknown; for?: unknown }): Fault {
  const { kind, at, count, for: lasts } = spec;
  if (typeof kind !== 'string' || !KINDS.includes(kind))
    throw new BadFault(`"${String(kind)}" is no fault: known are ${KINDS.join(', ')}`);
  for (const [name, number] of [
    ['at', at],
    ['count', count],
  ] as const)
    if (number !== undefined && !(Number.isSafeInteger(number) && (number as number) >= 1))
      throw new BadFault(`"${name}" of ${kind} is no whole number from 1`);
  const span = typeof lasts === 'string' ? parseDuration(lasts) : undefined;
  if (lasts !== undefined && (span === undefined || span === 0))
    throw new BadFault(`how long ${kind} lasts is no duration: write it like 6s`);
  return {
    kind: kind as Fault['kind'],
    ...(at === undefined ? {} : { at: at as number }),
    ...(count === undefined ? {} : { count: count as number }),
    ...(span === undefined ? {} : { lasts: span }),
  };
}
