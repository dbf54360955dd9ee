import { expect } from 'chai';
import { join } from 'node:path';
import { connectTo } from '../../adapters/log/eventstoredb/client.js';
import { eventStoreLog } from '../../adapters/log/eventstoredb/log.js';
import { PatientNode } from '../../adapters/log/eventstoredb/node.js';
import { openEventStoreLog } from '../../adapters/log/eventstoredb/open.js';
import { WrongExpectedRevision, type EventLog, type SubscriptionItem } from '../../core/ports.js';
import type { Fault } from '../support/eventstore/faults.js';
import { startEventStore, type EventStore } from '../support/eventstore/start.js';
import { logFolder } from '../support/log-folder.js';
import { allOf, appendOf, input, inputs, outcome, readSeqs, refusalOf, seqsOf } from '../support/log-events.js';

const PATIENCE = { deadlineMs: 400, patienceMs: 2_000 };

describe('a log on EventStoreDB', () => {
  let store: EventStore;
  let log: EventLog;
  let logs = 0;
  let namespace = '';
  before(async () => {
    store = await startEventStore();
  });
  after(() => store.stop());
  beforeEach(async () => {
    namespace = `log${++logs}.`;
    log = await openEventStoreLog(store.connection, { namespace, ...PATIENCE });
  });
  afterEach(async () => {
    await store.disarm();
    await log.close();
  });
  /** What another process would be, which has a table of its own. */
  const beside = (): Promise<EventLog> =>
    eventStoreLog(new PatientNode(() => connectTo(store.connection, PATIENCE.deadlineMs), PATIENCE), namespace);

  describe('when its node fails at an append', () => {
    for (const [title, what] of [
      ['answers too late', { kind: 'delay', ms: 700 }],
      ['stores and does not answer', { kind: 'silence', done: true }],
      ['neither stores nor answers', { kind: 'silence', done: false }],
      ['stores and breaks off', { kind: 'break', done: true }],
      ['breaks off and stores nothing', { kind: 'break', done: false }],
      ['ends the call as if all were well', { kind: 'end' }],
      ['is not ready', { kind: 'refuse', as: 'not_ready' }],
      ['is too busy', { kind: 'refuse', as: 'busy' }],
      ['is no longer the leader', { kind: 'refuse', as: 'not_leader' }],
    ] as const satisfies readonly (readonly [string, Fault['what']])[]) {
      it(`stores it once, where it ${title}`, async () => {
        await log.append([appendOf('a', 'no_stream', inputs(1, 3))]);
        await store.arm({ on: 'append', what });
        await log.append([appendOf('a', 'any', inputs(4, 6)), appendOf('b', 'no_stream', [outcome(1, 4)])]);
        await log.append([appendOf('a', 5, [input(7)])]);
        expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
        expect(await log.lastRevision('b')).to.equal(0);
      });
    }

    it('stores all of a burst once and in its order in each stream', async () => {
      await store.arm({ on: 'append', what: { kind: 'break', done: true }, times: 3 });
      await store.arm({ on: 'append', what: { kind: 'end' } });
      const burst = Array.from({ length: 60 }, (_, i) => log.append([appendOf(`s${i % 5}`, 'any', [input(i + 1)])]));
      await Promise.all(burst);
      for (let s = 0; s < 5; s++)
        expect(await readSeqs(log, `s${s}`)).to.deep.equal(Array.from({ length: 12 }, (_, k) => k * 5 + s + 1));
    });

    it('waits for a node that stands still', async () => {
      await log.append([appendOf('a', 'no_stream', [input(1)])]);
      store.freeze();
      setTimeout(() => store.thaw(), 3 * PATIENCE.deadlineMs);
      await log.append([appendOf('a', 0, inputs(2, 3))]);
      expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3]);
    });

    it('says so when it lasts, and goes on when it is over', async () => {
      await log.append([appendOf('a', 'no_stream', [input(1)])]);
      await store.arm({ on: 'append', what: { kind: 'refuse', as: 'not_ready' }, times: 1_000 });
      expect(await refusalOf(log.append([appendOf('a', 0, [input(2)])]))).to.have.property('code', 'unavailable');
      await store.disarm();
      await log.append([appendOf('a', 0, [input(2)])]);
      expect(await readSeqs(log, 'a')).to.deep.equal([1, 2]);
    });
  });

  describe('when its node fails a reader', () => {
    for (const what of [
      { kind: 'break', done: false },
      { kind: 'silence', done: false },
      { kind: 'refuse', as: 'not_leader' },
    ] as const satisfies readonly Fault['what'][])
      it(`asks again (${what.kind})`, async () => {
        await log.append([appendOf('a', 'no_stream', inputs(1, 3))]);
        await store.arm({ on: 'read', what });
        expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3]);
      });

    for (const what of [
      { kind: 'break', done: false },
      { kind: 'end' },
      { kind: 'twice' },
      { kind: 'refuse', as: 'too_slow' },
      { kind: 'silence', done: false },
    ] as const satisfies readonly Fault['what'][])
      it(`follows on and gives out each event once (${what.kind})`, async () => {
        await log.append([appendOf('a', 'no_stream', inputs(1, 100))]);
        await store.arm({ on: 'subscription', what });
        const stop = new AbortController();
        const seen: (number | undefined)[] = [];
        setTimeout(() => void log.append([appendOf('b', 'no_stream', inputs(101, 103))]), 200);
        for await (const item of log.subscribe({}, stop.signal)) {
          if (item.kind === 'events') seen.push(...seqsOf(item.events));
          if (seen.length >= 103 && item.kind === 'caughtUp') break;
        }
        expect(seen).to.deep.equal(Array.from({ length: 103 }, (_, i) => i + 1));
      });

    for (const what of [
      { kind: 'break', done: true },
      { kind: 'silence', done: true },
      { kind: 'end' },
      { kind: 'refuse', as: 'not_leader' },
    ] as const satisfies readonly Fault['what'][])
      it(`follows on while an append is asked again (${what.kind})`, async () => {
        const stop = new AbortController();
        const follower = log.subscribe({}, stop.signal)[Symbol.asyncIterator]();
        expect(await follower.next()).to.have.nested.property('value.kind', 'caughtUp');
        await store.arm({ on: 'append', what });
        await log.append([appendOf('a', 'no_stream', inputs(1, 3))]);
        await log.append([appendOf('a', 2, [input(4)])]);
        const seen: (number | undefined)[] = [];
        while (seen.length < 4) {
          const { value } = (await follower.next()) as IteratorResult<SubscriptionItem, undefined>;
          if (value?.kind === 'events') seen.push(...seqsOf(value.events));
        }
        expect(seen).to.deep.equal([1, 2, 3, 4]);
        stop.abort();
        await follower.next();
      });

    for (const what of [
      { kind: 'break', done: false },
      { kind: 'silence', done: false },
      { kind: 'twice' },
    ] as const satisfies readonly Fault['what'][])
      it(`reads all to its end (${what.kind})`, async () => {
        await log.append([appendOf('a', 'no_stream', inputs(1, 100)), appendOf('b', 'no_stream', [input(101)])]);
        await store.arm({ on: 'subscription', what });
        const seqs = seqsOf(await allOf(log.readAll()));
        expect(seqs).to.deep.equal(Array.from({ length: 101 }, (_, i) => i + 1));
      });

    it('takes no harm from a reading that it gave up, when its node dies', async () => {
      await log.close();
      const dying = await startEventStore();
      log = await openEventStoreLog(dying.connection, PATIENCE);
      await log.append([appendOf('a', 'no_stream', [input(1)])]);
      await dying.arm({ on: 'read', what: { kind: 'silence', done: false } });
      expect(await readSeqs(log, 'a')).to.deep.equal([1]);
      await dying.stop();
      expect(await refusalOf(log.lastRevision('a'))).to.have.property('code', 'unavailable');
    });

    it('is told when nobody is there, and no password with it', async () => {
      await log.close();
      const away = await startEventStore();
      await away.stop();
      const connection = `esdb://trader:secret@127.0.0.1:${away.port}?tls=false`;
      const refusal = (await refusalOf(openEventStoreLog(connection, { deadlineMs: 300, patienceMs: 300 }))) as Error;
      expect(refusal).to.have.property('code', 'unavailable');
      expect(`${refusal.message} ${(refusal.cause as Error).message}`).to.not.include('secret');
      const misread = (await refusalOf(openEventStoreLog('esdb//trader:secret@x'))) as Error;
      expect(misread).to.be.instanceOf(RangeError);
      expect(misread.message).to.not.include('secret');
    });
  });

  describe('with others in the same store', () => {
    it('goes behind what another writer wrote where it does not mind, and refuses where it does', async () => {
      await log.append([appendOf('a', 'no_stream', [input(1)])]);
      const other = await beside();
      await other.append([appendOf('a', 0, [input(2)])]);
      await log.append([appendOf('a', 'any', [input(3)])]);
      await other.append([appendOf('a', 'any', [input(4)])]);
      const refusal = await refusalOf(log.append([appendOf('a', 2, [input(5)])]));
      expect(refusal).to.be.instanceOf(WrongExpectedRevision);
      expect((refusal as WrongExpectedRevision).actual).to.equal(3);
      await other.append([appendOf('a', 3, [input(5)])]);
      await log.append([appendOf('a', 4, [input(6)]), appendOf('b', 'no_stream', [input(7)])]);
      expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3, 4, 5, 6]);
      await other.close();
    });

    it('leaves out what the store and the adapter keep for themselves', async () => {
      await log.append([appendOf('a', 'no_stream', inputs(1, 3)), appendOf('b', 'no_stream', [input(4)])]);
      await log.drop(['a']);
      await log.close();
      log = await openEventStoreLog(store.connection, PATIENCE); // the whole store, of which the others are a part
      const all = await allOf(log.readAll());
      expect(all.some(({ stream }) => stream.startsWith('$'))).to.equal(false);
      expect(all.some(({ stream }) => stream === `${namespace}b`)).to.equal(true);
      await log.append([appendOf('c', 'no_stream', [input(5)])]);
      await log.drop(['c']);
      const names: string[] = [];
      for await (const { stream } of log.streams()) names.push(stream);
      expect(names).to.include(`${namespace}b`).and.to.not.include('c').and.to.not.include('stream-catalog');
    });

    it('begins no dropped name anew', async () => {
      await log.append([appendOf('a', 'no_stream', [input(1)])]);
      await log.drop(['a']);
      expect(await refusalOf(log.append([appendOf('a', 'no_stream', [input(2)])]))).to.have.property(
        'code',
        'read_only',
      );
    });

    it('is the only one of its process', async () => {
      expect(await refusalOf(openEventStoreLog(store.connection))).to.have.property('code', 'in_use');
    });
  });

  describe('when its node dies', () => {
    for (const done of [true, false])
      it(`stores it once, where it had ${done ? '' : 'not '}been stored, and follows on`, async () => {
        await log.close();
        const folder = logFolder();
        const journal = ['--journal', join(folder.path, 'journal')];
        const first = await startEventStore(...journal);
        log = await openEventStoreLog(first.connection, { ...PATIENCE, patienceMs: 10_000 });
        await log.append([appendOf('a', 'no_stream', inputs(1, 3))]);
        const stop = new AbortController();
        const seen: (number | undefined)[] = [];
        const following = (async () => {
          for await (const item of log.subscribe({}, stop.signal)) {
            if (item.kind === 'events') seen.push(...seqsOf(item.events));
            if (seen.at(-1) === 7) stop.abort();
          }
        })();
        await first.arm({ on: 'append', what: { kind: 'die', done } });
        const appending = log.append([appendOf('a', 2, inputs(4, 6))]);
        await first.ended;
        const second = await startEventStore(...journal, '--port', String(first.port));
        await appending;
        await log.append([appendOf('a', 5, [input(7)])]);
        await following;
        expect(seen).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
        expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
        await log.close();
        await second.stop();
        folder.remove();
      });
  });

  it('finds the leader of a cluster', async () => {
    await log.close();
    const { port } = store;
    log = await openEventStoreLog(`esdb://127.0.0.1:${port},127.0.0.1:${port}?tls=false`, { ...PATIENCE, namespace });
    await log.append([appendOf('a', 'no_stream', [input(1)])]);
    expect(await readSeqs(log, 'a')).to.deep.equal([1]);
  });

  it('says what an older server does not understand in the older way', async () => {
    await log.close();
    const older = await startEventStore('--unary');
    log = await openEventStoreLog(older.connection, PATIENCE);
    await log.append([appendOf('a', 'no_stream', inputs(1, 3))]);
    await log.append([appendOf('a', 'no_stream', inputs(1, 3)), appendOf('a', 2, [input(4)])]);
    const other = await eventStoreLog(
      new PatientNode(() => connectTo(older.connection, PATIENCE.deadlineMs), PATIENCE),
      '',
    );
    await other.append([appendOf('a', 'any', [input(5)])]);
    expect(await refusalOf(log.append([appendOf('a', 3, [input(6)])]))).to.be.instanceOf(WrongExpectedRevision);
    expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3, 4, 5]);
    await other.close();
    await log.close();
    await older.stop();
  });
});
