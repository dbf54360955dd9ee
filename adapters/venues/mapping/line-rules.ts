import type { EpochMicros } from '../../../core/time.js';
import type { Frame } from '../venue.js';
import type { CheckedBook } from './checked-book.js';
import type { SequenceRule, UpdateRange } from './sequence.js';

/** When a message came and what the venue says of it. */
export interface BookHead {
  readonly receivedAt: EpochMicros;
  /** 0 where the message has no time of the venue. */
  readonly venueAt: EpochMicros;
  /** Absent where the venue numbers nothing. */
  readonly range?: UpdateRange;
  /** The venue's checksum of the book after this message, as a number without sign. */
  readonly checksum?: number | undefined;
}

export interface LineRules {
  readonly sequence: SequenceRule;
  /**
   * Where snapshots come from. `rest`: messages that come before one are held until it is there. `feed`: it comes first in
   * the feed, and what comes before it is of no book.
   */
  readonly snapshots: 'rest' | 'feed';
  /** Reads a REST reply: the number of its book when it is a snapshot of this instrument. For `rest` only. */
  readonly ahead?: (reply: Frame, symbol: string) => number | undefined;
  /** Kept beside the book where the venue sends checksums. */
  readonly checked?: CheckedBook;
  /**
   * Where each level names its own update: of a message that begins before what the book holds already, the levels that
   * are newer than that update. The levels are read already.
   */
  readonly newer?: (levels: unknown, than: number) => unknown;
}
