import { expect } from 'chai';
import { memoryLog } from '../../adapters/log/memory.js';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { Draws } from '../../core/draws.js';
import type { LogEvent } from '../../core/ports.js';
import { stateHash } from '../../replay/digest.js';
import { exportSession } from '../../replay/export.js';
import { LogHole, logPages } from '../../replay/log-pages.js';
import { verifyLog } from '../../replay/verify.js';
import { LiveStage } from '../support/live-stage.js';
import { BTC, INVERSE, snapshot, SPOT, T0, traded } from '../support/market.js';
import { seedOf } from '../support/seed.js';

const s = (seconds: number): number => T0 + seconds * 1_000_000;
const book = (at: number, instrument = BTC): ReturnType<typeof snapshot> =>
  snapshot(at, [['100', '50']], [['101', '50']], instrument);

/** A stage whose log stores its streams side by side, as a store on a wire does. */
const sideBySide = (): LiveStage => {
  const stage = new LiveStage({ latency: 0 }, undefined, [SPOT, INVERSE]);
  stage.log = { ...memoryLog(), sideBySide: true };
  return stage;
};

async function inputsOf(stage: LiveStage): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const page of logPages(stage.log, DEFAULT_LOG_NAME)) events.push(...page.events);
  return events;
}

describe('a run that dies in an append of several streams', () => {
  it('leaves seqs that the next run names as lost, and nobody folds what stands among them', async () => {
    const stage = await sideBySide().start();
    stage.feed.say(book(s(1)), book(s(1), INVERSE.instrument));
    await stage.pass(s(2));
    await stage.submit('o1', { quantity: '1', duration: '1m', slices: 2 });
    const before = stage.run.engine.seq;
    const release = await stage.hold();
    stage.feed.say(book(s(2)), traded(s(2), { side: 'buy', price: '101', quantity: '1' }, INVERSE.instrument));
    await stage.settled();
    const second = stage.submit('o2', { quantity: '1', duration: '1m' }).catch((error: unknown) => error);
    await stage.tear((stream) => !stream.includes(`market-${BTC}`), release);
    expect(await second).to.be.instanceOf(Error);

    await stage.start(s(3));
    const runs = (await inputsOf(stage)).filter(({ type }) => type === 'RunStarted');
    const { lost, firstSeq } = runs.at(-1)!.data as { lost: [number, number][]; firstSeq: number };
    expect(lost).to.have.length(1);
    expect(lost[0]![0]).to.be.above(before).and.below(firstSeq);
    expect(lost[0]![1]).to.equal(firstSeq - 1);
    expect(await stage.run.order('o2'), 'it was never acknowledged').to.equal(undefined);
    expect(await stage.run.history('o2')).to.equal(undefined);
    await stage.submit('o2', { quantity: '3', duration: '1m' });
    expect(await stage.run.order('o2')).to.include({ quantity: '3' });
    expect(await stage.story('o2')).to.include.members(['SubmitTwap', 'OrderAccepted']);
    await stage.run.stop();
    expect(await verifyLog(stage.log, DEFAULT_LOG_NAME)).to.include({
      same: true,
      stateHash: stateHash(stage.run.engine),
    });
  });

  it('can be read before the next run as far as it was folded', async () => {
    const stage = await sideBySide().start();
    stage.feed.say(book(s(1)));
    await stage.pass(s(2));
    const { seq } = stage.run.engine;
    stage.feed.say(book(s(2)), traded(s(2), { side: 'buy', price: '101', quantity: '1' }, INVERSE.instrument));
    await stage.tear((stream) => stream.includes(INVERSE.instrument));
    const verified = await verifyLog(stage.log, DEFAULT_LOG_NAME);
    expect(verified).to.include({ same: true, inputs: seq });
    expect(verified.notes.join()).to.contain('was cut off');
    const atomic = { ...stage.log };
    delete (atomic as { sideBySide?: true }).sideBySide;
    const hole = await verifyLog(atomic, DEFAULT_LOG_NAME).catch((error: unknown) => error);
    expect(hole, 'a log that stores appends whole has a hole').to.be.instanceOf(LogHole);
  });

  it('names nothing as lost after a clean end', async () => {
    const stage = await sideBySide().start();
    await stage.pass(s(2));
    await stage.run.stop();
    const { seq } = stage.run.engine;
    await stage.start(s(5));
    const runs = (await inputsOf(stage)).filter(({ type }) => type === 'RunStarted');
    expect(runs.map(({ seq: first }) => first)).to.deep.equal([1, seq + 1]);
    expect(runs.some(({ data }) => 'lost' in (data as object))).to.equal(false);
    await stage.run.stop();
  });

  it('comes to the same state wherever it is torn, and derives each outcome once', async () => {
    await seedOf('torn appends', async (seed) => {
      const draws = new Draws(seed, 'torn');
      const stage = sideBySide();
      const acknowledged = new Set<string>();
      let at = 0;
      for (let life = 0; life < 6; life++) {
        await stage.start(s(at));
        for (const orderId of acknowledged) expect(await stage.run.order(orderId), orderId).not.to.equal(undefined);
        for (let step = 0, steps = 2 + draws.below(6); step < steps; step++) {
          stage.feed.say(book(s(at)), book(s(at), INVERSE.instrument));
          const orderId = `o${life}-${step}`;
          await stage.submit(orderId, {
            instrument: draws.below(2) === 0 ? BTC : INVERSE.instrument,
            quantity: String(1 + draws.below(5)),
            duration: `${2 + draws.below(9)}s`,
            slices: 1 + draws.below(4),
          });
          acknowledged.add(orderId);
          at += 1 + draws.below(3);
          await stage.pass(s(at));
        }
        const release = await stage.hold();
        at += 1;
        stage.feed.say(book(s(at)), book(s(at), INVERSE.instrument));
        await stage.settled();
        const late = stage.submit(`late${life}`, { quantity: '1', duration: '2s' }).catch(() => undefined);
        const arriving = new Map<string, boolean>();
        await stage.tear((stream) => {
          const does = arriving.get(stream) ?? draws.below(2) === 0;
          arriving.set(stream, does);
          return does;
        }, release);
        await late;
        const verified = await verifyLog(stage.log, DEFAULT_LOG_NAME);
        expect(verified.same, JSON.stringify([verified.difference, verified.notes])).to.equal(true);
        at += 1 + draws.below(8);
      }
      await stage.start(s(at));
      await stage.pass(s(at + 20));
      await stage.run.stop();
      const live = stateHash(stage.run.engine);
      expect(await verifyLog(stage.log, DEFAULT_LOG_NAME)).to.include({ same: true, stateHash: live });
      const ordinals: number[] = [];
      for await (const page of stage.log.readAll())
        for (const { event } of page) if (event.n !== undefined) ordinals.push(event.n);
      expect(ordinals.sort((a, b) => a - b)).to.deep.equal(ordinals.map((_, i) => i + 1));
      const written = { outcomes: 0 };
      const { engine } = await exportSession(
        stage.log,
        DEFAULT_LOG_NAME,
        {},
        {
          writeMarket: () => Promise.resolve(),
          writeInput: () => Promise.resolve(),
          writeOutcome: () => {
            written.outcomes++;
            return Promise.resolve();
          },
        },
      );
      expect(stateHash(engine)).to.equal(live);
      expect(written.outcomes).to.equal(ordinals.length);
    });
  });
});
