import { memoryLog } from '../../adapters/log/memory.js';
import { checkpointStream, DEFAULT_LOG_NAME, streamOfInput } from '../../adapters/log/streams.js';
import { StreamWriter } from '../../api/live/stream-writer.js';
import { capture } from '../../core/engine/checkpoint.js';
import { Engine } from '../../core/engine/engine.js';
import type { EventLog, LogEvent } from '../../core/ports.js';
import { checkpointEvents } from '../../replay/checkpoints.js';
import { Conclusions, type StoredOutcome } from '../../replay/conclusions.js';
import { stateHash } from '../../replay/digest.js';
import { batchesOf, type Happening } from './market.js';
import { RandomStory } from './random-story.js';

/** Inputs of such a story. */
export const INPUTS = 400;
const APPENDED = 40;

export interface Written {
  readonly log: EventLog;
  readonly inputs: readonly Happening[];
  readonly outcomes: readonly StoredOutcome[];
  /** Hash of the state after each input. */
  readonly hashes: readonly string[];
}

/** A random story as a host would have written it: outcomes ride in the next append, and checkpoints stand in between. */
export async function written(
  seed: number,
  engineVersion: string,
  checkpointEvery: number,
  log: EventLog = memoryLog(),
): Promise<Written> {
  const inputs = new RandomStory(seed)
    .inputs(INPUTS)
    .map((input) => (input.type === 'RunStarted' ? { ...input, data: { ...input.data, engineVersion } } : input));
  const writer = new StreamWriter(log, DEFAULT_LOG_NAME);
  const outcomes: StoredOutcome[] = [];
  const engine = new Engine(new Conclusions((outcome) => outcomes.push(outcome)).take);
  const hashes = [stateHash(engine)];
  let stored = 0;
  const append = async (from: number): Promise<void> => {
    for (const { stream, revision, ...event } of outcomes.slice(stored)) writer.add(stream, event, revision);
    stored = outcomes.length;
    inputs.slice(from, from + APPENDED).forEach((input, i) => {
      writer.add(streamOfInput(input), { ...input, seq: from + i + 1 } as unknown as LogEvent);
    });
    if (!writer.isEmpty) await writer.flush();
  };
  for (let from = 0; from < inputs.length; from += APPENDED) {
    await append(from);
    batchesOf(inputs.slice(from, from + APPENDED), 1, from + 1).forEach((batch) => {
      engine.fold(batch);
      hashes.push(stateHash(engine));
    });
    if ((from / APPENDED) % checkpointEvery !== checkpointEvery - 1) continue;
    const after = (await log.lastPosition())!;
    const captured = capture(engine);
    await append(inputs.length);
    for (const event of await checkpointEvents(captured, engine.clock, { inputsDigest: '0'.repeat(64), after }))
      writer.add(checkpointStream(event.at), event);
    await writer.flush();
  }
  await append(inputs.length);
  return { log, inputs, outcomes, hashes };
}
