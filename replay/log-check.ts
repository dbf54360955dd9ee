import { eventId } from '../adapters/log/event-id.js';
import { readShape } from '../adapters/log/shapes.js';
import { LogFailure, type EventLog, type LogEvent, type Position, type StoredEvent } from '../core/ports.js';
import { seenCheckpoints, type SeenCheckpoint } from './check-checkpoints.js';
import { DigestChain } from './digest-chain.js';
import { foldedBy, lostSeqs, MOST_UNDER_WAY, type SeqRange } from './log-pages.js';
import { malformation, misplacement } from './log-places.js';
import { Numbering } from './numbering.js';

/** Something in a log that is not as it should be. */
export interface Finding {
  readonly message: string;
  readonly stream?: string;
  readonly revision?: number;
  readonly seq?: number;
}

/** What was looked at. */
export interface CheckSummary {
  readonly streams: number;
  readonly events: number;
  readonly inputs: number;
  readonly outcomes: number;
  readonly lastSeq: number;
  readonly checkpoints: number;
  /** Checkpoints whose digest of all inputs could be computed anew. */
  readonly digests: number;
}

export type LogCheckItem =
  | { readonly kind: 'damage'; readonly finding: Finding }
  | { readonly kind: 'note'; readonly note: string }
  | { readonly kind: 'summary'; readonly summary: CheckSummary };

/** Outcomes that may wait for their cause to be met. */
const MOST_CAUSES = 10_000;

/**
 * Reads a log of any store and holds it against what a log is: revisions and numbers without a gap and once, ids that follow
 * from what is stored, causes that exist, events that stand where they belong, checkpoints that are what they say. Goes on
 * behind what it finds, as long as the store lets it read.
 */
export async function* checkLog(log: EventLog, name: string): AsyncGenerator<LogCheckItem> {
  const found: Finding[] = [];
  const told = function* (): Generator<LogCheckItem> {
    for (const finding of found.splice(0)) yield { kind: 'damage', finding };
  };
  try {
    const { seen, findings, notes } = await seenCheckpoints(log, name);
    found.push(...findings);
    for (const note of notes) yield { kind: 'note', note };
    const lost = await lostSeqs(log, name);
    const check = new Check(name, seen, lost, (finding) => found.push(finding));
    let last: Position | undefined;
    // once more behind the end: what a server had on its way to the store may stand there by now
    for (const reading of [1, 2]) {
      if (reading === 2 && (last === undefined || last === '' || !check.isWaiting)) break;
      for await (const page of log.readAll({ ...(last === undefined ? {} : { after: last }), prefixes: [name] })) {
        for (const stored of page) check.look(stored);
        last = page.at(-1)?.position ?? last;
        yield* told();
      }
    }
    check.end(log.sideBySide === true);
    yield* told();
    for (const note of check.notes()) yield { kind: 'note', note };
    yield { kind: 'summary', summary: check.summary() };
  } catch (error) {
    if (!(error instanceof LogFailure) || error.code !== 'damaged') throw error;
    yield* told();
    const { stream, revision, seq } = error.where;
    const where = {
      ...(stream === undefined ? {} : { stream }),
      ...(revision === undefined ? {} : { revision }),
      ...(seq === undefined ? {} : { seq }),
    };
    yield { kind: 'damage', finding: { message: error.message, ...where } };
    yield {
      kind: 'note',
      note: 'what stands behind that was not looked at, because the store does not let it be read',
    };
  }
}

class Check {
  readonly #revisions = new Map<string, number>();
  readonly #chain: DigestChain;
  readonly #inputs: Numbering<LogEvent>;
  readonly #outcomes: Numbering<LogEvent>;
  /** Outcomes met before their cause, by that. */
  readonly #causes = new Map<number, Finding>();
  readonly #retained: { from: number; to: number; stretches: number; inputs: number };
  /** What a crash left in part at the end. */
  readonly #torn: string[] = [];
  /** What followed from this input, or was kept of it, is in the log. */
  #folded = 0;
  #events = 0;
  #inputCount = 0;
  #outcomeCount = 0;
  #lastSeq = 0;
  #strays = 0;
  #unknown = 0;

