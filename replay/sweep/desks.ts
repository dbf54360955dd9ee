import type { VenueSettings } from '../../core/desk/settings.js';
import type { Json } from '../../core/json.js';
import type { TwapParameters } from '../../core/orders/parameters.js';
import type { EpochMicros } from '../../core/time.js';

/** One desk of a sweep: one order alone in a market, on its own terms. */
export interface DeskPlan {
  /** Its ordinal in the plan of its session, from 0. */
  readonly desk: number;
  /** Which parameter set, ordinal in the grid. */
  readonly set: number;
  /** When the order is accepted: it stands before the first input received then or later. */
  readonly at: EpochMicros;
  readonly seed: number;
  /** Of this desk alone. */
  readonly venue: VenueSettings;
  /** Made of start and seed only, so that sets share their random numbers. */
  readonly orderId: string;
  /** Resolved: no shares of volume any more. */
  readonly parameters: TwapParameters;
}

/** What became of it. */
export interface DeskResult {
  readonly desk: number;
  /** An order as `replay` reports it. */
  readonly order: Readonly<Record<string, Json | undefined>>;
  readonly outcomes: number;
  /** Only when asked for: SHA-256 of its canonical outcomes as of a replay of this order alone. */
  readonly outcomesHash: string | null;
}
