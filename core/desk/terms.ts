import type { Units } from '../market/instrument.js';
import type { Market } from '../market/market.js';
import type { DeskOutcome, OrderOutcome } from '../orders/outcomes.js';
import type { EpochMicros } from '../time.js';
import type { VenueSettings } from './settings.js';

/** Somebody who looks at the market now and then while an order is at work, and changes nothing. */
export interface Watch {
  /** When it looks next, once the order has started; Infinity when it does no more. */
  readonly nextLook: EpochMicros;
  look(market: Market): void;
}

/** What a desk of a sweep has for itself alone, whatever the run says: its venue, its seed, and who hears what it concludes. */
export interface Terms {
  readonly venue: VenueSettings;
  readonly seed: number;
  /** Whoever draws what became of it, if anybody does. */
  readonly watch?: Watch | undefined;
  /** @param units  how ticks and lots are counted; absent for outcomes that carry none */
  readonly hear: (outcome: OrderOutcome | DeskOutcome, at: EpochMicros, cause: number, units?: Units) => void;
}
