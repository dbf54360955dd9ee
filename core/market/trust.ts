/** What a book is worth (docs/orders.md). */
export type Trust = 'trusted' | 'partial' | 'untrusted';

/**
 * Why a book is not trusted: `no_snapshot` (nothing to stand on yet), what interrupted the feed (`gap`, `silent`,
 * `checksum`, `disconnected`, `log_behind`, …), `crossed` for over five seconds, `engine_down`, or `fold_failed` (our own fault).
 */
export type TrustReason = string;

export interface TrustState {
  readonly trust: Trust;
  readonly reason: TrustReason;
}

/** How long a book may stay crossed or locked before it loses its trust, in microseconds. */
export const CROSSED_LIMIT = 5_000_000;

/** Why nothing can be done in a book right now, in the order in which it is asked; undefined when it is usable. */
export type Unusable = 'book_untrusted' | 'book_partial' | 'one_side_empty' | 'book_crossed' | 'book_locked';