  constructor(
    readonly name: string,
    readonly checkpoints: readonly SeenCheckpoint[],
    readonly lost: readonly SeqRange[],
    readonly find: (finding: Finding) => void,
  ) {
    this.#chain = new DigestChain(checkpoints, ({ seq, stream, revision }) =>
      find({
        message: `the inputs up to ${seq} are not those that its checkpoint says: one of them was changed, or ${stream} was; restore the log from a copy`,
        stream,
        revision,
        seq,
      }),
    );
    this.#retained = { from: 0, to: 0, stretches: 0, inputs: 0 };
    const oldest = checkpoints[0]?.seq ?? 0;
    this.#inputs = new Numbering({
      inOrder: (input) => this.#chain.follow(input),
      missing: (from, to) => {
        this.#chain.skip(to);
        if (to <= oldest) this.#drop(from, to);
        else
          find({
            message: `inputs ${from} to ${to} are missing; restore the log from a copy`,
            seq: from,
          });
      },
    });
    for (const { from, to } of lost) this.#inputs.lose(from, to);
    this.#outcomes = new Numbering({
      inOrder: () => undefined,
      missing: (from, to) => find({ message: `outcomes ${from} to ${to} are missing; restore the log from a copy` }),
    });
  }

  /** Whether something is missing before what was met last. */
  get isWaiting(): boolean {
    return this.#inputs.waiting > 0 || this.#outcomes.waiting > 0;
  }

  look(stored: StoredEvent): void {
    const { stream, event } = stored;
    this.#events++;
    this.#follow(stored);
    const malformed = malformation(event);
    const fault = malformed ?? this.#misread(event) ?? this.#misnamed(stored);
    if (fault !== undefined) this.#at(stored, `${fault}; restore the stream from a copy`);
    if (malformed !== undefined) return;
    const place = misplacement(stream.slice(this.name.length), event);
    if (place !== undefined)
      this.#at(stored, `${place}; it was written by hand or by another program: take it from a copy`);
    this.#folded = Math.max(this.#folded, foldedBy(event));
    if (event.seq !== undefined) this.#input(stored, event.seq);
    else if (event.n !== undefined) this.#outcome(stored, event.n, event.cause!);
    else if (!BOOKKEEPING.has(event.type)) this.#unknown++;
  }

  /** @param sideBySide  a crash may have left the last appends in part */
  end(sideBySide: boolean): void {
    this.#inputs.end(this.checkpoints[0]?.seq ?? 0);
    const torn = sideBySide ? this.#inputs.torn(this.#folded, MOST_UNDER_WAY) : undefined;
    if (torn === undefined) this.#inputs.end();
    else
      this.#torn.push(
        `the append of inputs ${torn.from} to ${torn.to} was cut off or is under way: nobody has folded them, and where their run died the next one names them as lost`,
      );
    const unstored = sideBySide ? this.#outcomes.torn(0, MOST_UNDER_WAY) : undefined;
    if (unstored === undefined) this.#outcomes.end();
    else
      this.#torn.push(
        `outcome ${unstored.from} is not stored and ${unstored.to} is: the next start stores what is missing`,
      );
    for (const finding of this.#causes.values()) this.find(finding);
  }

  *notes(): Generator<string> {
    const { from, to, stretches, inputs } = this.#retained;
    if (inputs > 0)
      yield `${inputs} inputs between ${from} and ${to}, in ${stretches} stretch${stretches === 1 ? '' : 'es'}, are gone, as retention leaves a log: a checkpoint stands behind them`;
    for (const { from, to } of this.lost)
      yield `inputs ${from} to ${to} are named as lost by the run behind them: a crash may have left some, and nobody folds them`;
    yield* this.#torn;
    if (this.#strays > 0) yield `${this.#strays} of the lost inputs stand in their streams`;
    if (this.#unknown > 0) yield `${this.#unknown} events of bookkeeping have a type that is not known here`;
  }

  summary(): CheckSummary {
    return {
      streams: this.#revisions.size,
      events: this.#events,
      inputs: this.#inputCount,
      outcomes: this.#outcomeCount,
      lastSeq: this.#lastSeq,
      checkpoints: this.checkpoints.length,
      digests: this.#chain.compared,
    };
  }

  #follow(stored: StoredEvent): void {
    const { stream, revision } = stored;
    const next = this.#revisions.get(stream) ?? 0;
    if (revision < next) this.#at(stored, 'this revision is there twice; restore the stream from a copy');
    else if (revision > next)
      this.#at(stored, `revision ${next} should stand before it and is not there; restore the stream from a copy`);
    if (revision >= next) this.#revisions.set(stream, revision + 1);
  }

  #misread(event: LogEvent): string | undefined {
    try {
      readShape(event);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  #misnamed({ stream, revision, event, id }: StoredEvent): string | undefined {
    if (id === undefined) return undefined;
    const right = eventId(stream, revision, event);
    return id === right ? undefined : `its id is ${id}, and from what is stored follows ${right}`;
  }

  #input(stored: StoredEvent, seq: number): void {
    const taken = this.#inputs.put(seq, stored.event);
    if (taken === 'lost') this.#strays++;
    if (taken === 'twice') this.#at(stored, `input ${seq} is there twice; restore the log from a copy`);
    if (taken !== 'new') return;
    this.#inputCount++;
    if (seq > this.#lastSeq) this.#lastSeq = seq;
    if (this.#causes.size > 0)
      for (const cause of this.#causes.keys()) if (cause <= this.#lastSeq) this.#causes.delete(cause);
  }

  #outcome(stored: StoredEvent, n: number, cause: number): void {
    this.#outcomeCount++;
    if (this.#outcomes.put(n, stored.event) === 'twice')
      this.#at(stored, `outcome ${n} is there twice; restore the log from a copy`);
    const message = `its cause, input ${cause}, is not in the log; restore the log from a copy`;
    if (this.#inputs.isLost(cause)) this.#at(stored, message);
    else if (cause > this.#lastSeq && !this.#causes.has(cause)) {
      if (this.#causes.size < MOST_CAUSES) this.#causes.set(cause, located(stored, message));
      else this.#at(stored, message);
    }
  }

  #drop(from: number, to: number): void {
    const gone = this.#retained;
    if (gone.from === 0) gone.from = from;
    gone.to = to;
    gone.stretches++;
    gone.inputs += to - from + 1;
  }

  #at(stored: StoredEvent, fault: string): void {
    this.find(located(stored, fault));
  }
}

const BOOKKEEPING: ReadonlySet<string> = new Set(['CheckpointPart', 'CheckpointTaken', 'BookIndexed', 'RunStopped']);

function located({ stream, revision, event: { seq } }: StoredEvent, fault: string): Finding {
  const where = `stream ${stream}, revision ${revision}${seq === undefined ? '' : ` (seq ${seq})`}`;
  return { message: `${where}: ${fault}`, stream, revision, ...(seq === undefined ? {} : { seq }) };
}
