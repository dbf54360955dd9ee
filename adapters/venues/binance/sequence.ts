import { MessageFault } from '../../recordings/errors.js';

/** The update numbers of a depth message: first and last update in it and, for derivatives, the last one before it. */
export interface UpdateRange {
  readonly first: number;
  readonly last: number;
  readonly previous: number | undefined;
}

/** How a venue's depth messages and its REST snapshot join. */
export interface SequenceRule {
  read(data: DepthNumbers): UpdateRange;
  /** Whether a snapshot of that `lastUpdateId` holds the message already. */
  isOld(range: UpdateRange, snapshotId: number): boolean;
  /** Whether the message may be the first after a snapshot. */
  joins(range: UpdateRange, snapshotId: number): boolean;
  /** Whether the message follows the one whose last update is given. */
  follows(range: UpdateRange, last: number): boolean;
}

export interface DepthNumbers {
  readonly U?: unknown;
  readonly u?: unknown;
  readonly pu?: unknown;
}

/** Spot: update numbers have no holes, and a message begins with the number after the last one. */
export const SPOT_SEQUENCE: SequenceRule = {
  read: ({ U, u }) => ({ first: whole('U', U), last: whole('u', u), previous: undefined }),
  isOld: ({ last }, snapshotId) => last <= snapshotId,
  joins: ({ first, last }, snapshotId) => first <= snapshotId + 1 && snapshotId + 1 <= last,
  follows: ({ first }, last) => first === last + 1,
};

/** Derivatives: update numbers have holes, and a message names the last one before it. */
export const FUTURES_SEQUENCE: SequenceRule = {
  read: ({ U, u, pu }) => ({ first: whole('U', U), last: whole('u', u), previous: whole('pu', pu) }),
  isOld: ({ last }, snapshotId) => last < snapshotId,
  joins: ({ first, last }, snapshotId) => first <= snapshotId && snapshotId <= last,
  follows: ({ previous }, last) => previous === last,
};

/** A field that must be a whole number which JavaScript counts exactly. @throws {MessageFault} */
export function whole(field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  if (typeof value === 'number' && value > Number.MAX_SAFE_INTEGER)
    throw new MessageFault('out_of_range', `"${field}" is ${value}, beyond 2^53`);
  throw new MessageFault('bad_message', `"${field}" is ${value === undefined ? 'missing' : 'no whole number'}`);
}
