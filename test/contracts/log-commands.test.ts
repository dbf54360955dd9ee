import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLog } from '../../adapters/log/embedded/open.js';
import { openEventStoreLog } from '../../adapters/log/eventstoredb/open.js';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { recover } from '../../api/live/recovery.js';
import type { EventLog } from '../../core/ports.js';
import { stateHash } from '../../replay/digest.js';
import { copyLog } from '../../replay/log-copy.js';
import { cli, json, succeed } from '../support/cli.js';
import { startEventStore, type EventStore } from '../support/eventstore/start.js';
import { inSmallPages, keptStage } from '../support/kept-log.js';

const name = DEFAULT_LOG_NAME;

/** Every file of a session, by its content. */
const bytesOf = (session: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(session)
      .sort()
      .map((file) => [
        file,
        createHash('sha256')
          .update(readFileSync(join(session, file)))
          .digest('hex'),
      ]),
  );

describe('the commands of a log', () => {
  let folder: string;
  let source: string;
  let store: EventStore;
  const at = (path: string): string => join(folder, path);
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'reprise-copy-'));
    source = at('source');
    store = await startEventStore();
    const kept = inSmallPages((await keptStage(45)).log, () => 7); // as a server appends: often, and little
    const log = await openEmbeddedLog(join(source, 'log'));
    await copyLog({ log: kept, name }, { log, name }, new AbortController().signal);
    await log.close();
  });
  after(async () => {
    await store.stop();
    rmSync(folder, { recursive: true });
  });

  /** From which checkpoint a server would start, how it would stand there, and how much it would read. */
  async function start(log: EventLog): Promise<{ hash: string; checkpointSeq: number; read: number }> {
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
    const listeners = { onCheckpoint: () => Promise.resolve(), onOutcome: () => undefined, onDamage: () => undefined };
    try {
      const { engine, checkpointSeq } = await recover(counting, name, listeners);
      return { hash: stateHash(engine), checkpointSeq, read };
    } finally {
      await log.close();
    }
  }

  it('copy it to a store and back: it is verified, checked, exported and started as what it is', async () => {
    const copied = await json('log', 'copy', source, store.connection);
    expect(copied).to.include({ present: 0, to: store.connection.replace(/\?.*/, '') });
    const back = await json('log', 'copy', store.connection, at('back'));
    expect(back['events']).to.equal(copied['events']);
    const again = await json('log', 'copy', source, store.connection);
    expect(again).to.include({ events: 0, present: copied['events'] });

    const places = [source, store.connection, at('back')];
    const [verified, ...others] = await Promise.all(places.map((place) => json('verify', place)));
    expect(verified).to.include({ same: true });
    for (const other of others) expect(other).to.deep.equal(verified);
    for (const place of places)
      expect(await json('log', 'check', '--data', place)).to.deep.include({ sound: true, damages: [], notes: [] });

    for (const span of [[], ['--to', '500'], ['--from', '200', '--to', '600']]) {
      const files: Record<string, string>[] = [];
      for (const [i, place] of places.entries()) {
        const out = at(`${span.length}-${i}/session`);
        await succeed('export', '--data', place, ...span, '--out', out);
        files.push(bytesOf(out));
      }
      expect(Object.keys(files[0]!)).to.include.members(['market.arrow', 'inputs.ndjson', 'session.json']);
      for (const other of files) expect(other).to.deep.equal(files[0]);
    }

    const [of, ...there] = [
      await start(await openEmbeddedLog(join(source, 'log'))),
      await start(await openEventStoreLog(store.connection)),
      await start(await openEmbeddedLog(join(at('back'), 'log'))),
    ];
    expect(of.checkpointSeq).to.be.above(0);
    for (const one of there) expect({ ...one, read: 0 }).to.deep.equal({ ...of, read: 0 });
    const all = copied['events'] as number;
    for (const { read } of [of, ...there]) expect(read).to.be.below(all / 2);
  });

  it('copy it from a store to a store', async () => {
    await succeed('log', 'copy', source, store.connection, '--to-name', 'first');
    const copied = await json(
      'log',
      'copy',
      store.connection,
      store.connection,
      '--name',
      'first',
      '--to-name',
      'second',
    );
    expect(copied['events']).to.be.above(2_000);
    expect(await json('verify', store.connection, '--name', 'second')).to.deep.equal(await json('verify', source));
  });

  it('refuse to copy a log onto itself, from nowhere, and from a name that is not there', async () => {
    for (const [args, sentence] of [
      [[source, source], /is where the log is/],
      [['nowhere', at('x')], /nowhere holds no log/],
      [[source, at('x'), '--name', 'other'], /no log whose streams begin with other\./],
      [[source, at('x'), '--to-name', 'a b'], /no name of a log/],
    ] as const) {
      const { code, stdout, stderr } = await cli('log', 'copy', ...args);
      expect([code, stdout], stderr).to.deep.equal([2, '']);
      expect(stderr).to.match(sentence);
    }
    expect(readdirSync(folder)).not.to.include('x');
  });

  it('name what is wrong with a log, and end with 1', async () => {
    const broken = at('broken');
    await succeed('log', 'copy', source, broken);
    const log = await openEmbeddedLog(join(broken, 'log'));
    await log.append([
      {
        stream: `${name}order-o1`,
        expected: 'any',
        events: [{ type: 'StopOrder', version: 1, at: 1, seq: 7, data: { orderId: 'o9', account: 'default' } }],
      },
    ]);
    await log.close();
    const { code, stdout } = await cli('log', 'check', '--data', broken, '--json');
    const { sound, damages } = JSON.parse(stdout) as { sound: boolean; damages: { message: string; seq?: number }[] };
    expect([code, sound]).to.deep.equal([1, false]);
    expect(damages.map(({ message }) => message).join('\n'))
      .to.match(/order-o1, revision 1 \(seq 7\): it belongs into order-o9/)
      .and.match(/order-o1, revision 1 \(seq 7\): input 7 is there twice/);
    expect(damages.every(({ seq }) => seq === 7)).to.equal(true);
  });

  describe('replay one order again', () => {
    const amend = (what: unknown): string => {
      writeFileSync(at('amend.json'), JSON.stringify(what));
      return at('amend.json');
    };

    it('and print both costs side by side', async () => {
      const file = amend({ orderId: 'o1', slices: 3 });
      const told = await json('replay', '--data', source, '--amend', file);
      expect(told).to.deep.include({
        orderId: 'o1',
        reproduced: true,
        parameters: [{ key: 'slices', original: 12, amended: 3 }],
      });
      expect(told['original']).to.have.nested.property('slices.released', 12);
      expect(told['amended']).to.have.nested.property('slices.released', 3);
      const { stdout } = await succeed('replay', '--data', source, '--amend', file);
      expect(stdout)
        .to.match(/^ +original +amended$/m)
        .and.match(/^slices +12 +3$/m);
      expect(stdout)
        .to.match(/^shortfallBps +\S+ +\S+$/m)
        .and.match(/^markouts\.1s /m);
    });

    it('of a session as well', async () => {
      const session = at('session');
      await succeed('export', '--data', source, '--out', session);
      const inSession = await json(
        'replay',
        session,
        '--amend',
        amend({ orderId: 'o2', slices: null, sliceInterval: '10s' }),
      );
      const inLog = await json('replay', '--data', source, '--amend', at('amend.json'));
      expect(inSession).to.deep.equal(inLog);
      expect(inSession).to.have.nested.property('amended.slices.released', 6);
    });

    for (const [what, args, sentence] of [
      [{ orderId: 'o1', slcies: 3 }, [], /amend\.json:1: .*"slcies" is no key.*"slices"/],
      [{ orderId: 'o1', account: 'other' }, [], /"account" is no key/],
      [{ slices: 3 }, [], /orderId is missing/],
      [{ orderId: 'nobody' }, [], /no order nobody/],
      [{ orderId: 'o1', quantity: '0.01' }, [], /order o1 would be refused/],
      [{ orderId: 'o1' }, ['--out', 'x'], /writes no --out/],
      [{ orderId: 'o1' }, ['--latency', 'soon'], /--latency/],
      [{ orderId: 'o1' }, ['session'], /name one past/],
    ] as const)
      it(`refuse ${JSON.stringify(what)} ${args.join(' ')}`, async () => {
        const { code, stdout, stderr } = await cli('replay', ...args, '--data', source, '--amend', amend(what));
        expect([code, stdout], stderr).to.deep.equal([2, '']);
        expect(stderr).to.match(sentence);
      });

    it('refuse --data alone', async () => {
      const { code, stderr } = await cli('replay', '--data', source);
      expect(code).to.equal(2);
      expect(stderr).to.match(/--amend FILE/);
    });
  });
});
