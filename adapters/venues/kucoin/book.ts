import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import { fromMillis, isRecord, list, parsed, record, shown, text, whole, type JsonRecord } from '../mapping/fields.js';
import type { SequenceRule, UpdateRange } from '../mapping/sequence.js';
import type { Frame } from '../venue.js';

/**
 * Updates have no holes. A message may begin before what is known, by the venue's own word, when it ends behind it: its
 * levels name their updates, and those that are known are left out (`newerThan`).
 */
export const SEQUENCE: SequenceRule = {
  isOld: ({ last }, snapshotId) => last <= snapshotId,
  joins: ({ first, last }, snapshotId) => first <= snapshotId + 1 && snapshotId + 1 <= last,
  follows: ({ first, last: end }, last) => first <= last + 1 && end > last,
};

type Change = readonly [price: string, size: string, sequence: string | number];

/** A message of changes, its levels `[price, size, sequence]`. */
export interface Update {
  readonly symbol: unknown;
  /** 0 where the venue does not say (2021). */
  readonly venueAt: EpochMicros;
  readonly range: UpdateRange;
  readonly bids: readonly Change[];
  readonly asks: readonly Change[];
}

/** `trade.l2update`. @throws {MessageFault} */
export function readUpdate(data: JsonRecord): Update {
  const changes = record('changes', data['changes']);
  return {
    symbol: data['symbol'],
    venueAt: data['time'] === undefined ? 0 : fromMillis('time', data['time']),
    range: { first: whole('sequenceStart', data['sequenceStart']), last: whole('sequenceEnd', data['sequenceEnd']) },
    bids: changesOf('bids', changes['bids']),
    asks: changesOf('asks', changes['asks']),
  };
}

/** A change of price 0 only moves the sequence. */
function changesOf(side: string, changes: unknown): Change[] {
  const kept: Change[] = [];
  for (const change of list(side, changes)) {
    const [price, size, sequence] = list(side, change);
    if (typeof price !== 'string' || typeof size !== 'string')
      throw new MessageFault('bad_message', `a change without price and size: ${shown(change)}`);
    whole('sequence', sequence);
    if (!/^0+(?:\.0*)?$/.test(price)) kept.push([price, size, sequence as string | number]);
  }
  return kept;
}

/** See `LineRules.newer`. */
export const newerThan = (changes: unknown, update: number): readonly Change[] =>
  (changes as readonly Change[]).filter(([, , sequence]) => Number(sequence) > update);

/** The book that a REST request was answered with. */
export interface Snapshot {
  /** Whose it is, where its request is known. */
  readonly symbol: string | undefined;
  /** Levels a side, where the request asked for the best ones only. */
  readonly depth: number | undefined;
  readonly sequence: number;
  readonly venueAt: EpochMicros;
  readonly bids: unknown;
  readonly asks: unknown;
}

/** Reads an order book: all of it (`level2`), or the best levels (`level2_100`); undefined for any other reply. @throws {MessageFault} */
export function readSnapshot(reply: Frame): Snapshot | undefined {
  const { url, text: body } = reply;
  if (url !== undefined && !url.includes('/market/orderbook/level2')) return undefined;
  if (!body.includes('"code"')) return undefined;
  const message = parsed(body);
  if (!isRecord(message) || !isRecord(message['data']) || !('sequence' in message['data'])) return undefined;
  const { sequence, time, bids, asks } = message['data'];
  const depth = url === undefined ? undefined : /\/level2_(\d+)/.exec(url)?.[1];
  return {
    symbol: symbolIn(reply),
    depth: depth === undefined ? undefined : Number(depth),
    sequence: whole('sequence', text('sequence', sequence)),
    venueAt: time === undefined ? 0 : fromMillis('time', time),
    bids,
    asks,
  };
}

/** The instrument that a request names. */
export function symbolIn({ url }: Frame): string | undefined {
  const symbol = url === undefined ? undefined : /[?&]symbol=([^&]+)/.exec(url)?.[1];
  return symbol === undefined ? undefined : decodeURIComponent(symbol);
}
