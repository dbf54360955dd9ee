import { MessageFault } from './fault.js';
import type { BookHead } from './line-rules.js';
import type { SequenceRule } from './sequence.js';

/** A message that waits for a snapshot. */
export interface HeldMessage {
  readonly head: BookHead;
  /** Absent for one that the snapshot ahead makes old. */
  readonly levels: readonly [unknown, unknown] | undefined;
}

/** Levels that may wait for a snapshot: beyond that, nobody will ever send it. */
const MOST_LEVELS = 4_000_000;

/** The book messages of one instrument that wait for a snapshot, in their order. */
export class HeldMessages {
  readonly messages: HeldMessage[] = [];
  #levels = 0;

  constructor(readonly symbol: string) {}

  get isEmpty(): boolean {
    return this.messages.length === 0;
  }

  /** @param count  how many levels it keeps waiting; @throws {MessageFault} when there are too many */
  add(message: HeldMessage, count: number): void {
    this.messages.push(message);
    this.#levels += count;
    if (this.#levels <= MOST_LEVELS) return;
    throw new MessageFault(
      'bad_message',
      `${MOST_LEVELS} levels of ${this.symbol} wait for a snapshot that is older than they are`,
      'cut the recording off before that snapshot, or leave the snapshot out',
    );
  }

  /** Whether messages are missing between a snapshot of that number and those that wait. */
  leavesHole(sequence: SequenceRule, snapshotId: number): boolean {
    const first = this.messages.findIndex(({ head }) => !sequence.isOld(head.range!, snapshotId));
    if (first < 0) return false;
    return sequence.provesNothing === true
      ? first === 0
      : !sequence.joins(this.messages[first]!.head.range!, snapshotId);
  }
}
