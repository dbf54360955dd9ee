import { Flag, Kind } from '../../../core/market/columns.js';
import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import type { Source } from '../venue.js';
import type { CheckedBook } from './checked-book.js';
import { MessageFault } from './fault.js';
import { HeldMessages } from './held-messages.js';
import type { BookHead, LineRules } from './line-rules.js';
import { RecentDeltas, rolled, type SideTexts } from './recent-deltas.js';
import type { UpdateRange } from './sequence.js';
import type { MarketSink, TradeLine } from './sink.js';

/**
 * One instrument's messages, by the venue's rules of sequence and checksum: what comes before a snapshot is held or left
 * out, a snapshot comes before the messages that it does not hold yet, and a break is said once and before the message that
 * shows it, so that nothing is done on a book that is already known to be wrong.
 */
export class MarketLine {
  /** It has trades. */
  trades = false;
  /** Messages from the start were applied to an empty book. */
  startsEmpty = false;
  /** Whoever sends its book messages. */
  source: Source;
  /** What waits for a snapshot; undefined where nothing has to. */
  #held: HeldMessages | undefined;
  /** The number of the snapshot that is known to come. */
  #ahead: number | undefined;
  /** Last update of the last message or snapshot; undefined before the first. */
  #last: number | undefined;
  #hasBook = false;
  /** The next message is the first one after a snapshot. */
  #afterSnapshot = false;
  /** A break was reported, and no snapshot came since. */
  #broken = false;
  /** What was known is of no use any more: only a snapshot goes on from here. */
  #lost = false;
  /** A silence, or a trade left out, was reported, and neither a snapshot nor a book message in sequence came since. */
  #suspended = false;
  readonly #recent = new RecentDeltas();

  constructor(
    readonly symbol: string,
    readonly code: number,
    readonly sink: MarketSink,
    readonly rules: LineRules,
    source: Source,
  ) {
    this.source = source;
    if (rules.snapshots === 'rest') this.#held = new HeldMessages(symbol);
  }

  /** Messages wait for a snapshot. */
  get isWaiting(): boolean {
    return this.#held?.isEmpty === false;
  }

  /** The number of the last message or snapshot that was applied. */
  get last(): number | undefined {
    return this.#last;
  }

  /** Takes the trades of one message. @throws {MessageFault} */
  trade(head: Pick<BookHead, 'receivedAt' | 'venueAt'>, trades: readonly TradeLine[]): void {
    this.trades = true;
    if (this.sink.trades({ code: this.code, ...head }, trades)) return;
    this.#overflow(head.receivedAt, `trade ${trades[0]!.id}`);
    this.#suspended = true; // the book itself lost nothing: its next message in sequence resumes it
    this.source.wantSnapshot(this.symbol); // the desks take nothing but a snapshot for it
  }

