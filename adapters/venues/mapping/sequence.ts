/** The numbers of a book message: first and last update in it and, where the venue names it, the last one before it. */
export interface UpdateRange {
  readonly first: number;
  readonly last: number;
  readonly previous?: number | undefined;
}

/** How a venue's book messages follow each other and a snapshot. */
export interface SequenceRule {
  /** Whether a snapshot of that number holds the message already. */
  isOld(range: UpdateRange, snapshotId: number): boolean;
  /** Whether the message may be the first after a snapshot. */
  joins(range: UpdateRange, snapshotId: number): boolean;
  /** Whether the message follows the one whose last update is given. */
  follows(range: UpdateRange, last: number): boolean;
  /**
   * A number says nothing of the one before it, so that `joins` proves nothing: that no message is missing behind a
   * snapshot shows only where one that it holds already is known too.
   */
  readonly provesNothing?: true;
}

/** Update numbers have no holes, and a message begins with the number after the last one (Binance spot, KuCoin, Gate.io). */
export const WITHOUT_HOLES: SequenceRule = {
  isOld: ({ last }, snapshotId) => last <= snapshotId,
  joins: ({ first, last }, snapshotId) => first <= snapshotId + 1 && snapshotId + 1 <= last,
  follows: ({ first }, last) => first === last + 1,
};

/** Update numbers have holes, and a message names the last one before it (Deribit, OKX). */
export const NAMES_PREVIOUS: SequenceRule = {
  isOld: ({ last }, snapshotId) => last < snapshotId,
  joins: ({ previous }, snapshotId) => previous === snapshotId,
  follows: ({ previous }, last) => previous === last,
};

/** Numbers only never fall (Bitstamp's time of the book, Bybit v2's `cross_seq`). */
export const NEVER_FALLS: SequenceRule = {
  isOld: ({ last }, snapshotId) => last <= snapshotId,
  joins: () => true,
  follows: ({ first }, last) => first >= last,
  provesNothing: true,
};

/** The venue numbers nothing: messages are taken as they come. */
export const UNNUMBERED: SequenceRule = {
  isOld: () => false,
  joins: () => true,
  follows: () => true,
};
