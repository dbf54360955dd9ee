import type { Units } from '../market/instrument.js';
import type { DeskOutcome, OrderOutcome } from '../orders/outcomes.js';
import type { EpochMicros } from '../time.js';
import type { VenueSettings } from './settings.js';

/** What a desk of a sweep has for itself alone, whatever the run says: its venue, its seed, and who hears what it concludes. */
export interface Terms {
  readonly venue: VenueSettings;
  readonly seed: number;
  /** @param units  how ticks and lots are counted; absent for outcomes that carry none */
  readonly hear: (outcome: OrderOutcome | DeskOutcome, at: EpochMicros, cause: number, units?: Units) => void;
}
