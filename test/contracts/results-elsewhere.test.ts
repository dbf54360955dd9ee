import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COLUMNS } from '../../replay/sweep/columns.js';
import { json } from '../support/cli.js';
import { fixture } from '../support/fixtures.js';

const checkout = fixture('..');
const page = (name: string): string => readFileSync(join(checkout, 'docs', name), 'utf8');

describe('What a sweep leaves for others', () => {
  it('has every column in its page', () => {
    const text = page('sweep.md').split('## Columns')[1]!;
    for (const { name } of COLUMNS) expect(text, name).to.include(`\`${name}\``);
  });

  it('is reached as a library by the example of its page', function () {
    const example = /```js\n(.*?)```/s.exec(page('library.md'))![1]!;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', example], {
      cwd: checkout,
      encoding: 'utf8',
    });
    expect(status, stderr).to.equal(0);
    expect(stdout).to.match(/^expected \d+ -?[\d.]+\npessimistic \d+ -?[\d.]+\n$/);
  });

  it('offers exactly what its page lists', async () => {
    const offered = Object.keys(await import('../../api/library/index.js')).sort();
    const listed = [...page('library.md').matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) =>
      [...cell!.matchAll(/`(\w+)/g)].map(([, name]) => name!),
    );
    expect(offered).to.deep.equal(listed.sort());
  });

  describe('in pandas and pyarrow', () => {
    let folder: string;
    before(function () {
      const { status } = spawnSync('python3', ['-c', 'import pandas, pyarrow'], { encoding: 'utf8' });
      if (status === 0) return;
      console.log('      (no python3 with pandas and pyarrow here: the results are not opened with them)');
      this.skip();
    });
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'reprise-pandas-'))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it('opens as Arrow and as CSV, with the same costs', async () => {
      const grid = {
        order: { instrument: 'BTC-USD@sample', side: 'buy', quantity: '1', duration: '10s' },
        vary: { aggressionFloor: ['0', '20'] },
        starts: { every: '15s' },
      };
      writeFileSync(join(folder, 'grid.json'), JSON.stringify(grid));
      const out = join(folder, 'out');
      const { desks } = await json('sweep', fixture('quiet-minute'), '--grid', join(folder, 'grid.json'), '--out', out);
      const script = `
import json, sys, pandas as pd
arrow = pd.read_feather(sys.argv[1] + '/results.arrow')
csv = pd.read_csv(sys.argv[1] + '/results.csv')
best = ${/groupby\(.*?\)\[.*?\]\.mean\(\)/.exec(page('sweep.md'))![0].replace(/^/, "arrow[~arrow['cut'] & (arrow['assume'] == 'expected')].")}
print(json.dumps({
  'rows': [len(arrow), len(csv)],
  'columns': [list(arrow.columns), list(csv.columns)],
  'same': bool(((arrow['costAllIn'] - csv['costAllIn']).abs() < 1e-12).all()),
  'start': str(arrow['start'].iloc[0]),
  'sets': len(best),
}))`;
      const { stdout, stderr } = spawnSync('python3', ['-c', script, out], { encoding: 'utf8' });
      expect(stdout, stderr).not.to.equal('');
      const names = COLUMNS.map(({ name }) => name);
      expect(JSON.parse(stdout)).to.deep.equal({
        rows: [desks, desks],
        columns: [names, names],
        same: true,
        start: '2024-01-01 04:00:01+00:00',
        sets: 2,
      });
    });
  });
});
