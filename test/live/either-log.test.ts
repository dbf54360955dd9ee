import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '../../adapters/recordings/session/session.js';
import { writeLog } from '../../api/cli/data.js';
import { json, succeed } from '../support/cli.js';
import { fixture, GOLDEN } from '../support/fixtures.js';
import { playIntoLog } from '../support/play-into-log.js';
import { storeForTests, THIS_RUN, type TestStore } from '../support/real-node.js';
import { sayNoShared, sharedDir } from '../support/shared.js';

describe('the same session in a folder and in a store (EventStoreDB)', () => {
  let folder: string;
  let store: TestStore;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'reprise-either-'));
    store = await storeForTests();
  });
  after(async () => {
    await store.stop();
    rmSync(folder, { recursive: true });
  });

  /** Streams a run into either log, verifies both and exports them again. */
  async function expectOne(name: string, run: string): Promise<void> {
    const session = await openSession(run);
    const { contentHash } = session.meta;
    const logs = { embedded: join(folder, `${name}-data`), store: store.connection };
    const hashes = new Set<unknown>();
    const streams = `${name}-${THIS_RUN}`;
    const flags = ['--name', streams];
    for (const [kind, address] of Object.entries(logs)) {
      const log = await writeLog(address);
      await playIntoLog(session, log, `${streams}.`);
      await log.close();
      const verified = await json('verify', address, ...flags);
      expect(verified, kind).to.include({ same: true, outcomes: session.meta.counts.outcomes });
      hashes.add(verified['stateHash']);
      await succeed('export', '--data', address, ...flags, '--out', join(folder, `${name}-${kind}`));
      await succeed(
        'export',
        '--data',
        address,
        ...flags,
        '--from',
        '40',
        '--out',
        join(folder, `${name}-${kind}-part`),
      );
    }
    expect(hashes.size, 'one state').to.equal(1);
    for (const part of ['', '-part'])
      for (const file of readdirSync(join(folder, `${name}-embedded${part}`)))
        expect(
          readFileSync(join(folder, `${name}-store${part}`, file)).equals(
            readFileSync(join(folder, `${name}-embedded${part}`, file)),
          ),
          `${file}${part} byte for byte`,
        ).to.equal(true);
    const exported = await openSession(join(folder, `${name}-store`));
    expect(exported.meta.contentHash, 'what went in comes out').to.deep.equal(contentHash);
  }

  for (const { session, orders } of GOLDEN)
    it(`comes to one state and is exported byte for byte: ${session}`, async () => {
      const run = join(folder, `${session}-run`);
      await succeed('replay', fixture(session), '--orders', orders, '--out', run);
      await expectOne(session, run);
    });

  it('does so with a real recording', async function () {
    const shared = sharedDir();
    if (shared === undefined) {
      sayNoShared();
      return this.skip();
    }
    const imported = join(folder, 'imported');
    await succeed('import', join(shared, 'captures/binance-spot/btcusdt_20230405.dat.gz'), '--out', imported);
    const orders = join(folder, 'orders.json');
    const order = { instrument: 'BTCUSDT@binance', side: 'buy', quantity: '1', duration: '5m', aggressionFloor: '20' };
    writeFileSync(orders, JSON.stringify([order]));
    const run = join(folder, 'real-run');
    await succeed('replay', imported, '--orders', orders, '--allow-partial-book', '--out', run);
    await expectOne('real', run);
  });
});
