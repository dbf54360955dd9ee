import type { EpochMicros } from '../../../core/time.js';
import type { DepthData, DepthReply } from './messages.js';
import { RecentDeltas } from './recent-deltas.js';
import type { UpdateRange } from './sequence.js';

/** Looks ahead in a source for the next REST depth reply that the test takes. */
export type SnapshotAhead = (isMine: (reply: DepthReply) => boolean) => Promise<DepthReply | undefined>;

/** One place that messages come from: a file, or files of neighbouring days. */
export interface Source {
  readonly snapshotAhead: SnapshotAhead;
}

/** A depth message that waits for the first snapshot. */
export interface HeldDelta {
  readonly head: { readonly venueAt: EpochMicros; readonly range: UpdateRange };
  /** Absent for one that the snapshot ahead makes old. */
  readonly data: DepthData | undefined;
}

/** What the mapper knows of one instrument. */
export interface Feed {
  readonly symbol: string;
  readonly code: number;
  source: Source;
  /** Deltas that wait for the first snapshot; undefined once the book goes on. */
  held: HeldDelta[] | undefined;
  heldLevels: number;
  snapshotAhead: DepthReply | undefined;
  /** Last update of the last message or snapshot; undefined before the first. */
  last: number | undefined;
  /** The next delta is the first one after a snapshot. */
  afterSnapshot: boolean;
  /** A break was reported, and no snapshot came since. */
  broken: boolean;
  /** A silence, or a trade left out, was reported, and neither a snapshot nor a book message in sequence came since. */
  suspended: boolean;
  /** Deltas from the start were applied to an empty book. */
  startsEmpty: boolean;
  /** It has trades. */
  trades: boolean;
  readonly recent: RecentDeltas;
  /** The last price that it traded at, only for telling whose a reply without a symbol is. */
  touch: string | undefined;
}

export function newFeed(symbol: string, code: number, source: Source): Feed {
  return {
    symbol,
    code,
    source,
    held: [],
    heldLevels: 0,
    snapshotAhead: undefined,
    last: undefined,
    afterSnapshot: false,
    broken: false,
    suspended: false,
    startsEmpty: false,
    trades: false,
    recent: new RecentDeltas(),
    touch: undefined,
  };
}

/** What a book is worth once its sequence is seen to go on. */
export const trustOf = ({ startsEmpty }: Feed): 'trusted' | 'partial' => (startsEmpty ? 'partial' : 'trusted');

/** Whether a reply can be of this instrument: by its name, else by prices of the same order as its last trade. */
export function isOf(feed: Feed, reply: DepthReply): boolean {
  if (typeof reply.symbol === 'string') return reply.symbol === feed.symbol;
  const bid = bestBid(reply.bids);
  if (bid === undefined || feed.touch === undefined) return true;
  const ratio = Number(bid) / Number(feed.touch);
  return ratio > 0.5 && ratio < 2;
}

function bestBid(bids: unknown): string | undefined {
  if (!Array.isArray(bids)) return undefined;
  let best: string | undefined;
  for (const level of bids as readonly unknown[]) {
    const price: unknown = Array.isArray(level) ? level[0] : undefined;
    if (typeof price === 'string' && (best === undefined || Number(price) > Number(best))) best = price;
  }
  return best;
}
