import type { Terms } from '../desk/terms.js';
import type { TwapParameters } from '../orders/parameters.js';
import type { EpochMicros } from '../time.js';

/** An order that has no input of its own: it stands before the first input received at its instant or later, alone on its desk. */
export interface Guest {
  readonly at: EpochMicros;
  /** What its desk is called here; no two are called alike. To itself it is the account of its parameters. */
  readonly name: string;
  readonly terms: Terms;
  readonly orderId: string;
  readonly parameters: TwapParameters;
}

/** Orders that are still to come, by their instants. */
export interface Guests {
  /** When the next one comes; Infinity when there is none. */
  readonly nextAt: EpochMicros;
  /** @param seq  the seq that it would have as an input */
  admit(seq: number): Guest;
  /** The next one would change the market if it came as an input: it cannot share this fold. */
  turnAway(): void;
}

export const NO_GUESTS: Guests = {
  nextAt: Infinity,
  admit: () => {
    throw new Error('nobody is to come');
  },
  turnAway: () => undefined,
};
