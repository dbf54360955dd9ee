import type { EpochMicros } from '../../core/time.js';

/** How one desk went, as far as it can be drawn. */
export interface DeskTrace {
  readonly fills: readonly { readonly at: EpochMicros }[];
}
