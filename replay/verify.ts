import { Engine } from '../core/engine/engine.js';
import { LogFailure, type EventLog, type InputBatch, type LogEvent } from '../core/ports.js';
import type { EpochMicros } from '../core/time.js';
import { ENGINE_VERSION } from '../core/version.js';
import { checkpoints, restoreCheckpoint, type FoundCheckpoint } from './checkpoints.js';
import { canonicalOutcome, Conclusions, type StoredOutcome } from './conclusions.js';
import { stateHash } from './digest.js';
import { asBatch, foldForeign, stretches } from './epochs.js';
import { LogHole, logPages, MOST_UNDER_WAY, type LogPage } from './log-pages.js';

/** The first place where a stored run and a fresh one differ; null on a side that has nothing there. */
export interface Difference {
  /** Ordinal of the outcome, from 1. */
  readonly index: number;
  readonly stream: string;
  /** As text where the stored record is damaged so that it is no JSON any more. */
  readonly stored: StoredOutcome | string | null;
  readonly fresh: StoredOutcome | null;
}

export interface Verified {
  readonly same: boolean;
  readonly inputs: number;
  readonly outcomes: number;
  readonly stateHash: string;
  readonly difference: Difference | null;
  /** Sentences about what was not compared, and why. */
  readonly notes: readonly string[];
}

/** Holds stored outcomes against fresh ones, one by one, in bounded memory. */
class Comparison {
  readonly #fresh: StoredOutcome[] = [];
  readonly #stored: StoredOutcome[] = [];
  #index: number;
  compared = 0;
  difference: Difference | null = null;

  /** @param torn  of the last outcomes one may be missing before one that is there: they were appended side by side */
  constructor(
    after: number,
    readonly torn: boolean,
  ) {
    this.#index = after;
  }

  fresh(outcome: StoredOutcome): void {
    this.#fresh.push(outcome);
  }

  stored(outcome: StoredOutcome): void {
    this.#stored.push(outcome);
  }

  /** Outcomes up to this ordinal stand as they are and are not compared. */
  skipTo(n: number): void {
    this.settle();
    this.#index = n;
  }

  /** Compares what both sides have by now. */
  settle(): void {
    let s = 0;
    let f = 0;
    while (s < this.#stored.length && f < this.#fresh.length && this.difference === null) {
      if (this.torn && this.#fresh[f]!.n! < this.#stored[s]!.n! && this.#stored.length <= MOST_UNDER_WAY) {
        f++; // the next start appends it
        this.#index++;
      } else this.#compare(this.#stored[s++]!, this.#fresh[f++]!);
    }
    this.#fresh.splice(0, f);
    this.#stored.splice(0, s);
  }

