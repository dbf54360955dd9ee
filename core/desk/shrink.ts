import { UNKNOWN_AHEAD } from '../orders/state.js';
import type { EpochMicros } from '../time.js';
import { flooredShare } from './proportion.js';
import type { Assumption } from './settings.js';

/** A shrink of a level's displayed size, as far as it was explained by trades. */
export interface Shrink {
  readonly venueAt: EpochMicros;
  beforeLots: number;
  lots: number;
  tradedLots: number;
}

/** What is ahead after a shrink, less what trades explain of it: a part of what stood there when they were done. */
export function shrunk(
  aheadLots: number,
  { beforeLots, lots, tradedLots }: Shrink,
  around: { readonly assume: Assumption; readonly lotLots: number },
): number {
  const unexplained = lots - tradedLots;
  if (unexplained <= 0 || aheadLots === 0 || aheadLots === UNKNOWN_AHEAD) return aheadLots;
  switch (around.assume) {
    case 'optimistic':
      return aheadLots > unexplained ? aheadLots - unexplained : 0;
    case 'expected': {
      const stood = beforeLots - tradedLots;
      const ahead = aheadLots < stood ? aheadLots : stood;
      return ahead - flooredShare(unexplained, ahead, stood, around.lotLots);
    }
    case 'pessimistic':
      return aheadLots;
  }
}
