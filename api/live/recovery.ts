import { RUNS } from '../../adapters/log/streams.js';
import { Engine } from '../../core/engine/engine.js';
import { LogFailure, type EventLog } from '../../core/ports.js';
import { canonicalOutcome, Conclusions, type StoredOutcome } from '../../replay/conclusions.js';
import { asBatch, foldForeign, stretches } from '../../replay/epochs.js';
import { InputsDigest } from '../../replay/inputs-digest.js';
import { lastEvent } from '../../replay/log-end.js';
import { logPages, MOST_UNDER_WAY, type LogPage, type SeqRange } from '../../replay/log-pages.js';
import { NEWEST, restoreNearest, type OnDamage } from '../../replay/nearest-checkpoint.js';

/** An engine brought up to the end of its log. */
export interface Recovered {
  readonly engine: Engine;
  /** What the engine concludes into. */
  readonly conclusions: Conclusions;
  /** Outcomes that were derived and are not stored: the next append takes them along. */
  readonly missing: readonly StoredOutcome[];
  readonly checkpointSeq: number;
  readonly digest: InputsDigest;
  /** Seqs that the run that comes now must name as lost. */
  readonly lost: SeqRange | undefined;
}

export interface RecoveryListeners {
  /** The last outcome that the checkpoint holds, 0 without one; awaited before anything is folded. */
  readonly onCheckpoint: (n: number) => Promise<void>;
  readonly onOutcome: (outcome: StoredOutcome) => void;
  /** A checkpoint that is passed over. */
  readonly onDamage: OnDamage;
}

/**
 * Folds a log from its last checkpoint on, compares the outcomes that are stored with those that follow from the inputs,
 * and keeps those that are missing. A stored outcome that does not follow stops the start: something is wrong that more
 * outcomes would only bury.
 *
 * @throws {LogFailure}
 */
export async function recover(log: EventLog, name: string, listeners: RecoveryListeners): Promise<Recovered> {
  let derived: StoredOutcome[] = [];
  const conclusions = new Conclusions((outcome) => {
    derived.push(outcome);
    listeners.onOutcome(outcome);
  });
  const restored = await restoreNearest(log, name, NEWEST, conclusions.take, listeners.onDamage);
  const found = restored?.found;
  const engine = restored?.engine ?? new Engine(conclusions.take);
  const { seq: checkpointSeq, n: checkpointN } = engine;
  await listeners.onCheckpoint(checkpointN);
  const digest = new InputsDigest(found?.inputsDigest ?? '');
  let stored: StoredOutcome[] = [];
  const missing: StoredOutcome[] = [];
  const compare = (): void => {
    let s = 0;
    let d = 0;
    while (s < stored.length && d < derived.length) {
      // of outcomes that were appended side by side, one may stand and the one before it not
      if (derived[d]!.n! < stored[s]!.n!) missing.push(derived[d++]!);
      else sameOrStop(stored[s++]!, derived[d++]!);
    }
    stored = stored.slice(s);
    derived = derived.slice(d);
  };
  const tail = found === undefined ? {} : { after: found.after, afterSeq: checkpointSeq, afterN: checkpointN };
  let unfolded: SeqRange | undefined;
  async function* pages(): AsyncGenerator<LogPage> {
    for await (const page of logPages(log, name, tail)) {
      unfolded = page.unfolded;
      yield page;
    }
  }
  for await (const stretch of stretches(pages(), engine.engineVersion)) {
    for (const event of stretch.events) digest.add(event);
    if (!stretch.own) {
      foldForeign(engine, stretch);
      stretch.outcomes.forEach(listeners.onOutcome);
      continue;
    }
    for (const outcome of stretch.outcomes) stored.push(outcome);
    engine.fold(asBatch(stretch.events));
    compare();
  }
  const extra = stored[0];
  if (extra !== undefined) throw differs(extra, undefined);
  missing.push(...derived);
  const lost = await lostNow(log, name, engine.seq, unfolded);
  return { engine, conclusions, missing, checkpointSeq, digest, lost };
}

/**
 * What the next run leaves out. Where streams are stored side by side, appends of a run that died may stand in part, and may
 * even arrive later: all the seqs that it may have given out are never given out again.
 */
async function lostNow(
  log: EventLog,
  name: string,
  seq: number,
  unfolded: SeqRange | undefined,
): Promise<SeqRange | undefined> {
  if (log.sideBySide !== true) return undefined;
  const last = await lastEvent(log, name + RUNS);
  const isClean = last === undefined || (last.type === 'RunStopped' && (last.data as { seq: number }).seq === seq);
  if (unfolded === undefined && isClean) return undefined;
  return { from: seq + 1, to: (unfolded?.to ?? seq) + MOST_UNDER_WAY };
}

function sameOrStop(stored: StoredOutcome, fresh: StoredOutcome): void {
  if (canonicalOutcome(stored) !== canonicalOutcome(fresh)) throw differs(stored, fresh);
}

function differs(stored: StoredOutcome, fresh: StoredOutcome | undefined): LogFailure {
  const of = fresh === undefined ? 'nothing' : `${fresh.type} of ${fresh.stream}`;
  return new LogFailure(
    'damaged',
    `stored outcome ${stored.n ?? 0} (${stored.type} of ${stored.stream}) does not follow from the inputs, which give ${of}; ` +
      'look at it with `reprise verify`, and start on a copy or on a new folder',
    { stream: stored.stream, revision: stored.revision },
  );
}
