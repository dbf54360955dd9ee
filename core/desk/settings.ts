import type { Micros } from '../time.js';

/** What is assumed about the part of a venue that cannot be seen (docs/orders.md). */
export type Assumption = 'optimistic' | 'expected' | 'pessimistic';

/** Settings of the simulated venue: everything that sways a fill. They are recorded with the run. */
export interface VenueSettings {
  readonly assume: Assumption;
  /** One way, decision to effect, in microseconds. */
  readonly latency: Micros;
  /** Fractions of notional that replace every venue's base tier. */
  readonly fees?: { readonly maker: string; readonly taker: string };
  /** Ticks that a take may go beyond the worst price of its own walk. */
  readonly takeSlack: number;
  readonly allowPartialBook: boolean;
}

export const DEFAULT_VENUE: VenueSettings = {
  assume: 'expected',
  latency: 10_000,
  takeSlack: 0,
  allowPartialBook: false,
};
