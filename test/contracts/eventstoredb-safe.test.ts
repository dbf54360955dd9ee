import { expect } from 'chai';
import { inspect } from 'node:util';
import { openEventStoreLog } from '../../adapters/log/eventstoredb/open.js';
import { certify } from '../support/eventstore/certificate.js';
import { startEventStore, type EventStore } from '../support/eventstore/start.js';
import { logFolder } from '../support/log-folder.js';
import { allOf, appendOf, inputs, readSeqs, refusalOf, seqsOf } from '../support/log-events.js';

const PATIENCE = { deadlineMs: 1_000, patienceMs: 1_000 };
const PASSWORD = 'geheim%21';

describe('a log on EventStoreDB with TLS and a password', () => {
  const folders = [logFolder(), logFolder()] as const;
  const { certFile, keyFile } = certify(folders[0].path);
  const { certFile: foreign } = certify(folders[1].path);
  let store: EventStore;
  let plain: EventStore;
  before(async () => {
    store = await startEventStore('--cert', certFile, '--key', keyFile, '--user', 'trader', '--password', 'geheim!');
    plain = await startEventStore();
  });
  after(async () => {
    await store.stop();
    await plain.stop();
    for (const folder of folders) folder.remove();
  });

  for (const hosts of [1, 2])
    it(`is written and read by who knows both${hosts > 1 ? ', over several hosts too' : ''}`, async () => {
      const places = Array.from({ length: hosts }, () => `localhost:${store.port}`).join();
      const log = await openEventStoreLog(`esdb://trader:${PASSWORD}@${places}?tlsCAFile=${certFile}`, {
        ...PATIENCE,
        namespace: `by${hosts}.`,
      });
      await log.append([appendOf('a', 'no_stream', inputs(1, 3))]);
      expect(await readSeqs(log, 'a')).to.deep.equal([1, 2, 3]);
      expect(seqsOf(await allOf(log.readAll()))).to.deep.equal([1, 2, 3]);
      await log.close();
    });

  /** What it says to an address that will not do; a password must be nowhere in it, however deep one looks. */
  const told = async (address: string): Promise<Error> => {
    const failure = (await refusalOf(openEventStoreLog(address, PATIENCE))) as Error;
    const all = inspect(failure, { depth: Infinity, showHidden: true });
    for (const secret of ['geheim', PASSWORD, 'falsch', Buffer.from('trader:geheim!').toString('base64')])
      expect(all).to.not.include(secret);
    return failure;
  };

  for (const who of ['trader:falsch@', ''])
    it(`tells ${who === '' ? 'nobody in particular' : 'who has the wrong password'} that he may not`, async () => {
      const failure = await told(`esdb://${who}localhost:${store.port}?tlsCAFile=${certFile}`);
      expect(failure).to.have.property('code', 'unavailable');
      expect(failure.message).to.include('look at user and password');
    });

  it('tells that the node is not vouched for, and asks no second time', async () => {
    for (const file of [`?tlsCAFile=${foreign}`, '']) {
      const failure = await told(`esdb://trader:${PASSWORD}@localhost:${store.port}${file}`);
      expect(failure).to.have.property('code', 'unavailable');
      expect(failure).to.have.nested.property('cause.kind', 'untrusted');
      expect(failure.message).to.include('tlsCAFile').and.to.include('self-signed certificate');
    }
  });

  it('tells who speaks TLS to a node without it, and the other way round', async () => {
    const toPlain = await told(`esdb://trader:${PASSWORD}@localhost:${plain.port}?tlsCAFile=${certFile}`);
    expect(toPlain.message).to.include('tls=false only to a node without TLS');
    const toSafe = await told(`esdb://trader:${PASSWORD}@localhost:${store.port}?tls=false`);
    expect(toSafe).to.have.property('code', 'unavailable');
    expect(toSafe.message).to.include('leave out tls=false');
  });

  it('names the file that is not there', async () => {
    const failure = await told(`esdb://trader:${PASSWORD}@localhost:${store.port}?tlsCAFile=/nowhere/ca.crt`);
    expect(failure).to.be.instanceOf(RangeError);
    expect(failure.message).to.include('tlsCAFile').and.to.include('/nowhere/ca.crt');
  });
});
