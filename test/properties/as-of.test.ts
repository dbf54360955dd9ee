import { expect } from 'chai';
import { memoryLog } from '../../adapters/log/memory.js';
import { checkpointStream, DEFAULT_LOG_NAME, streamOfInput } from '../../adapters/log/streams.js';
import { StreamWriter } from '../../api/live/stream-writer.js';
import { accountView, bookView } from '../../api/live/views.js';
import { capture } from '../../core/engine/checkpoint.js';
import { Engine } from '../../core/engine/engine.js';
import type { EventLog, LogEvent } from '../../core/ports.js';
import { ENGINE_VERSION } from '../../core/version.js';
import { engineAsOf } from '../../replay/as-of.js';
import { checkpointEvents } from '../../replay/checkpoints.js';
import { Conclusions, type StoredOutcome } from '../../replay/conclusions.js';
import { stateHash } from '../../replay/digest.js';
import { batchesOf, stateText, type Happening } from '../support/market.js';
import { RandomStory, seeds } from '../support/random-story.js';

const INPUTS = 400;
const APPENDED = 40;

interface Written {
  readonly log: EventLog;
  readonly inputs: readonly Happening[];
  readonly outcomes: readonly StoredOutcome[];
  /** Hash of the state after each input. */
  readonly hashes: readonly string[];
}

/** A random story as a host would have written it: outcomes ride in the next append, and checkpoints stand in between. */
async function written(seed: number, engineVersion: string, checkpointEvery: number): Promise<Written> {
  const inputs = new RandomStory(seed)
    .inputs(INPUTS)
    .map((input) => (input.type === 'RunStarted' ? { ...input, data: { ...input.data, engineVersion } } : input));
  const log = memoryLog();
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

describe('an engine as of a moment', () => {
  for (const seed of seeds(8)) {
    it(`is the one that folded as many inputs (REPRISE_SEED=${seed})`, async () => {
      const { log, hashes } = await written(seed, ENGINE_VERSION, 1 + (seed % 5));
      for (let seq = seed % 7; seq <= INPUTS; seq += 11) {
        const engine = await engineAsOf(log, DEFAULT_LOG_NAME, { seq }, INPUTS);
        expect(stateHash(engine), `as of input ${seq}`).to.equal(hashes[seq]);
      }
    });

    it(`has concluded what had happened by a time, and holds that time (REPRISE_SEED=${seed})`, async () => {
      const { log, inputs, outcomes } = await written(seed, ENGINE_VERSION, 1 + (seed % 5));
      const last = outcomes.reduce((latest, { at }) => (at > latest ? at : latest), 0);
      const times = inputs.flatMap(({ at }, i) => (i % 23 === 5 ? [at - 1, at, at + 300_000, at + 2_500_000] : []));
      for (const at of times) {
        if (at >= last) continue;
        const engine = await engineAsOf(log, DEFAULT_LOG_NAME, { at }, INPUTS);
        expect(engine.n, `as of ${at}`).to.equal(outcomes.filter((outcome) => outcome.at <= at).length);
        expect(engine.clock, `as of ${at}`).to.equal(at);
      }
    });
  }

  for (const seed of seeds(4)) {
    it(`of another version is what that version had concluded (REPRISE_SEED=${seed})`, async () => {
      const { log, outcomes, inputs } = await written(seed, '9.9.9', 1 + (seed % 5));
      for (let seq = 3 + (seed % 11); seq <= INPUTS; seq += 17) {
        const engine = await engineAsOf(log, DEFAULT_LOG_NAME, { seq }, INPUTS);
        const whole = new Engine(() => undefined);
        for (const batch of batchesOf(inputs.slice(0, seq))) whole.fold(batch);
        expect(shown(engine), `as of input ${seq}`).to.deep.equal(shown(whole));
        const { at } = inputs[seq - 1]!;
        const then = await engineAsOf(log, DEFAULT_LOG_NAME, { at }, INPUTS);
        expect(then.n, `as of ${at}`).to.equal(outcomes.filter((outcome) => outcome.at <= at).length);
      }
    });
  }

  it('was nothing before the first input', async () => {
    const { log } = await written(1, ENGINE_VERSION, 3);
    for (const moment of [{ seq: 0 }, { at: 1 }]) {
      const engine = await engineAsOf(log, DEFAULT_LOG_NAME, moment, INPUTS);
      expect([engine.seq, engine.n, engine.markets.size, engine.desks.size]).to.deep.equal([0, 0, 0, 0]);
    }
  });

  it('comes from the nearest checkpoint that is whole', async () => {
    const { log, hashes } = await written(2, ENGINE_VERSION, 2);
    const cut = memoryLog();
    // the writer of the third one died before it was whole
    let taken = 0;
    for await (const page of log.readAll())
      for (const { stream, event } of page) {
        if (event.type === 'CheckpointTaken' && ++taken === 3) continue;
        await cut.append([{ stream, expected: 'any', events: [event] }]);
      }
    expect(taken).to.be.greaterThan(3);
    for (const seq of [79, 80, 159, 160, 239, 240, 241, 319, 320, 330, INPUTS - 1]) {
      const engine = await engineAsOf(cut, DEFAULT_LOG_NAME, { seq }, INPUTS);
      expect(stateHash(engine), `as of input ${seq}`).to.equal(hashes[seq]);
    }
    expect(stateText(await engineAsOf(cut, DEFAULT_LOG_NAME, { seq: 0 }, INPUTS))).to.include('"seq":0');
  });
});

/** What is told of an engine. Timers that were due stay set in an epoch of another version, so its hash is another one. */
const shown = (engine: Engine): object => ({
  books: [...engine.markets.keys()].sort().map((name) => bookView(engine, engine.markets.get(name)!, 1_000)),
  accounts: [...engine.desks.keys()].sort().map((account) => accountView(engine, account)),
});
