import { expect } from 'chai';
import { memoryLog } from '../../../adapters/log/memory.js';
import { DEFAULT_LOG_NAME } from '../../../adapters/log/streams.js';
import { recover } from '../../../api/live/recovery.js';
import { Draws } from '../../../core/draws.js';
import type { EventLog, StoredEvent } from '../../../core/ports.js';
import { stateHash } from '../../../replay/digest.js';
import { checkLog } from '../../../replay/log-check.js';
import { copyLog, OtherLog, type Copied } from '../../../replay/log-copy.js';
import { logPages } from '../../../replay/log-pages.js';
import { verifyLog } from '../../../replay/verify.js';
import { altered, inSmallPages, keptStage } from '../../support/kept-log.js';
import { allOf, appendOf, refusalOf } from '../../support/log-events.js';
import { LiveStage } from '../../support/live-stage.js';
import { seedOf } from '../../support/seed.js';

const name = DEFAULT_LOG_NAME;
const never = new AbortController().signal;
const MINUTE = 60_000_000;

/** Everything but what a copy says anew. */
const saidIn = async (log: EventLog): Promise<Map<string, unknown[]>> => {
  const streams = new Map<string, unknown[]>();
  for (const { stream, revision, event } of await allOf(log.readAll())) {
    const { after: _, ...data } = event.data as Record<string, unknown>;
    streams.set(stream, [...(streams.get(stream) ?? []), { revision, ...event, data }]);
  }
  return streams;
};

/** A recovery, and how many events it read in the order of all. */
async function recovered(log: EventLog): Promise<{ hash: string; checkpointSeq: number; read: number }> {
  let read = 0;
  const counting: EventLog = {
    ...log,
    async *readAll(options) {
      for await (const page of log.readAll(options)) {
        read += page.length;
        yield page;
      }
    },
  };
  const { engine, checkpointSeq } = await recover(counting, name, {
    onCheckpoint: () => Promise.resolve(),
    onOutcome: () => undefined,
    onDamage: () => undefined,
  });
  return { hash: stateHash(engine), checkpointSeq, read };
}

async function findings(log: EventLog): Promise<string[]> {
  const messages: string[] = [];
  for await (const item of checkLog(log, name)) if (item.kind === 'damage') messages.push(item.finding.message);
  return messages;
}

