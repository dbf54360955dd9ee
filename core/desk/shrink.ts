import { minus, type Lots } from '../market/lots.js';
import { UNKNOWN_AHEAD } from '../orders/state.js';
import type { EpochMicros } from '../time.js';
import { flooredShare } from './proportion.js';
import type { Assumption } from './settings.js';

/** A shrink of a level's displayed size, as far as it was explained by trades. */
export interface Shrink {
  readonly venueAt: EpochMicros;
  beforeLots: Lots;
  lots: Lots;
  tradedLots: Lots;
}

/** What is ahead after a shrink, less what trades explain of it: a part of what stood there when they were done. */
export function shrunk(
  aheadLots: Lots,
  { beforeLots, lots, tradedLots }: Shrink,
  around: { readonly assume: Assumption; readonly lotLots: number },
): Lots {
  const unexplained = minus(lots, tradedLots);
  if (unexplained <= 0 || aheadLots === 0 || aheadLots === UNKNOWN_AHEAD) return aheadLots;
  switch (around.assume) {
    case 'optimistic':
      return aheadLots > unexplained ? minus(aheadLots, unexplained) : 0;
    case 'expected': {
      const stood = minus(beforeLots, tradedLots);
      const ahead = aheadLots < stood ? aheadLots : stood;
      return minus(ahead, flooredShare(unexplained, ahead, stood, around.lotLots));
    }
    case 'pessimistic':
      return aheadLots;
  }
}
