import { readOutcome, readShape } from '../adapters/log/shapes.js';
import { FOLDED_STREAMS, OUTCOME_STREAMS, RUNS } from '../adapters/log/streams.js';
import type { RunStarted } from '../core/engine/inputs.js';
import { LogFailure, type EventLog, type LogEvent, type Position, type StoredEvent } from '../core/ports.js';
import type { StoredOutcome } from './conclusions.js';
import { lastTold } from './log-end.js';

/** A stretch of a log in its one order: its inputs, and the outcomes that were stored with them. */
export interface LogPage {
  readonly events: readonly LogEvent[];
  readonly outcomes: readonly StoredOutcome[];
  /** With the last page: inputs that nobody has folded nor will, since the run died that was storing them. */
  readonly unfolded?: SeqRange;
}

/** Both ends included. */
export interface SeqRange {
  readonly from: number;
  readonly to: number;
}

export interface LogPagesOptions {
  /**
   * A hint: what is wanted stands after this position of the store. Where that is not so (the log was copied, or put back),
   * everything is read.
   */
  readonly after?: Position;
  /** Inputs up to and including this seq are passed over. */
  readonly afterSeq?: number;
  /** Outcomes up to and including this ordinal are passed over. */
  readonly afterN?: number;
}

/** Inputs are missing in a log's order, by retention or by damage: `from` is the first one missing, `to` the next one there. */
export class LogHole extends LogFailure {
  constructor(
    readonly from: number,
    readonly to: number,
  ) {
    super('damaged', `inputs ${from} to ${to - 1} are missing in the log; restore it from a copy`, { seq: from });
  }
}

/** More inputs than these are never under way at once: several appends of a live run. */
export const MOST_UNDER_WAY = 10_000;

/** Events that may wait for an earlier one: streams are written side by side, so neighbours come out of order. */
const WINDOW = 100_000;

/**
 * Reads a log in the order of `seq` and, for outcomes, of `n`: a store's own order means nothing. What a run names as lost
 * before it is passed over. Where streams are stored side by side, a last append that a crash left in part is told as
 * `unfolded`: nothing has followed from it.
 *
 * @param name  how the engine's streams begin
 * @throws {LogHole} when inputs are missing  @throws {LogFailure} when a record is damaged or of an unknown shape
 */
export async function* logPages(log: EventLog, name: string, options: LogPagesOptions = {}): AsyncGenerator<LogPage> {
  const inputs = new InOrder<LogEvent>((options.afterSeq ?? 0) + 1);
  const outcomes = new InOrder<StoredOutcome>((options.afterN ?? 0) + 1);
  const { after } = options;
  let folded = 0; // what followed from this input or was kept of it is in the log
  // what a wrong hint left out is found from the start; what it gave is not given again
  for (const from of after === undefined ? [undefined] : [after, undefined]) {
    for await (const stored of storedPages(log, name, from)) {
      for (const { stream, revision, event } of stored) {
        folded = Math.max(folded, foldedBy(event));
        if (event.n !== undefined) outcomes.put(event.n, { ...event, stream: stream.slice(name.length), revision });
        else if (event.seq !== undefined) {
          if (event.type === 'RunStarted')
            for (const [first, last] of lostBefore(readShape(event))) inputs.pass(first, last);
          inputs.put(event.seq, event);
        }
      }
      const events = inputs.take();
      const isHole = inputs.waiting > WINDOW;
      if (isHole && from === undefined) throw new LogHole(inputs.next, inputs.span()[0]);
      yield { events: events.map(readShape), outcomes: outcomes.take() };
      if (isHole) break;
    }
    if (from !== undefined && (await isEnd())) break;
  }
  if (inputs.waiting > 0 && !isTorn()) throw new LogHole(inputs.next, inputs.span()[0]);
  // outcomes behind one that is missing: whoever compares will see which
  const rest = outcomes.rest();
  const unfolded = inputs.waiting > 0 ? { unfolded: { from: inputs.next, to: inputs.span()[1] } } : {};
  if (rest.length > 0 || inputs.waiting > 0) yield { events: [], outcomes: rest, ...unfolded };

  function isTorn(): boolean {
    return log.sideBySide === true && folded < inputs.next && inputs.span()[1] - inputs.next <= MOST_UNDER_WAY;
  }

  /** Whether the log ends where the reading behind a hint did. */
  async function isEnd(): Promise<boolean> {
    if (inputs.waiting > 0) return isTorn();
    if (outcomes.waiting > 0) return log.sideBySide === true;
    // where anything stood behind the hint, all of it did
    return inputs.next > (options.afterSeq ?? 0) + 1 || (await lastTold(log, name)) < inputs.next;
  }
}