  /** Takes a message of changes; the levels are lists of `[price, quantity, …]` texts. @throws {MessageFault} */
  delta(head: BookHead, bids: unknown, asks: unknown): Promise<void> | undefined {
    const { first, last } = head.range ?? { first: 0, last: 0 };
    if (first > last) throw new MessageFault('bad_message', 'the first update number is above the last');
    if (this.#held !== undefined && this.#ahead === undefined && !this.source.isLive)
      return this.#begin(head, bids, asks);
    if (this.#held === undefined) this.#change(head, bids, asks);
    else this.#hold(head, bids, asks);
    return undefined;
  }

  /** Takes a snapshot. A book that comes whole with every message is a snapshot each time. @throws {MessageFault} */
  snapshot(head: BookHead, bids: unknown, asks: unknown): void {
    const { sink, code } = this;
    const { receivedAt, venueAt } = head;
    const id = head.range?.last ?? 0;
    const fit = sink.levels.read(bids, asks); // a fault is said before anything changes
    const isNumbered = head.range !== undefined && this.rules.snapshots === 'rest';
    const caughtUp = isNumbered && this.#held === undefined ? this.#caughtUp(id) : undefined;
    if (isNumbered && caughtUp === undefined && this.#isOutdated(id)) {
      this.leaveOut(head);
      if (this.#broken || this.#held !== undefined) this.source.wantSnapshot(this.symbol);
      return;
    }
    const [bidsNow, asksNow] = caughtUp === undefined ? [bids, asks] : rolled({ bids, asks }, caughtUp);
    const last = caughtUp === undefined ? id : this.#last!;
    const fits = caughtUp === undefined ? fit : sink.levels.read(bidsNow, asksNow);
    const { checked } = this.rules;
    if (fits && checked !== undefined) {
      checked.clear();
      this.#check(checked, bidsNow as LevelText[], asksNow as LevelText[], Kind.snapshot);
      if (!this.#isWhole(head)) {
        this.#refuse(head);
        return;
      }
    }
    const flags = this.#flags(head, true);
    const written = fits && sink.bookOf({ code, receivedAt, venueAt, venueSeq: last }, Kind.snapshot, flags);
    if (!written) this.#overflow(receivedAt, `snapshot ${id}`);
    this.#last = last;
    this.#hasBook = true;
    this.#afterSnapshot = caughtUp === undefined;
    this.#broken = !written;
    this.#lost = false;
    this.#suspended = false;
    this.#recent.clear();
    this.#release(receivedAt);
    if (this.#broken) this.source.wantSnapshot(this.symbol);
  }

  /** A message that only moves the sequence. */
  pass(head: BookHead): void {
    void this.delta(head, [], []);
  }

  /** A book message that the venue's rules leave out. */
  leaveOut({ receivedAt, venueAt, range }: BookHead): void {
    this.sink.noLevel({ code: this.code, receivedAt, venueAt, venueSeq: range?.last ?? 0 }, Kind.delta, Flag.dropped);
  }

  /**
   * A message was missed that may have been of this book, as others show. It is said once, before the message that shows
   * it; the snapshot is asked for each time.
   */
  miss(receivedAt: EpochMicros, detail: string): void {
    this.#recent.clear();
    if (this.#broken) this.source.wantSnapshot(this.symbol);
    else this.#break(receivedAt, 'gap', detail);
  }

  /** A sequence that is counted over several books goes on: a silence is over for this one too, before it has a message. */
  goOn(receivedAt: EpochMicros): void {
    if (this.#hasBook) this.#resume(receivedAt);
  }

  /** Takes away the book's trust (see `VenueMapper.interrupt`). */
  interrupt(receivedAt: EpochMicros, reason: string, detail: string): void {
    if (reason === 'silent') {
      if (this.#suspended || this.#broken) return;
      this.#suspended = true;
    } else {
      const wasSaid = this.#lost;
      this.#broken = true;
      this.#lost = true;
      this.#recent.clear();
      if (this.rules.snapshots === 'rest') {
        this.#held = new HeldMessages(this.symbol);
        this.#ahead = undefined;
      }
      if (wasSaid) return;
    }
    this.sink.interrupted(this.code, receivedAt, reason, detail);
  }

  /** The first message before any snapshot: will there be one? */
  async #begin(head: BookHead, bids: unknown, asks: unknown): Promise<void> {
    const { ahead } = this.rules;
    this.#ahead = ahead === undefined ? undefined : await this.source.findAhead((reply) => ahead(reply, this.symbol));
    if (this.#ahead !== undefined) this.#hold(head, bids, asks);
    else {
      this.#held = undefined;
      this.#change(head, bids, asks);
    }
  }

  #hold(head: BookHead, bids: unknown, asks: unknown): void {
    const { levels } = this.sink;
    levels.read(bids, asks); // a fault is said at its own line
    const isOld = this.#ahead !== undefined && this.rules.sequence.isOld(head.range!, this.#ahead);
    const held = this.#held!;
    if (held.isEmpty) this.source.wantSnapshot(this.symbol);
    held.add({ head, levels: isOld ? undefined : [bids, asks] }, isOld ? 0 : levels.count);
  }

  /** Gives what waited for a snapshot, at the snapshot's receive time. */
  #release(receivedAt: EpochMicros): void {
    const held = this.#held?.messages ?? [];
    this.#held = undefined;
    this.#ahead = undefined;
    for (const { head, levels } of held)
      if (levels === undefined) this.leaveOut({ ...head, receivedAt });
      else this.#change({ ...head, receivedAt }, levels[0], levels[1]);
  }

  #change(head: BookHead, bids: unknown, asks: unknown): void {
    const { sequence } = this.rules;
    const { receivedAt, range } = head;
    if (this.source.isLive && (!this.#hasBook || this.#lost)) {
      this.sink.levels.read(bids, asks);
      this.leaveOut(head);
      return;
    }
    if (!this.#hasBook) {
      this.startsEmpty = true;
      this.#hasBook = true;
    } else if (range === undefined) {
      if (this.startsEmpty) this.#resume(receivedAt); // no snapshot will ever say more
    } else if (this.#last !== undefined && !this.#lost) {
      if (this.#afterSnapshot && sequence.isOld(range, this.#last)) {
        this.sink.levels.read(bids, asks);
        this.leaveOut(head);
        return;
      }
      const goesOn = this.#afterSnapshot ? sequence.joins(range, this.#last) : sequence.follows(range, this.#last);
      const { newer } = this.rules;
      const isPartlyOld = newer !== undefined && goesOn && range.first <= this.#last;
      // a fault is said before anything changes
      if (!goesOn || isPartlyOld || this.#suspended) this.sink.levels.read(bids, asks);
      if (goesOn) this.#resume(receivedAt);
      else this.#gap(range, receivedAt);
      if (isPartlyOld) {
        this.#apply(head, newer(bids, this.#last), newer(asks, this.#last));
        return;
      }
    }
    this.#apply(head, bids, asks);
  }

  #apply(head: BookHead, bids: unknown, asks: unknown): void {
    const { receivedAt, venueAt, range } = head;
    const fits = this.sink.levels.read(bids, asks); // a fault is said before anything changes
    const { checked } = this.rules;
    let isWhole = true;
    if (fits && checked !== undefined) {
      this.#check(checked, bids as LevelText[], asks as LevelText[], Kind.delta);
      isWhole = this.#isWhole(head);
      if (!isWhole) this.#mismatch(receivedAt, "with this message the book is not what the venue's checksum says");
      else if (head.checksum !== undefined) this.#resume(receivedAt);
    }
    const venueSeq = range?.last ?? 0;
    const flags = this.#flags(head, isWhole);
    if (fits && this.sink.bookOf({ code: this.code, receivedAt, venueAt, venueSeq }, Kind.delta, flags)) {
      if (this.rules.snapshots === 'rest' && range !== undefined) this.#recent.add(range, this.sink.levels);
    } else {
      this.#overflow(receivedAt, `book message ${venueSeq}`);
      this.#broken = true;
      this.#recent.clear();
      this.source.wantSnapshot(this.symbol);
    }
    this.#afterSnapshot = false;
    if (range !== undefined) this.#last = range.last;
  }

  /** A message goes on from the one before it: a silence is over. */
  #resume(receivedAt: EpochMicros): void {
    if (this.#suspended && !this.#broken)
      this.sink.resumed(this.code, receivedAt, this.startsEmpty ? 'partial' : 'trusted');
    this.#suspended = false;
  }

  #gap(range: UpdateRange, receivedAt: EpochMicros): void {
    this.#recent.clear();
    if (this.#broken) return;
    const { first, last, previous } = range;
    const found = previous === undefined ? `${first} to ${last}` : `${first} to ${last}, which follows ${previous},`;
    const expected = this.#afterSnapshot ? `the snapshot of update ${this.#last!}` : `update ${this.#last!}`;
    this.#break(receivedAt, 'gap', `book message ${found} does not go on from ${expected}`);
  }

  #break(receivedAt: EpochMicros, reason: string, detail: string): void {
    this.#broken = true;
    this.sink.interrupted(this.code, receivedAt, reason, detail);
    this.source.wantSnapshot(this.symbol);
  }

  /**
   * Applies to the checked book the levels that were read, and has those read that stand in the book after it: what the
   * subscription's depth pushes out is deleted with the message, or was never in the snapshot.
   */
  #check(checked: CheckedBook, bids: readonly LevelText[], asks: readonly LevelText[], kind: number): void {
    const { levels } = this.sink;
    const cut = checked.apply(levels, bids, asks);
    if (cut === undefined) return;
    if (kind === Kind.snapshot) levels.read(without(bids, cut[0]), without(asks, cut[1]));
    else levels.read([...bids, ...cut[0].map(deletionOf)], [...asks, ...cut[1].map(deletionOf)]);
  }

  #isWhole({ checksum }: BookHead): boolean {
    return checksum === undefined || this.rules.checked?.checksum() === checksum;
  }

  #flags({ checksum }: BookHead, isWhole: boolean): number {
    if (this.rules.checked === undefined || checksum === undefined) return 0;
    return isWhole ? Flag.checked : Flag.checked | Flag.mismatch;
  }

  #mismatch(receivedAt: EpochMicros, detail: string): void {
    if (!this.#broken) this.#break(receivedAt, 'checksum', detail);
  }

  /** A snapshot that is not what its own checksum says: nothing may be done on it, not even for a moment. */
  #refuse(head: BookHead): void {
    const { receivedAt, venueAt, range } = head;
    const { code } = this;
    if (this.#broken) this.source.wantSnapshot(this.symbol);
    else this.#mismatch(receivedAt, 'a snapshot is not what its own checksum says');
    const flags = Flag.dropped | this.#flags(head, false);
    this.sink.noLevel({ code, receivedAt, venueAt, venueSeq: range?.last ?? 0 }, Kind.delta, flags);
    this.#hasBook = true; // what follows is no book that starts empty
    this.#lost = true;
    this.#suspended = false;
  }

  #overflow(receivedAt: EpochMicros, what: string): void {
    this.sink.interrupted(
      this.code,
      receivedAt,
      'increment_overflow',
      `${what} holds a number that cannot be counted exactly together with those before it, and is left out`,
    );
  }

