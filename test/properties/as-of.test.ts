import { expect } from 'chai';
import { memoryLog } from '../../adapters/log/memory.js';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { accountView, bookView } from '../../api/live/views.js';
import { Engine } from '../../core/engine/engine.js';
import type { LogEvent } from '../../core/ports.js';
import { ENGINE_VERSION } from '../../core/version.js';
import { engineAsOf } from '../../replay/as-of.js';
import { asBatch, asBatches } from '../../replay/epochs.js';
import { stateHash } from '../../replay/digest.js';
import { batchesOf, stateText } from '../support/market.js';
import { seeds } from '../support/random-story.js';
import { INPUTS, written } from '../support/written-story.js';

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

    it(`of another version holds the time that was asked for, as one of its own would (REPRISE_SEED=${seed})`, async () => {
      const { log, inputs } = await written(seed, '9.9.9', 1 + (seed % 5));
      const own = await written(seed, ENGINE_VERSION, 1 + (seed % 5));
      const lastAt = Math.max(...inputs.map(({ at }) => at));
      const times = inputs.flatMap(({ at }, i) => (i % 67 === 3 ? [at - 1, at + 1, at + 300_000, at + 2_500_000] : []));
      for (const at of [...times, lastAt + 1_000_000]) {
        const engine = await engineAsOf(log, DEFAULT_LOG_NAME, { at }, INPUTS);
        const ofItsOwn = await engineAsOf(own.log, DEFAULT_LOG_NAME, { at }, INPUTS);
        expect(engine.clock, `as of ${at}`).to.equal(at);
        if (engine.n === ofItsOwn.n) expect(shown(engine), `as of ${at}`).to.deep.equal(shown(ofItsOwn));
        else expect(at, 'what no outcome is stored of').to.be.above(lastAt);
      }
    });

    it(`of another version is folded in turns as it is in one go (REPRISE_SEED=${seed})`, async () => {
      const { log, outcomes, inputs } = await written(seed, '9.9.9', INPUTS);
      const events = inputs.map((input, i) => ({ ...input, seq: i + 1 }) as unknown as LogEvent);
      const atOnce = new Engine(() => undefined);
      atOnce.foldAsStored(asBatch(events), outcomes);
      for (const size of [1, 7, 250]) {
        const inTurns = new Engine(() => undefined);
        for (const _ of inTurns.foldingAsStored(asBatches(events, size), outcomes));
        expect(stateHash(inTurns), `${size} at once`).to.equal(stateHash(atOnce));
      }
      const engine = await engineAsOf(log, DEFAULT_LOG_NAME, { seq: INPUTS }, INPUTS);
      expect(stateHash(engine)).to.equal(stateHash(atOnce));
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