/** What stands after a position; nothing when the store never gave that position. */
async function* storedPages(
  log: EventLog,
  name: string,
  after: Position | undefined,
): AsyncGenerator<readonly StoredEvent[]> {
  try {
    // a damaged checkpoint stops nobody who can do without it; at a torn end each says what was folded
    const kinds = log.sideBySide === true ? [''] : FOLDED_STREAMS;
    yield* log.readAll({ ...(after === undefined ? {} : { after }), prefixes: kinds.map((kind) => name + kind) });
  } catch (error) {
    if (after === undefined || !(error instanceof LogFailure) || error.code !== 'foreign') throw error;
  }
}

/** Up to which input an event says that inputs were folded; 0 where it says nothing of that. */
export function foldedBy({ type, seq, n, cause, data }: LogEvent): number {
  if (n !== undefined) return cause!;
  if (type === 'RunStarted') return seq!;
  return type === 'CheckpointTaken' ? (data as { readonly seq: number }).seq : 0;
}

const lostBefore = ({ data }: LogEvent): readonly (readonly [number, number])[] =>
  (data as unknown as RunStarted['data']).lost ?? [];

/** Reads which seqs the runs of a log have named as lost: whoever reads inputs past `logPages` leaves them out. */
export async function lostSeqs(log: EventLog, name: string): Promise<readonly SeqRange[]> {
  const ranges: SeqRange[] = [];
  for await (const page of log.readStream(name + RUNS))
    for (const { event } of page)
      if (event.type === 'RunStarted') for (const [from, to] of lostBefore(readShape(event))) ranges.push({ from, to });
  return ranges;
}

/** Which outcomes are wanted. */
export interface OutcomeSpan {
  readonly afterN: number;
  readonly upToN: number;
  /** Those that the log did not hold when `upToN` was looked up; it may hold them by now. */
  readonly unstored: readonly StoredOutcome[];
}

/**
 * Reads outcomes alone, in the order of `n`: each of the span once, and no other.
 *
 * @throws {LogFailure} `damaged` when one of them is missing, `foreign` when one is of an unknown shape
 */
export async function* outcomePages(
  log: EventLog,
  name: string,
  { afterN, upToN, unstored }: OutcomeSpan,
): AsyncGenerator<readonly StoredOutcome[]> {
  const outcomes = new InOrder<StoredOutcome>(afterN + 1);
  for await (const stored of log.readAll({ prefixes: OUTCOME_STREAMS.map((kind) => name + kind) })) {
    for (const { stream, revision, event } of stored)
      if (event.n! > afterN && event.n! <= upToN)
        outcomes.put(event.n!, { ...readOutcome(event), stream: stream.slice(name.length), revision });
    if (outcomes.waiting > WINDOW) break;
    yield outcomes.take();
  }
  for (const outcome of unstored) outcomes.put(outcome.n!, outcome);
  yield outcomes.take();
  if (outcomes.next <= upToN)
    throw new LogFailure('damaged', `outcome ${outcomes.next} is missing in the log; restore it from a copy`);
}

/** Numbered things put back into their order: what is next comes out, what is early waits, what is past is left out. */
class InOrder<T> {
  readonly #early = new Map<number, T>();
  #ready: T[] = [];

  constructor(public next: number) {}

  get waiting(): number {
    return this.#early.size;
  }

  put(number: number, item: T): void {
    if (number < this.next) return;
    if (number > this.next) {
      this.#early.set(number, item);
      return;
    }
    this.#ready.push(item);
    this.next++;
    for (let early = this.#early.get(this.next); early !== undefined; early = this.#early.get(this.next)) {
      this.#early.delete(this.next++);
      this.#ready.push(early);
    }
  }

  take(): T[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  /** The least and the greatest number that waits. */
  span(): readonly [number, number] {
    let [least, most] = [Infinity, -Infinity];
    for (const number of this.#early.keys()) {
      if (number < least) least = number;
      if (number > most) most = number;
    }
    return [least, most];
  }

  /** These numbers are not to come: where they are next, the one behind them is. */
  pass(from: number, to: number): void {
    if (this.next < from || this.next > to) return;
    for (const number of this.#early.keys()) if (number <= to) this.#early.delete(number);
    this.next = to + 1;
  }

  /** What waits, in order, whatever is missing before it. */
  rest(): T[] {
    return [...this.#early].sort(([a], [b]) => a - b).map(([, item]) => item);
  }
}