  /** Nothing more comes. `storedMayLag`: the last outcomes of a log that was cut off are not stored yet, and that is no difference. */
  finish(storedMayLag: boolean): void {
    this.settle();
    if (this.difference !== null) return;
    const stored = this.#stored[0] ?? null;
    const fresh = this.#fresh[0] ?? null;
    if (stored === null && (fresh === null || storedMayLag)) return;
    this.difference = { index: this.#index + 1, stream: (stored ?? fresh)!.stream, stored, fresh };
  }

  /** A stored outcome cannot be read any more: it is held against the fresh one of its place. False when there is none. */
  damaged(stream: string, revision: number, found: string): boolean {
    this.settle();
    if (this.difference !== null) return true;
    const fresh = this.#fresh.find((outcome) => outcome.stream === stream && outcome.revision === revision);
    if (fresh === undefined) return false;
    this.difference = { index: fresh.n!, stream, stored: legible(stream, revision, found), fresh };
    return true;
  }

  #compare(stored: StoredOutcome, fresh: StoredOutcome): void {
    this.#index++;
    this.compared++;
    if (canonicalOutcome(stored) !== canonicalOutcome(fresh))
      this.difference = { index: this.#index, stream: stored.stream, stored, fresh };
  }
}

function legible(stream: string, revision: number, text: string): StoredOutcome | string {
  try {
    return { stream, revision, ...(JSON.parse(text) as LogEvent) };
  } catch {
    return text;
  }
}

/** A session with outcomes, as `verify` needs it. */
export interface VerifiableSession {
  readonly to: EpochMicros;
  inputs(): AsyncIterable<InputBatch>;
  outcomes(): AsyncIterable<readonly StoredOutcome[]>;
}

/** Runs a session again and compares outcome by outcome. */
export async function verifySession(session: VerifiableSession, engineVersion: string): Promise<Verified> {
  const comparison = new Comparison(0, false);
  const conclusions = new Conclusions((outcome) => comparison.fresh(outcome));
  const engine = new Engine(conclusions.take);
  const stored = session.outcomes()[Symbol.asyncIterator]();
  for await (const batch of session.inputs()) {
    engine.fold(batch);
    await pullTo(stored, comparison, conclusions.count);
    if (comparison.difference !== null) break;
  }
  if (comparison.difference === null) {
    engine.passTo(session.to);
    await pullTo(stored, comparison, Infinity);
    comparison.finish(false);
  }
  return report(engine, comparison, otherVersion(engineVersion));
}

/** Reads stored outcomes until as many were compared as the fresh run has. */
async function pullTo(
  stored: AsyncIterator<readonly StoredOutcome[]>,
  comparison: Comparison,
  count: number,
): Promise<void> {
  comparison.settle();
  while (comparison.compared < count && comparison.difference === null) {
    const page = await stored.next();
    if (page.done === true) return;
    for (const outcome of page.value) comparison.stored(outcome);
    comparison.settle();
  }
}

/**
 * Runs a log again, from its beginning or, where retention took that, from its oldest checkpoint behind the hole. The last
 * outcomes of a server that was killed are not stored yet; its next start appends them, so their absence is no difference.
 *
 * @throws {LogHole} when inputs are missing and no checkpoint stands behind them
 */
export async function verifyLog(log: EventLog, name: string): Promise<Verified> {
  let hole: LogHole | undefined;
  for (;;) {
    try {
      return await verifyFrom(log, name, hole);
    } catch (error) {
      // a checkpoint may lie before the next hole; each hole is behind the one before
      if (!(error instanceof LogHole) || error.to === hole?.to) throw error;
      hole = error;
    }
  }
}

async function verifyFrom(log: EventLog, name: string, hole: LogHole | undefined): Promise<Verified> {
  const notes: string[] = [];
  let comparison = new Comparison(0, log.sideBySide === true);
  const conclusions = new Conclusions((outcome) => comparison.fresh(outcome));
  let engine = new Engine(conclusions.take);
  if (hole !== undefined) {
    const found = await checkpointBehind(log, name, hole);
    comparison = new Comparison(found.n, log.sideBySide === true);
    engine = restoreCheckpoint(found, conclusions.take);
    notes.push(`inputs ${hole.from} to ${hole.to - 1} are gone: verified from the checkpoint at input ${found.seq} on`);
  }
  const skipped = engine.seq;
  try {
    const pages = logPages(log, name, { afterSeq: engine.seq, afterN: engine.n });
    for await (const stretch of stretches(noting(pages, notes), engine.engineVersion)) {
      if (!stretch.own) {
        foldForeign(engine, stretch);
        comparison.skipTo(engine.n);
        notes.push(
          `inputs ${stretch.events[0]?.seq ?? 0} on: ${otherVersion(stretch.version).join('')}; folded as stored`,
        );
        continue;
      }
      for (const outcome of stretch.outcomes) comparison.stored(outcome);
      engine.fold(asBatch(stretch.events));
      comparison.settle();
      if (comparison.difference !== null) break;
    }
  } catch (error) {
    const { stream, revision, found } = error instanceof LogFailure ? error.where : {};
    if (found === undefined || !comparison.damaged(stream!.slice(name.length), revision!, found)) throw error;
    notes.push((error as Error).message);
  }
  comparison.finish(true);
  return { ...report(engine, comparison, notes), inputs: engine.seq - skipped };
}

async function* noting(pages: AsyncIterable<LogPage>, notes: string[]): AsyncGenerator<LogPage> {
  for await (const page of pages) {
    if (page.unfolded !== undefined)
      notes.push(
        `the append of inputs ${page.unfolded.from} to ${page.unfolded.to} was cut off: nobody has folded them, and the next run names them as lost`,
      );
    yield page;
  }
}

async function checkpointBehind(log: EventLog, name: string, hole: LogHole): Promise<FoundCheckpoint> {
  for await (const found of checkpoints(log, name)) if (found.seq >= hole.to - 1) return found;
  throw hole;
}

function otherVersion(made: string): string[] {
  return made === ENGINE_VERSION || made === '' ? [] : [`made by ${made}, run by ${ENGINE_VERSION}`];
}

function report(engine: Engine, comparison: Comparison, notes: readonly string[]): Verified {
  return {
    same: comparison.difference === null,
    inputs: engine.seq,
    outcomes: comparison.compared,
    stateHash: stateHash(engine),
    difference: comparison.difference,
    notes,
  };
}
