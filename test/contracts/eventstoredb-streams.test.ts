import { expect } from 'chai';
import { connectTo } from '../../adapters/log/eventstoredb/client.js';
import { eventStoreLog } from '../../adapters/log/eventstoredb/log.js';
import { PatientNode, type NodeClient } from '../../adapters/log/eventstoredb/node.js';
import { openEventStoreLog } from '../../adapters/log/eventstoredb/open.js';
import { eventId } from '../../adapters/log/event-id.js';
import { WrongExpectedRevision, type EventLog, type LogEvent } from '../../core/ports.js';
import { startEventStore, type EventStore } from '../support/eventstore/start.js';
import { allOf, appendOf, input, inputs, outcome, readSeqs, refusalOf, seqsOf } from '../support/log-events.js';

const PATIENCE = { deadlineMs: 1_000, patienceMs: 2_000 };

describe('streams of a log on EventStoreDB', () => {
  let store: EventStore;
  let client: NodeClient;
  let namespace = '';
  let logs = 0;
  const opened: EventLog[] = [];
  before(async () => {
    store = await startEventStore();
    client = connectTo(store.connection, PATIENCE.deadlineMs);
  });
  after(async () => {
    await client.dispose();
    await store.stop();
  });
  beforeEach(() => (namespace = `streams${++logs}.`));
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close();
  });

  /** A log as a process of its own would have it, and the calls that it makes. */
  async function process(calls: string[] = []): Promise<EventLog> {
    const counted = new Proxy(connectTo(store.connection, PATIENCE.deadlineMs), {
      get(target, key: keyof NodeClient) {
        const member = target[key].bind(target) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          calls.push(`${key} ${typeof args[0] === 'string' ? args[0].slice(namespace.length) : ''}`.trim());
          return member(...args);
        };
      },
    });
    const log = await eventStoreLog(new PatientNode(() => counted, PATIENCE), namespace);
    opened.push(log);
    return log;
  }
  const rolls = async (log: EventLog, prefix = ''): Promise<readonly string[]> => {
    const names: string[] = [];
    for await (const { stream, lastRevision } of log.rolls(prefix)) names.push(`${stream} ${lastRevision}`);
    return names;
  };

  it('cost a call an append where the writer names the revision, and none more for an order', async () => {
    const calls: string[] = [];
    const log = await process(calls);
    await log.append([appendOf('runs', 'no_stream', [input(1)])]);
    calls.length = 0;
    await log.append([
      appendOf('order-1', 'no_stream', [input(2)]),
      appendOf('execution-1', 'no_stream', [outcome(1, 2)]),
    ]);
    await log.append([appendOf('order-1', 0, [input(3)])]);
    await log.append([appendOf('execution-1', 0, [outcome(2, 3)])]);
    expect(calls).to.deep.equal(['append order-1', 'append execution-1', 'append order-1', 'append execution-1']);
  });

  it('are looked at once where the writer leaves the revision open, and not again after its own question', async () => {
    const first = await process();
    await first.append([appendOf('a', 'no_stream', inputs(1, 3)), appendOf('b', 'no_stream', [input(4)])]);
    const calls: string[] = [];
    const log = await process(calls);
    expect(await log.lastRevision('a')).to.equal(2);
    await log.append([appendOf('runs', 'no_stream', [input(5)])]);
    calls.length = 0;
    for (const stream of ['a', 'b', 'a', 'b']) await log.append([appendOf(stream, 'any', [input(6)])]);
    expect(calls).to.deep.equal(['append a', 'lastOfStream b', 'append b', 'append a', 'append b']);
  });

  it('are judged at a conflict: a repeat is done, anything else is refused with what is there', async () => {
    const first = await process();
    await first.append([appendOf('a', 'no_stream', inputs(1, 3)), appendOf('e', 'no_stream', [outcome(1, 1)])]);
    const log = await process();
    await log.append([appendOf('a', 'no_stream', inputs(1, 3))]);
    const behind = await process();
    for (const events of [inputs(1, 4), [input(9)], inputs(2, 3)]) {
      const refusal = await refusalOf(behind.append([appendOf('a', 'no_stream', events)]));
      expect(refusal).to.be.instanceOf(WrongExpectedRevision).and.to.have.property('actual', 2);
    }
    const other = { ...outcome(1, 1), at: 1 };
    const mistaken = await process();
    expect(await refusalOf(mistaken.append([appendOf('e', 'no_stream', [other])]))).to.be.instanceOf(
      WrongExpectedRevision,
    );
    expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3]);
  });

  it('that roll are named before their first event, once, and cost nothing when they go on', async () => {
    const calls: string[] = [];
    const log = await process(calls);
    await log.append([appendOf('runs', 'no_stream', [input(1)])]);
    calls.length = 0;
    await log.append([
      appendOf('clock-2024080810', 'no_stream', [input(2)]),
      appendOf('order-1', 'no_stream', [input(3)]),
    ]);
    expect(calls.filter((call) => call.startsWith('append'))).to.deep.equal([
      'append stream-catalog',
      'append clock-2024080810',
      'append order-1',
    ]);
    calls.length = 0;
    await log.append([appendOf('clock-2024080810', 0, [input(4)])]);
    expect(calls).to.deep.equal(['append clock-2024080810']);
    calls.length = 0;
    expect(await rolls(log)).to.deep.equal(['clock-2024080810 1']);
    expect(calls.some((call) => call.startsWith('follow'))).to.equal(false);
  });

  it('that roll are known to every process, whoever began or dropped them', async () => {
    const [one, other] = [await process(), await process()];
    await one.append([appendOf('m-20240808', 'no_stream', [input(1)])]);
    expect(await rolls(other)).to.deep.equal(['m-20240808 0']);
    await other.append([appendOf('m-20240809', 'no_stream', [input(2)])]);
    await one.append([appendOf('m-20240809', 'any', [input(3)]), appendOf('m-20240810', 'any', [input(4)])]);
    const all = ['m-20240808 0', 'm-20240809 1', 'm-20240810 0'];
    for (const log of [one, other, await process()]) expect(await rolls(log)).to.deep.equal(all);
    await other.drop(['m-20240808']);
    for (const log of [one, other, await process()]) expect(await rolls(log, 'm-')).to.deep.equal(all.slice(1));
    expect(await readSeqs(one, 'm-20240808')).to.deep.equal([]);
  });

  it('are all found where there are more than are asked at once', async () => {
    const log = await process();
    const days = Array.from({ length: 40 }, (_, i) => `m-202408${String(i + 10)}`);
    await log.append(days.map((day, i) => appendOf(day, 'no_stream', [input(i + 1)])));
    expect(await rolls(await process())).to.deep.equal(days.map((day) => `${day} 0`));
  });

  it('are dropped to the end, where a process died in the middle of it', async () => {
    const log = await process();
    await log.append([
      appendOf('m-20240808', 'no_stream', [input(1)]),
      appendOf('m-20240809', 'no_stream', [input(2)]),
    ]);
    const dying = connectTo(store.connection, PATIENCE.deadlineMs);
    dying.deleteStream = () => Promise.reject(new Error('killed'));
    const other = await eventStoreLog(new PatientNode(() => dying, PATIENCE), namespace);
    expect(await refusalOf(other.drop(['m-20240808']))).to.have.property('message', 'killed');
    await other.close();
    expect(await rolls(log)).to.deep.equal(['m-20240809 0']);
    await log.drop(['m-20240808']);
    expect(await client.lastOfStream(`${namespace}m-20240808`)).to.equal(undefined);
  });

  it('give out the id that the store holds', async () => {
    const log = await process();
    await log.append([appendOf('a', 'no_stream', [input(1), outcome(1, 1)])]);
    const ids = [input(1), outcome(1, 1)].map((event, revision) => eventId('a', revision, event));
    expect((await allOf(log.readStream('a'))).map(({ id }) => id)).to.deep.equal(ids);
    expect((await allOf(log.readAll())).map(({ id }) => id)).to.deep.equal(ids);
  });

  describe('on which an operator set something', () => {
    const settings = (stream: string, set: object): Promise<unknown> =>
      client.append(`$$${namespace}${stream}`, 'no_stream', [
        { id: '00000000-0000-4000-8000-000000000001', event: { type: '$metadata', ...set } as unknown as LogEvent },
      ]);

    for (const [set, first] of [
      [{ $maxCount: 2 }, 3],
      [{ $tb: 4 }, 4],
      [{ $tb: 5 }, undefined],
      [{ $maxAge: -3_600 }, undefined],
    ] as const)
      it(`tell damage where it hides events (${JSON.stringify(set)})`, async () => {
        const log = await process();
        await log.append([appendOf('a', 'no_stream', inputs(1, 5))]);
        await settings('a', set);
        const failure = await refusalOf(readSeqs(log, 'a'));
        expect(failure).to.have.property('code', 'damaged');
        expect(failure).to.have.nested.property('where.stream', 'a');
        expect(failure).to.have.nested.property('where.revision', 0);
        expect((failure as Error).message).to.include('$maxCount');
        if (first !== undefined)
          expect(seqsOf(await allOf(log.readStream('a', { from: first })))[0]).to.equal(first + 1);
        expect(seqsOf(await allOf(log.readAll()))).to.deep.equal([1, 2, 3, 4, 5]);
      });

    it('are read as ever where it hides nothing', async () => {
      const log = await process();
      await log.append([appendOf('a', 'no_stream', inputs(1, 5))]);
      await settings('a', { $maxCount: 5, $maxAge: 3_600 });
      expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3, 4, 5]);
    });

    it('take no new beginning where somebody else deleted them', async () => {
      const log = await process();
      await log.append([appendOf('a', 'no_stream', inputs(1, 3))]);
      await client.deleteStream(`${namespace}a`);
      const later = await process();
      expect(await refusalOf(readSeqs(later, 'a'))).to.have.property('code', 'damaged');
      expect(await refusalOf(later.append([appendOf('a', 'no_stream', [input(4)])]))).to.have.property(
        'code',
        'damaged',
      );
    });
  });

  it('tell what a store says that takes less at once', async () => {
    const small = await startEventStore('--limit', '2000');
    const log = await openEventStoreLog(small.connection, PATIENCE);
    await log.append([appendOf('a', 'no_stream', [input(1)])]);
    const refusal = await refusalOf(log.append([appendOf('a', 0, inputs(2, 40))]));
    expect(refusal).to.have.property('code', 'unavailable');
    expect(refusal).to.have.nested.property('cause.kind', 'too_large');
    await log.append([appendOf('a', 0, [input(2)])]);
    expect(await readSeqs(log, 'a')).to.deep.equal([1, 2]);
    await log.close();
    await small.stop();
  });

  it('are read beside the writer, and a reader that loses its node does the writer no harm', async () => {
    const other = await startEventStore();
    const held = await openEventStoreLog(store.connection, { ...PATIENCE, namespace }); // they do not mind it
    const calls: string[] = [];
    const log = await process(calls);
    const readers: EventLog[] = [];
    for (const { connection } of [store, other, other])
      readers.push(await openEventStoreLog(connection, { ...PATIENCE, namespace, readOnly: true }));
    const [beside, lost] = readers as [EventLog, EventLog];
    await log.append([appendOf('a', 'no_stream', inputs(1, 3))]);
    expect(await readSeqs(beside, 'a')).to.deep.equal([1, 2, 3]);
    expect(await readSeqs(lost, 'a')).to.deep.equal([]);
    for (const writing of [beside.append([appendOf('a', 2, [input(4)])]), beside.drop(['a'])])
      expect(await refusalOf(writing)).to.have.property('code', 'read_only');
    const following = lost.subscribe({}, new AbortController().signal)[Symbol.asyncIterator]();
    await following.next();
    const failed = refusalOf(following.next());
    await store.arm({ on: 'append', what: { kind: 'delay', ms: 600 } });
    calls.length = 0;
    const appending = log.append([appendOf('a', 2, [input(4)])]);
    await other.stop();
    await appending;
    expect(calls).to.deep.equal(['append a']); // one that was harmed would have been asked a second time
    expect(await failed).to.have.property('code', 'unavailable');
    expect(await readSeqs(beside, 'a')).to.deep.equal([1, 2, 3, 4]);
    for (const one of [held, ...readers]) await one.close();
  });
});