  /**
   * A snapshot in mid recording is older than the messages that came while it was on its way. Where these are known in an
   * unbroken row, the snapshot is brought up to date with them.
   */
  #caughtUp(id: number): ((book: SideTexts) => void) | undefined {
    if (this.#last === undefined || id > this.#last) return undefined;
    if (id === this.#last) return () => undefined;
    const { sequence } = this.rules;
    const since = this.#recent.since((range) => !sequence.isOld(range, id));
    if (since === undefined) return undefined;
    const goesOn = sequence.provesNothing === true ? since.isWhole : sequence.joins(since.first, id);
    return goesOn ? since.apply : undefined;
  }

  /**
   * A snapshot that is older than what came, so that messages are missing in between. A recording has no better one, and the
   * next message says so; where it would not, or another one can be had, the snapshot is left out.
   */
  #isOutdated(id: number): boolean {
    const { sequence } = this.rules;
    const { provesNothing = false } = sequence;
    if (this.#held === undefined || !this.source.isLive)
      return (provesNothing || this.source.isLive) && !this.#lost && this.#last !== undefined && id < this.#last;
    return this.#held.leavesHole(sequence, id);
  }
}

const deletionOf = (price: string): LevelText => [price, '0'];

function without(levels: readonly LevelText[], cut: readonly string[]): readonly LevelText[] {
  if (cut.length === 0) return levels;
  const prices = new Set(cut);
  return levels.filter(([price]) => !prices.has(price));
}
