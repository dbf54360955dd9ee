import { expect } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cli, json, succeed, type Ended } from '../support/cli.js';
import { fixture, reprise } from '../support/fixtures.js';

const quiet = fixture('quiet-minute');
const inverse = fixture('inverse-minute');
const order = { instrument: 'BTC-USD@sample', side: 'buy', quantity: '1', duration: '10s' };
const small = {
  order,
  vary: { aggressionFloor: ['0', '20'], aggressionCap: ['0', '10'] },
  starts: { every: '15s' },
  venue: { assume: ['expected', 'pessimistic'], latency: ['0ms', '50ms'] },
};
const RESULTS = ['results.arrow', 'results.csv', 'comparisons.json', 'run.json'];

describe('reprise sweep', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'reprise-sweep-test-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const gridFile = (content: unknown): string => {
    writeFileSync(at('grid.json'), JSON.stringify(content));
    return at('grid.json');
  };
  const refusedWith = ({ code, stdout, stderr }: Ended, sentence: RegExp): void => {
    expect([code, stdout], stderr).to.deep.equal([2, '']);
    expect(stderr).to.match(sentence);
    expect(stderr).not.to.match(/ {4}at /);
  };
  const sameResults = (a: string, b: string): void => {
    for (const file of RESULTS)
      expect(readFileSync(join(a, file)).equals(readFileSync(join(b, file))), file).to.equal(true);
  };

  it('tells in JSON how many sets, starts and desks it ran, what it left out, and which set was best', async () => {
    const report = await json('sweep', quiet, '--grid', gridFile(small), '--out', at('out'));
    expect(Object.keys(report)).to.deep.equal(['sets', 'starts', 'desks', 'skipped', 'seconds', 'best', 'results']);
    // of 2 x 2 sets one has its cap above its floor; of the starts at 1, 16, 31 and 46 s none is cut
    expect([report['sets'], report['starts'], report['desks']]).to.deep.equal([3, 4, 3 * 4 * 2 * 2]);
    expect(report['skipped']).to.deep.equal({ aggression_cap_above_floor: 1 });
    expect(report['results']).to.equal(join(at('out'), 'results.arrow'));
    const best = report['best'] as { assume: string; under: object }[];
    expect(best.map(({ assume }) => assume)).to.deep.equal(['expected', 'pessimistic']);
    expect(Object.keys(best[0]!.under)).to.deep.equal(['pessimistic']);
    expect(readdirSync(at('out')).sort()).to.include.members(RESULTS);
    expect(readdirSync(at('out'))).not.to.include('parts');
  });

  it('compares under expected and pessimistic where nobody names an assumption', async () => {
    const { venue: _, ...plain } = small;
    const { best } = await json('sweep', quiet, '--grid', gridFile(plain));
    expect((best as { assume: string }[]).map(({ assume }) => assume)).to.deep.equal(['expected', 'pessimistic']);
  });

  it('says on stderr what it is about to do, and shows the best sets side by side', async () => {
    const { stdout, stderr } = await succeed('sweep', quiet, '--grid', gridFile(small));
    expect(stderr).to.match(/^48 desks: 3 sets x 4 starts x 4 settings of the venue\n1 sets left out/);
    expect(stderr).to.match(/\nabout /);
    expect(stdout).to.match(/\nexpected .*\npessimistic /);
  });

  it('writes the same bytes again, with one worker and with two, and with sessions in another order', async () => {
    await succeed(
      'generate',
      '--seed',
      '3',
      '--duration',
      '40s',
      '--instrument',
      'BTC-USD@sample',
      '--out',
      at('other'),
    );
    const grid = gridFile({ ...small, starts: { random: 5 }, seeds: 2, order: { ...order, randomizeTime: '0.5' } });
    await succeed('sweep', quiet, at('other'), '--grid', grid, '--out', at('a'), '--workers', '1');
    await succeed('sweep', at('other'), quiet, '--grid', grid, '--out', at('b'), '--workers', '2');
    await succeed('sweep', quiet, at('other'), '--grid', grid, '--out', at('c'), '--workers', '3');
    sameResults(at('a'), at('b'));
    sameResults(at('a'), at('c'));
  });

  describe('goes on where it was stopped', () => {
    /** Sweeps in a process of its own, which does something to itself once so many desks are finished. */
    const sweepUntil = (desks: number, then: string, workers = 1) =>
      spawnSync(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          `import { readFileSync } from 'node:fs';
           import { sweep } from ${JSON.stringify(pathToFileURL(fixture('../dist/api/library/index.js')).href)};
           const stop = new AbortController();
           await sweep({ sessions: ${JSON.stringify([quiet, at('other'), at('third')])}, grid: JSON.parse(readFileSync(${JSON.stringify(at('grid.json'))})),
             out: ${JSON.stringify(at('out'))}, workers: ${workers}, signal: stop.signal,
             onProgress: (finished) => { if (finished >= ${desks}) { ${then} } } }).catch((error) => { console.error(error.message); process.exitCode = 1; });`,
        ],
        { encoding: 'utf8' },
      );

    const sweeping = (out: string, ...more: string[]) =>
      cli('sweep', quiet, at('other'), at('third'), '--grid', at('grid.json'), '--out', at(out), ...more);

    beforeEach(async () => {
      // one session more than workers: the last one cannot have begun when the first is done
      const flags = ['--duration', '40s', '--instrument', 'BTC-USD@sample'];
      await succeed('generate', '--seed', '3', ...flags, '--out', at('other'));
      await succeed('generate', '--seed', '4', ...flags, '--out', at('third'));
      gridFile(small);
    });

    it('by a kill -9, to the same bytes', async () => {
      const killed = sweepUntil(1, `process.kill(process.pid, 'SIGKILL');`);
      expect(killed.signal).to.equal('SIGKILL');
      expect(existsSync(join(at('out'), 'run.json'))).to.equal(false);
      const parts = join(at('out'), 'parts');
      const lines = readdirSync(parts).map((part) => readFileSync(join(parts, part), 'utf8').split('\n').length - 1);
      expect(lines.filter((count) => count > 0)).to.have.length(1); // one session is done, the others are not
      appendFileSync(join(parts, '0.ndjson'), '[7,"quiet-min'); // a line that was being written
      expect((await sweeping('out')).code).to.equal(0);
      expect((await sweeping('whole')).code).to.equal(0);
      sameResults(at('out'), at('whole'));
    });

    for (const workers of [1, 2])
      it(`by Ctrl-C with ${workers} ${workers === 1 ? 'worker' : 'workers'}, saying what is kept`, async () => {
        const stopped = sweepUntil(1, 'stop.abort();', workers);
        expect(stopped.status).to.equal(1);
        expect(stopped.stderr).to.match(/interrupted: \d+ of \d+ desks are kept in .*the same command goes on/);
        expect((await sweeping('out')).code).to.equal(0);
        expect((await sweeping('whole')).code).to.equal(0);
        sameResults(at('out'), at('whole'));
      });

    it('from the command line with exit 1', async () => {
      gridFile({ ...small, starts: { every: '100ms' } });
      const child = spawn(process.execPath, [reprise, 'sweep', quiet, '--grid', at('grid.json'), '--out', at('out')]);
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (/about /.test(text)) child.kill('SIGINT');
      });
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect(code, said).to.equal(1);
      expect(said).to.match(/the sweep was interrupted: [\d,]+ of [\d,]+ desks are kept/);
    });

    it('but not in the folder of another grid, other sessions, another seed or another version', async () => {
      sweepUntil(1, `process.kill(process.pid, 'SIGKILL');`);
      refusedWith(await sweeping('out', '--seed', '2'), /unfinished run of another seed/);
      refusedWith(await sweeping('out', '--cut', 'count'), /unfinished run of another --cut/);
      refusedWith(await sweeping('out', '--test', fixture('later')), /later.*is no captured session/);
      const alone = await cli('sweep', quiet, '--grid', at('grid.json'), '--out', at('out'));
      refusedWith(alone, /unfinished run of other sessions/);
      const plan = join(at('out'), 'plan.json');
      writeFileSync(plan, readFileSync(plan, 'utf8').replace(/"engineVersion":"[^"]*"/, '"engineVersion":"0.0.1"'));
      refusedWith(await sweeping('out'), /unfinished run of another version \("0\.0\.1", and this is/);
      gridFile({ ...small, starts: { every: '3s' } });
      refusedWith(await sweeping('out', '--force', '--cut', 'never'), /--cut: "never" is unknown/);
      const ended = await sweeping('out', '--force');
      expect(ended.code, ended.stderr).to.equal(0);
    });
  });

  describe('refuses, naming what and how to mend it', () => {
    for (const [name, grid, sentence] of [
      ['an unknown key', { ordr: order }, /\/ordr: "ordr" is no key of a grid; did you mean "order"/],
      ['an unknown parameter', { order, vary: { agressionFloor: ['0'] } }, /"agressionFloor".*"aggressionFloor"/],
      ['an unknown parameter of the order', { order: { ...order, quantty: '1' } }, /\/order\/quantty.*"quantity"/],
      ['an unknown setting', { order, venue: { latancy: ['1ms'] } }, /\/venue\/latancy.*"latency"/],
      ['an empty range', { order, vary: { aggressionFloor: [] } }, /\/vary\/aggressionFloor: the list is empty/],
      ['a value that is none', { order, vary: { aggressionFloor: ['x'] } }, /aggressionFloor/],
      ['a key said twice', { order, vary: { quantity: ['1'] } }, /quantity stands in order and in vary/],
      ['a share of nothing', { order: { ...order, quantity: '0%' } }, /"0%" is no share.*"5%"/],
      ['a start outside', { order, starts: { at: ['2030-01-01T00:00:00Z'] } }, /2030-01-01T00:00:00Z is in no session/],
      ['starts of two kinds', { order, starts: { every: '1s', random: 2 } }, /exactly one of every, at and random/],
      ['a time for its start', { order: { ...order, startTime: 'manual' } }, /"starts"/],
      ['another instrument', { order: { ...order, instrument: 'X@y' } }, /has no X@y, it has BTC-USD@sample/],
      [
        'no set that is an order',
        { order: { ...order, aggressionFloor: '0' }, vary: { aggressionCap: ['1'] } },
        /no set of the grid is an order: \/aggressionCap: .*above/,
      ],
      ['a window that no start has room for', { order: { ...order, duration: '2m' } }, /no desk is left.*window_cut/],
      [
        'a product beyond reason',
        {
          order: { instrument: order.instrument, side: 'buy', duration: '10s' },
          vary: {
            quantity: Array.from({ length: 300 }, (_, i) => String(i + 1)),
            slices: Array.from({ length: 300 }, (_, i) => i + 1),
            maxSpreadTicks: Array.from({ length: 300 }, (_, i) => i + 1),
          },
        },
        /54,000,000 desks out of 27,000,000 sets.*"kind": "random"/,
      ],
    ] as const)
      it(name, async () => refusedWith(await cli('sweep', quiet, '--grid', gridFile(grid)), sentence));

    it('sessions without the instrument, by name', async () => {
      refusedWith(
        await cli('sweep', quiet, inverse, '--grid', gridFile(small)),
        /inverse-minute has no BTC-USD@sample/,
      );
    });
    it('a session named twice', async () => {
      refusedWith(await cli('sweep', quiet, quiet, '--grid', gridFile(small)), /name each session once/);
    });
    it('an objective that is no cost', async () => {
      refusedWith(
        await cli('sweep', quiet, '--grid', gridFile(small), '--objective', 'costAlIn'),
        /did you mean "costAllIn"/,
      );
    });
    it('a folder that holds something else, and results that are there', async () => {
      writeFileSync(at('mine.txt'), 'mine');
      refusedWith(await cli('sweep', quiet, '--grid', gridFile(small), '--out', folder), /holds no results/);
      await succeed('sweep', quiet, '--grid', at('grid.json'), '--out', at('out'));
      refusedWith(await cli('sweep', quiet, '--grid', at('grid.json'), '--out', at('out')), /--force/);
      await succeed('sweep', quiet, '--grid', at('grid.json'), '--out', at('out'), '--force');
    });
    it('a test on what was searched, or too soon after it', async () => {
      const flags = ['--start', '2024-01-01T04:01:05Z', '--instrument', 'BTC-USD@sample'];
      await succeed('generate', '--seed', '3', '--duration', '40s', ...flags, '--out', at('soon'));
      const sweeping = (test: string) => cli('sweep', quiet, '--grid', gridFile(small), '--test', test);
      refusedWith(await sweeping(quiet), /is searched/);
      refusedWith(await sweeping(at('soon')), /less than the longest window of 10s after .*quiet-minute ends/);
    });
  });

  it('tests the best sets on later sessions', async () => {
    const flags = ['--start', '2024-01-02T04:00:00Z', '--instrument', 'BTC-USD@sample'];
    await succeed('generate', '--seed', '3', '--duration', '40s', ...flags, '--out', at('later'));
    const { best } = await json('sweep', quiet, '--grid', gridFile(small), '--test', at('later'), '--out', at('out'));
    const [first] = best as { test: { starts: number; mean: number } }[];
    expect(first!.test.starts).to.equal(2);
    expect(first!.test.mean).to.be.a('number');
  });

  it('draws a random sample of a grid, the same for the same seed', async () => {
    const many = { ...small, vary: { slices: [1, 2, 3, 4, 5, 6, 7, 8] }, sample: { kind: 'random', count: 3 } };
    const sets = async (seed: string): Promise<string[]> => {
      const out = at(`s${seed}`);
      await succeed('sweep', quiet, '--grid', gridFile(many), '--seed', seed, '--out', out, '--force');
      const lines = readFileSync(join(out, 'results.csv'), 'utf8').split('\n').slice(1, -1);
      return [...new Set(lines.map((line) => line.split(',')[2]!))];
    };
    const one = await sets('1');
    expect(one.length).to.be.within(3, 4); // the baseline may be none of the three
    expect(await sets('1')).to.deep.equal(one);
    expect(await sets('2')).not.to.deep.equal(one);
  });

  it('runs starts whose window is cut where that is asked for, and counts them otherwise', async () => {
    const grid = gridFile({ order: { ...order, duration: '30s' }, starts: { every: '15s' } });
    const skipped = await json('sweep', quiet, '--grid', grid);
    const counted = await json('sweep', quiet, '--grid', grid, '--cut', 'count');
    expect([skipped['desks'], skipped['skipped']]).to.deep.equal([4, { window_cut: 4 }]);
    expect([counted['desks'], counted['skipped']]).to.deep.equal([8, {}]);
  });

  describe('verify of results', () => {
    beforeEach(() => succeed('sweep', quiet, '--grid', gridFile(small), '--out', at('out')));
    it('runs a sample of the desks again', async () => {
      const verified = await json('verify', at('out'), '--sample', '7');
      expect(verified).to.include({ same: true, desks: 7, of: 48, difference: null });
    });
    it('ends with 1 and the first difference when a row was changed', async () => {
      const file = join(at('out'), 'results.csv');
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll(',completed,', ',cancelled,'));
      const { code, stdout } = await cli('verify', at('out'), '--json');
      const { same, difference } = JSON.parse(stdout) as {
        same: boolean;
        difference: { stream: string; stored: string; fresh: string };
      };
      expect([code, same, difference.stream]).to.deep.equal([1, false, 'results.csv']);
      expect(difference.stored.replace(',cancelled,', ',completed,')).to.equal(difference.fresh);
    });
    it('ends with 1 when a row outside of the sample was changed', async () => {
      const file = join(at('out'), 'results.arrow');
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(file, bytes);
      const { code, stderr } = await cli('verify', at('out'), '--sample', '1');
      expect([code, stderr]).to.deep.equal([
        1,
        `reprise: ${at('out')}: stored and fresh results differ in results.arrow\n`,
      ]);
    });
    it('says that it does not compare what another version made', async () => {
      const file = join(at('out'), 'run.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace(/"engineVersion": "[^"]*"/, '"engineVersion": "0.0.1"'));
      expect((await succeed('verify', at('out'))).stderr).to.match(/made by 0\.0\.1, run by/);
      expect((await cli('verify', at('out'), '--strict')).code).to.equal(1);
    });
    it('refuses a session that is not the one that was swept', async () => {
      cpSync(quiet, at('mine'), { recursive: true });
      await succeed('sweep', at('mine'), '--grid', at('grid.json'), '--out', at('own'));
      rmSync(at('mine'), { recursive: true });
      await succeed(
        'generate',
        '--seed',
        '3',
        '--duration',
        '1m',
        '--instrument',
        'BTC-USD@sample',
        '--out',
        at('mine'),
      );
      refusedWith(await cli('verify', at('own')), /session mine is another one/);
    });
  });

  it('says which disk is full, keeps what was finished, and goes on', async function () {
    if (process.platform === 'win32') this.skip();
    const grid = gridFile({ ...small, starts: { every: '5s' } });
    // a limit on the size of files stands for a full disk: the write fails in the same place
    const limited = spawnSync(
      'sh',
      [
        '-c',
        `trap '' XFSZ; ulimit -f 60; exec "$@"`,
        'sh',
        process.execPath,
        reprise,
        'sweep',
        quiet,
        '--grid',
        grid,
        '--out',
        at('out'),
      ],
      { encoding: 'utf8' },
    );
    expect(limited.status, limited.stderr).to.equal(3);
    expect(limited.stderr).to.match(/parts.*cannot be written \(E(FBIG|NOSPC|IO)\)/);
    await succeed('sweep', quiet, '--grid', grid, '--out', at('out'));
    await succeed('sweep', quiet, '--grid', grid, '--out', at('whole'));
    sameResults(at('out'), at('whole'));
  });
});
