import { expect } from 'chai';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, json, succeed, type Ended } from '../support/cli.js';
import { fixture } from '../support/fixtures.js';

/** One sentence on stderr, nothing on stdout, no stack. */
function refusedWith(ended: Ended, code: number, sentence: RegExp): void {
  expect([ended.code, ended.stdout], ended.stderr).to.deep.equal([code, '']);
  expect(ended.stderr).to.match(sentence);
  expect(ended.stderr).not.to.match(/\n {4}at /);
}

describe('the command line', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const quiet = fixture('quiet-minute');
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'reprise-cli-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const orders = (...entries: readonly unknown[]): string => {
    const file = at('orders.json');
    writeFileSync(file, JSON.stringify(entries));
    return file;
  };
  const order = { instrument: 'BTC-USD@sample', side: 'buy', quantity: '1', duration: '30s' };

  describe('ends with 2 when the request is wrong', () => {
    for (const [args, sentence] of [
      [['replya'], /unknown command/],
      [['replay'], /missing required argument/],
      [['replay', 'nowhere'], /nowhere.*session\.json/],
      [['replay', quiet, '--latency', '5'], /--latency.*duration/],
      [['replay', quiet, '--assume', 'lucky'], /--assume.*optimistic, expected, pessimistic/],
      [['replay', quiet, '--fees', '1%'], /--fees.*MAKER,TAKER/],
      [['replay', quiet, '--seed', '-1'], /--seed/],
      [['replay', quiet, '--orders', 'nowhere.json'], /nowhere\.json.*ENOENT/],
      [['inspect', quiet, '--at', 'noon'], /--at.*"noon" is no time/],
      [['inspect', quiet, '--sweep', '-3'], /--sweep/],
      [['generate', '--seed', '1', '--duration', '0s', '--out', 'x'], /--duration/],
      [['generate', '--seed', 'one', '--duration', '1s', '--out', 'x'], /whole number/],
      [
        ['generate', '--seed', '1', '--duration', '1s', '--instrument', 'X@sample', '--out', 'x'],
        /X@sample is unknown/,
      ],
      [['import', 'nowhere.gz', '--out', 'x'], /nowhere\.gz/],
      [['verify', quiet], /bare recording/],
      [['verify', 'nowhere'], /nowhere holds no log/],
      [['serve', '--market', 'crakken:XBT/USD'], /--market crakken:XBT\/USD: there is no venue crakken/],
      [['serve', '--market', 'binance'], /write VENUE:SYMBOL/],
      [['serve', '--market', 'binance:'], /a symbol is missing/],
      [['serve', '--market', 'sample', '--market', `session:${quiet}`], /serve it alone/],
      [['serve', '--port', '70000'], /70000 is no port/],
      [['serve-venue', quiet], /required option '--as <venue>'/],
      [['serve-venue', quiet, '--as', 'crakken'], /--as: "crakken" is unknown; use binance, /],
      [['serve-venue', quiet, '--as', 'gemini'], /--as: gemini is known from recordings only; use binance, /],
      [['serve-venue', 'nowhere', '--as', 'binance'], /nowhere/],
      [['serve-venue', quiet, '--as', 'binance', '--speed', '-1'], /--speed: -1 is no speed/],
      [['serve-venue', quiet, '--as', 'binance', '--port', '70000'], /70000 is no port/],
      [
        ['serve-venue', quiet, '--as', 'binance', '--wait-for', 'me'],
        /--wait-for: "me" is unknown; use first, all, nobody/,
      ],
      [['serve-venue', quiet, '--as', 'binance', '--at-end', 'cry'], /--at-end: "cry" is unknown; use end, loop, stay/],
      [['serve-venue', quiet, '--as', 'binance', '--fault', 'dorp@1'], /--fault: "dorp" is no fault: known are drop, /],
      [['serve-venue', quiet, '--as', 'binance', '--fault', 'corrupt@1'], /--fault: binance cannot have "corrupt"/],
      [['serve-venue', quiet, '--as', 'binance', '--rest-latency', 'long'], /--rest-latency/],
      [['export', '--data', 'nowhere', '--out', 'x'], /nowhere holds no log/],
      [['log', 'streams', '--data', 'nowhere'], /nowhere holds no log/],
    ] as const)
      it(args.join(' ').replaceAll(quiet, 'quiet-minute'), async () => refusedWith(await cli(...args), 2, sentence));

    it('an orders file with an unknown key, naming file, line and the nearest key', async () => {
      const file = orders({ ...order, quantty: '1' });
      refusedWith(await cli('replay', quiet, '--orders', file), 2, /orders\.json:1:.*"quantty".*"quantity"/);
    });
    it('an orders file that names an order twice', async () => {
      const file = orders({ ...order, orderId: 'a' }, { ...order, orderId: 'a' });
      refusedWith(await cli('replay', quiet, '--orders', file), 2, /orders\.json:1:.*a/);
    });
    it('an order after the session’s end', async () => {
      const file = orders({ ...order, at: '2025-01-01T00:00:00Z' });
      refusedWith(await cli('replay', quiet, '--orders', file), 2, /after the session's end/);
    });
    it('a settings file with an unknown key', async () => {
      writeFileSync(at('settings.json'), '{"venue":{"latancy":"5ms"}}');
      refusedWith(await cli('replay', quiet, '--config', at('settings.json')), 2, /latancy.*known are/);
    });
  });

  describe('ends with 1 when a check does not hold', () => {
    it('a session with a changed part', async () => {
      cpSync(quiet, at('s'), { recursive: true });
      const file = join(at('s'), 'market.arrow');
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(file, bytes);
      refusedWith(await cli('inspect', at('s')), 1, /market\.arrow.*SHA-256/);
    });
    it('a session that lacks a part', async () => {
      cpSync(quiet, at('s'), { recursive: true });
      rmSync(join(at('s'), 'inputs.ndjson'));
      refusedWith(await cli('replay', at('s')), 1, /inputs\.ndjson.*not there/);
    });
    it('a run whose stored outcome was changed, shown beside the fresh one', async () => {
      await succeed('replay', quiet, '--orders', orders(order), '--out', at('t'));
      const file = join(at('t'), 'outcomes.ndjson');
      writeFileSync(file, readFileSync(file, 'utf8').replace('"liquidity":"taker"', '"liquidity":"maker"'));
      const { code, stdout } = await cli('verify', at('t'), '--json');
      const { same, difference } = JSON.parse(stdout) as {
        same: boolean;
        difference: Record<'stored' | 'fresh', { data: { liquidity: string } }>;
      };
      expect([code, same]).to.deep.equal([1, false]);
      expect([difference.stored.data.liquidity, difference.fresh.data.liquidity]).to.deep.equal(['maker', 'taker']);
    });
    it('a run none of whose orders met a usable book', async () => {
      const file = orders({
        ...order,
        at: '2024-01-01T04:00:00Z',
        startTime: '2024-01-01T04:00:00Z',
        duration: '1us',
        slices: 1,
      });
      const { code, stdout, stderr } = await cli('replay', quiet, '--orders', file, '--json');
      const { invalid, orders: results } = JSON.parse(stdout) as { invalid: string; orders: { invalid: string }[] };
      expect(code, stderr).to.equal(1);
      expect(invalid).to.match(/no order met a usable book/);
      expect(results.map((result) => result.invalid)).to.deep.equal(['no_usable_book']);
    });
  });

  describe('keeps what is there', () => {
    it('and never overwrites without --force', async () => {
      await succeed('generate', '--seed', '1', '--duration', '1s', '--out', at('s'));
      refusedWith(await cli('generate', '--seed', '2', '--duration', '1s', '--out', at('s')), 2, /--force/);
      const before = (await json('inspect', at('s')))['contentHash'];
      await succeed('generate', '--seed', '2', '--duration', '1s', '--out', at('s'), '--force');
      expect((await json('inspect', at('s')))['contentHash']).not.to.equal(before);
    });
    it('and leaves nothing of an import that failed', async () => {
      writeFileSync(at('bad.gz'), 'no gzip at all');
      const ended = await cli('import', at('bad.gz'), '--out', at('s'));
      expect(ended.code).to.be.oneOf([2, 3]);
      expect(existsSync(at('s'))).to.equal(false);
      expect(readdirSync(folder)).to.deep.equal(['bad.gz']);
    });
  });

  it('prints exactly one JSON document with --json', async () => {
    for (const args of [
      ['inspect', quiet],
      ['replay', quiet, '--orders', orders(order)],
      ['generate', '--seed', '1', '--duration', '1s', '--out', at('s')],
    ]) {
      const { stdout } = await succeed(...args, '--json');
      expect(stdout.trimEnd().split('\n')).to.have.length(1);
      expect(() => JSON.parse(stdout) as unknown).not.to.throw();
    }
  });

  it('inspects as of a moment, inclusive, and sweeps the book', async () => {
    const whole = await json('inspect', quiet);
    const half = await json('inspect', quiet, '--at', '2024-01-01T04:00:30Z', '--sweep', '1');
    expect(half['messages']).to.be.lessThan(whole['messages'] as number);
    const instruments = half['instruments'] as Record<
      string,
      { sweep: { buy: { averagePrice: string; levels: number } } }
    >;
    const { buy } = instruments['BTC-USD@sample']!.sweep;
    expect(buy.levels).to.be.greaterThan(0);
    expect(Number(buy.averagePrice)).to.be.within(50_000, 70_000);
  });

  it('replays with the settings that were recorded, unless a flag says otherwise', async () => {
    await succeed('replay', quiet, '--orders', orders(order), '--latency', '200ms', '--out', at('t'));
    const recorded = await json('replay', at('t'));
    const again = await json('replay', at('t'), '--latency', '200ms');
    const faster = await json('replay', at('t'), '--latency', '0ms');
    expect(again['outcomesHash']).to.equal(recorded['outcomesHash']);
    expect(faster['outcomesHash']).not.to.equal(recorded['outcomesHash']);
  });
});
