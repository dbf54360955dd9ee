import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, json, succeed } from '../support/cli.js';
import { fixture } from '../support/fixtures.js';

type Item = Readonly<Record<string, unknown>> & { readonly orderId: string; readonly outcomesHash: string };

describe('reprise backtest', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const quiet = fixture('quiet-minute');
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'reprise-backtest-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (...entries: readonly object[]): string => {
    writeFileSync(at('orders.json'), JSON.stringify(entries));
    return at('orders.json');
  };
  const plain = { instrument: 'BTC-USD@sample', side: 'buy', quantity: '1', duration: '20s' };
  const timed = { ...plain, orderId: 'timed', at: '2024-01-01T04:00:10Z', aggressionFloor: '20', aggressionCap: '5' };
  const led = { ...plain, orderId: 'led', at: '2024-01-01T04:00:05Z' };
  const pause = { at: '2024-01-01T04:00:12Z', command: 'pause', orderId: 'led' };

  it('gives each order what a replay of it alone concludes: with a time, without one, and with commands', async () => {
    const report = await json('backtest', quiet, '--orders', file(plain, timed, led, pause));
    const items = report['orders'] as Item[];
    expect(items.map(({ orderId }) => orderId)).to.deep.equal(['o1', 'timed', 'led']);
    for (const [i, entries] of [[plain], [timed], [led, pause]].entries()) {
      const alone = await json('replay', quiet, '--orders', file(...entries));
      const { session, assume, outcomesHash, trust: _, ...item } = items[i]!;
      const [{ trust: __, ...own }] = alone['orders'] as [Item];
      expect(outcomesHash, item.orderId).to.equal(alone['outcomesHash']);
      expect(item, item.orderId).to.deep.equal(own);
      expect([session, assume]).to.deep.equal(['quiet-minute', 'expected']);
    }
  });

  it('puts assumptions and latencies side by side, and sessions one after the other', async () => {
    const flags = ['--start', '2024-01-02T04:00:00Z', '--instrument', 'BTC-USD@sample'];
    await succeed('generate', '--seed', '3', '--duration', '30s', ...flags, '--out', at('later'));
    const list = ['--assume', 'pessimistic,optimistic,expected', '--latency', '0ms,50ms'];
    const args = [at('later'), quiet, '--orders', file(plain, timed), ...list, '--out', at('out')];
    const { orders, results } = await json('backtest', ...args);
    const items = orders as Item[];
    // the order without a time falls into both sessions, the other one into its own
    expect(items).to.have.length((2 + 1) * 3 * 2);
    expect(items.slice(0, 12).every(({ session }) => session === 'quiet-minute')).to.equal(true);
    expect(items.slice(0, 6).map(({ assume }) => assume)).to.deep.equal(
      ['optimistic', 'expected', 'pessimistic'].flatMap((each) => [each, each]),
    );
    expect(results).to.equal(join(at('out'), 'results.arrow'));
    const [head, ...rows] = readFileSync(join(at('out'), 'results.csv'), 'utf8')
      .trimEnd()
      .split('\n');
    const column = (name: string): string[] => rows.map((row) => row.split(',')[head!.split(',').indexOf(name)]!);
    expect(column('orderId')).to.deep.equal(items.map(({ orderId }) => orderId));
    expect(column('costAllIn')).to.deep.equal(items.map(({ costs }) => (costs as { costAllIn: string }).costAllIn));
    expect(column('venueLatency').slice(0, 2)).to.deep.equal(['0s', '50ms']);
    expect((await json('verify', at('out')))['same']).to.equal(true);
  });

  it('ends with 2 for an order that no session meets', async () => {
    const late = { ...plain, at: '2025-01-01T00:00:00Z' };
    for (const [entry, sentence] of [
      [late, /after the session's end/],
      [{ ...plain, instrument: 'X@y' }, /quiet-minute has no X@y/],
    ] as const) {
      const { code, stderr } = await cli('backtest', quiet, '--orders', file(entry));
      expect([code, sentence.test(stderr)], stderr).to.deep.equal([2, true]);
    }
  });

  it('ends with 1 when no order met a usable book', async () => {
    const never = { ...plain, at: '2024-01-01T04:00:00Z', duration: '1us', slices: 1 };
    const { code, stdout } = await cli('backtest', quiet, '--orders', file(never), '--json');
    expect(code).to.equal(1);
    expect((JSON.parse(stdout) as { invalid: string }).invalid).to.equal('no_usable_book');
  });
});