describe('a copy of a log', () => {
  let source: EventLog;
  before(async () => {
    source = (await keptStage()).log;
  });
  const into = (target: EventLog, from: EventLog = source, signal = never, onPage?: (copied: Copied) => void) =>
    copyLog({ log: from, name }, { log: target, name }, signal, onPage);

  it('says the same in every stream, and is verified to the same state', async () => {
    const target = memoryLog();
    const copied = await into(target);
    expect(copied).to.deep.include({ present: 0, complete: true });
    expect(await saidIn(target)).to.deep.equal(await saidIn(source));
    expect(await verifyLog(target, name)).to.deep.equal(await verifyLog(source, name));
    expect(await findings(target)).to.deep.equal([]);
  });

  it('is started from its last checkpoint, and reads no more than the source does, but for a page', async () => {
    const target = memoryLog();
    await target.append([appendOf('another.runs', 'no_stream', [{ type: 'RunStarted', version: 1, at: 1, data: {} }])]);
    await into(
      target,
      inSmallPages(source, () => 20),
    );
    const [of, there] = [await recovered(source), await recovered(target)];
    expect(there.hash).to.equal(of.hash);
    expect(there.checkpointSeq).to.equal(of.checkpointSeq).and.to.be.above(0);
    expect(there.read).to.be.within(of.read, of.read + 40);
    expect(there.read).to.be.below((await allOf(source.readAll())).length / 2);
  });

  it('carries a server on', async () => {
    const target = memoryLog();
    await into(target);
    const stage = Object.assign(new LiveStage({ latency: 0 }), { log: target });
    await stage.start((await verifiedClock(source)) + MINUTE);
    expect(await stage.run.order('o1')).to.deep.include({ state: 'completed', filled: '12' });
    await stage.run.stop();
    expect((await verifyLog(target, name)).same).to.equal(true);
  });

  it('that is broken off anywhere goes on', () =>
    seedOf('log copy', async (seed) => {
      const draws = new Draws(seed, 'copy');
      const of = await recovered(source);
      for (let round = 0; round < 5; round++) {
        const target = memoryLog();
        for (let complete = false; !complete;) {
          const stop = new AbortController();
          let pages = 1 + (draws.next() % 12);
          const paged = inSmallPages(source, () => 1 + (draws.next() % 60));
          ({ complete } = await into(target, paged, stop.signal, ({ events }) => {
            if (events > 0 && --pages === 0) stop.abort();
          }));
        }
        expect(await saidIn(target)).to.deep.equal(await saidIn(source));
        const there = await recovered(target);
        expect({ ...there, read: 0 }).to.deep.equal({ ...of, read: 0 });
        expect(there.read).to.be.at.most(of.read + 120);
      }
    }));

  it('goes on with what its source has got since', async () => {
    const stage = await keptStage();
    const target = memoryLog();
    await into(target, stage.log);
    await stage.start((await verifiedClock(stage.log)) + MINUTE);
    await stage.pass(stage.clock.now() + MINUTE);
    await stage.run.stop();
    expect((await into(target, stage.log)).events).to.be.above(60);
    expect(await saidIn(target)).to.deep.equal(await saidIn(stage.log));
  });

  it('keeps to another name in the same store', async () => {
    const target = memoryLog();
    await into(target);
    await copyLog({ log: target, name }, { log: target, name: 'second.' }, never);
    expect((await verifyLog(target, 'second.')).stateHash).to.equal((await verifyLog(source, name)).stateHash);
  });

  it('is refused where another log stands, before anything is written', async () => {
    const other = (await keptStage()).log;
    const changed = altered(other, (stored) =>
      stored.event.type === 'RunStarted' ? { ...stored, event: { ...stored.event, at: stored.event.at + 1 } } : stored,
    );
    const target = memoryLog();
    await into(target, changed);
    const before = await saidIn(target);
    const refusal = await refusalOf(into(target));
    expect(refusal).to.be.instanceOf(OtherLog);
    expect((refusal as Error).message).to.match(/stream reprise\.runs .*another log.*revision \d+.*--to-name/);
    expect(await saidIn(target)).to.deep.equal(before);
  });

  it('is refused where the copy has been lived in', async () => {
    const target = memoryLog();
    await into(target);
    const stage = Object.assign(new LiveStage({ latency: 0 }), { log: target });
    await stage.start((await verifiedClock(source)) + MINUTE);
    await stage.run.stop();
    expect(((await refusalOf(into(target))) as Error).message).to.match(/runs.*is not in the source/);
  });
});

async function verifiedClock(log: EventLog): Promise<number> {
  let at = 0;
  for await (const page of logPages(log, name)) for (const event of page.events) at = Math.max(at, event.at);
  return at;
}

describe('a reader whose hint is of another store', () => {
  /** Every checkpoint of it says another place to read on from. */
  const hinted = (log: EventLog, after: string): EventLog =>
    altered(log, (stored: StoredEvent) =>
      stored.event.type === 'CheckpointTaken'
        ? { ...stored, event: { ...stored.event, data: { ...(stored.event.data as object), after } } }
        : stored,
    );
  for (const [which, of] of [
    ['is none of this store', () => 'C12P12'],
    ['is ahead of what it wants', (end: number) => String(end)],
    ['lies among what it wants', (end: number) => String(end - 60)],
    ['is empty', () => ''],
  ] as const)
    it(`loses nothing, where it ${which}`, async () => {
      const { log } = await keptStage();
      const end = Number(await log.lastPosition());
      const right = await recovered(log);
      const wrong = await recovered(hinted(log, of(end)));
      expect({ ...wrong, read: 0 }).to.deep.equal({ ...right, read: 0 });
      expect(wrong.read).to.be.above(right.read);
    });
});
