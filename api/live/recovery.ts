import { Engine } from '../../core/engine/engine.js';
import { LogFailure, type EventLog } from '../../core/ports.js';
import { checkpoints, restoreCheckpoint, type FoundCheckpoint } from '../../replay/checkpoints.js';
import { canonicalOutcome, Conclusions, type StoredOutcome } from '../../replay/conclusions.js';
import { asBatch, foldForeign, stretches } from '../../replay/epochs.js';
import { InputsDigest } from '../../replay/inputs-digest.js';
import { logPages } from '../../replay/log-pages.js';

/** An engine brought up to the end of its log. */
export interface Recovered {
  readonly engine: Engine;
  /** What the engine concludes into. */
  readonly conclusions: Conclusions;
  /** Outcomes that were derived and are not stored: the next append takes them along. */
  readonly missing: readonly StoredOutcome[];
  readonly checkpointSeq: number;
  readonly digest: InputsDigest;
}

export interface RecoveryListeners {
  /** The last outcome that the checkpoint holds, 0 without one; awaited before anything is folded. */
  readonly onCheckpoint: (n: number) => Promise<void>;
  readonly onOutcome: (outcome: StoredOutcome) => void;
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
  const found = await newest(log, name);
  const engine = found === undefined ? new Engine(conclusions.take) : restoreCheckpoint(found, conclusions.take);
  const { seq: checkpointSeq, n: checkpointN } = engine;
  await listeners.onCheckpoint(checkpointN);
  const digest = new InputsDigest(found?.inputsDigest ?? '');
  let stored: StoredOutcome[] = [];
  const compare = (): void => {
    const pairs = stored.length < derived.length ? stored.length : derived.length;
    for (let i = 0; i < pairs; i++) sameOrStop(stored[i]!, derived[i]!);
    stored = stored.slice(pairs);
    derived = derived.slice(pairs);
  };
  const tail = found === undefined ? {} : { after: found.after, afterSeq: checkpointSeq, afterN: checkpointN };
  for await (const stretch of stretches(logPages(log, name, tail), engine.engineVersion)) {
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
  return { engine, conclusions, missing: derived, checkpointSeq, digest };
}

async function newest(log: EventLog, name: string): Promise<FoundCheckpoint | undefined> {
  for await (const found of checkpoints(log, name)) return found;
  return undefined;
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
