import { expect } from 'chai';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, json, succeed } from '../support/cli.js';
import { ask, followChannel, startServer } from '../support/server.js';

describe('a live run on the real server', () => {
  let folder: string;
  let data: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'reprise-parity-'));
    data = join(folder, 'data');
    const server = await startServer(data);
    const order = {
      orderId: 'first',
      instrument: 'BTC-USD@sample',
      side: 'buy',
      quantity: '1',
      duration: '2s',
      slices: 4,
    };
    const quotes = { aggressionFloor: '30', aggressionCap: '10', requoteInterval: '200ms', randomizeSize: '0.5' };
    for (const each of [order, { ...order, orderId: 'quotes', side: 'sell', ...quotes, maxDisplayQuantity: '0.1' }])
      expect((await ask(server, 'POST', '/v1/orders', each)).status).to.equal(201);
    for (const { orderId } of [order, { orderId: 'quotes' }])
      await followChannel(
        server,
        { subscribe: `order:${orderId}`, from: '0.0' },
        ({ type }) => type === 'OrderCompleted',
      );
    expect(await server.stop()).to.equal(0);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is verified: a second run over its log concludes the same', async () => {
    expect(await json('verify', data)).to.deep.include({ same: true, difference: null });
  });

  it('is, once exported and replayed, the live run itself', async () => {
    const session = join(folder, 'session');
    await succeed('export', '--data', data, '--out', session);
    const [live, replayed] = [await json('verify', data), await json('replay', session)];
    expect(replayed['stateHash']).to.equal(live['stateHash']);
    expect(replayed['outcomes']).to.equal(live['outcomes']);
    expect(await json('verify', session)).to.deep.include({ same: true });
  });

  it('can be cut out in part, and the part stands on its own', async () => {
    const part = join(folder, 'part');
    const whole = await json('inspect', join(folder, 'session'));
    await succeed('export', '--data', data, '--from', '50', '--to', '90', '--out', part);
    const inspected = await json('inspect', part);
    const instruments = inspected['instruments'] as Record<string, { trust: string }>;
    expect(Object.keys(instruments)).to.deep.equal(Object.keys(whole['instruments'] as object));
    expect(Object.values(instruments).map(({ trust }) => trust)).to.deep.equal([
      'trusted',
      'trusted',
      'trusted',
      'trusted',
    ]);
  });

  it('is looked into while nobody needs to stop it', async () => {
    const streams = JSON.parse((await succeed('log', 'streams', '--data', data, '--json')).stdout) as {
      stream: string;
    }[];
    expect(streams.map(({ stream }) => stream)).to.include('reprise.execution-first');
    const events = JSON.parse((await succeed('log', 'read', 'execution-first', '--data', data, '--json')).stdout) as {
      id: string;
    }[];
    expect(events[0]?.id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect((await succeed('log', 'check', '--data', data)).stdout).to.match(/^sound/);
    expect((await cli('log', 'read', 'execution-nobody', '--data', data)).code).to.equal(2);
  });

  it('shows a changed byte of a stored outcome beside what should stand there', async () => {
    const changed = join(folder, 'changed');
    cpSync(data, changed, { recursive: true });
    const file = join(changed, 'log', 'data.mdb');
    const bytes = readFileSync(file);
    // the store may hold freed pages that look the same: the byte is changed wherever this very outcome stands
    const from = bytes.indexOf('"orderId":"first","price":"');
    const outcome = Buffer.from(bytes.subarray(from - 120, from + '"orderId":"first","price":"'.length));
    for (let at = bytes.indexOf(outcome); at >= 0; at = bytes.indexOf(outcome, at + 1)) {
      const price = at + outcome.length;
      bytes[price] = bytes[price] === 0x37 ? 0x38 : 0x37; // a first digit that it did not have
    }
    writeFileSync(file, bytes);
    const { code, stdout, stderr } = await cli('verify', changed, '--json');
    expect(code).to.equal(1);
    const { same, difference } = JSON.parse(stdout) as {
      same: boolean;
      difference: Record<'stored' | 'fresh', { type: string; data: { price: string } }> & { stream: string };
    };
    expect(same).to.equal(false);
    expect(difference.stream).to.equal('execution-first');
    expect([difference.stored.type, difference.fresh.type]).to.deep.equal(['ChildFilled', 'ChildFilled']);
    expect(difference.stored.data.price.slice(1)).to.equal(difference.fresh.data.price.slice(1));
    expect(difference.stored.data.price).not.to.equal(difference.fresh.data.price);
    expect(stderr).to.match(/revision \d+/);
  });

  it('keeps a second server out of its folder', async () => {
    const server = await startServer(data);
    const second = await cli('serve', '--data', data, '--port', '0');
    expect(second.code).to.equal(3);
    expect(second.stderr).to.match(/another|in use|holds/);
    await server.stop();
  });
});
