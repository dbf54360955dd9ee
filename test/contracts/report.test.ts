import { expect } from 'chai';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReportData } from '../../replay/report/data.js';
import type { Ranking } from '../../replay/sweep/ranking.js';
import { browser, lookAt } from '../support/browser.js';
import { cli, json, succeed, type Ended } from '../support/cli.js';
import { fixture } from '../support/fixtures.js';

const GRID = {
  order: { instrument: 'BTC-USD@sample', side: 'buy', quantity: '1' },
  vary: { duration: ['4s', '6s'], sliceInterval: ['1s', '2s'], aggressionFloor: ['0', '20'] },
  starts: { every: '4s' },
  venue: { assume: ['optimistic', 'expected', 'pessimistic'], latency: ['0ms', '50ms'] },
};

describe('reprise report', () => {
  let folder: string;
  let results: string;
  let page: string;
  let html: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'reprise-report-test-'));
    results = join(folder, 'results');
    page = join(folder, 'report.html');
    writeFileSync(join(folder, 'grid.json'), JSON.stringify(GRID));
    await succeed('sweep', fixture('quiet-minute'), '--grid', join(folder, 'grid.json'), '--out', results);
    await succeed('report', results, '--html', page);
    html = readFileSync(page, 'utf8');
  });
  after(() => rmSync(folder, { recursive: true }));

  const stored = (name: string): unknown => JSON.parse(readFileSync(join(results, name), 'utf8'));
  const dataOf = (text: string): ReportData =>
    JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(text)![1]!) as ReportData;
  const refusedWith = ({ code, stdout, stderr }: Ended, sentence: RegExp): void => {
    expect([code, stdout], stderr).to.deep.equal([2, '']);
    expect(stderr).to.match(sentence);
  };

  it('shows the figures of the comparison, set by set and under each assumption', () => {
    const data = dataOf(html);
    const rankings = stored('comparisons.json') as Ranking[];
    expect(data.parameters).to.deep.equal(['duration', 'sliceInterval', 'aggressionFloor']);
    expect(data.sets.map(({ values }) => values.join(' ')))
      .to.include('6s 1s 20')
      .and.have.length(8);
    for (const { assume, train } of rankings)
      for (const { set, mean, difference, low } of train.sets) {
        const own = data.sets.find((each) => each.set === set)!.under[assume]!;
        expect([own.mean, own.difference, own.low]).to.deep.equal([mean, difference, low]);
      }
    expect(data.best).to.deep.equal((stored('run.json') as { best: unknown }).best);
  });

  it('pairs starts as the comparison does: a set against itself varies by nothing, and the sessions add up to the mean', () => {
    const { sets, run, assumptions } = dataOf(html);
    const { deviation, worstDecile } = sets.find(({ set }) => set === run.baseline)!.under['expected']!;
    expect([deviation, worstDecile]).to.deep.equal([0, 0]);
    for (const { assume, train, sessions } of assumptions)
      for (const { set, train: own } of sessions) {
        expect(own.map(({ starts }) => starts)).to.deep.equal([train.starts.common]);
        expect(own[0]!.mean).to.be.closeTo(sets.find((each) => each.set === set)!.under[assume]!.mean!, 1e-9);
      }
  });

  it('draws the best and the worst runs with their plan, lines, fills and quotes', () => {
    const { runs } = dataOf(html);
    expect(runs.map(({ assume, of, which }) => [assume, of, which].join())).to.include.members([
      'expected,best set,cheapest',
      'pessimistic,all sets,dearest',
    ]);
    for (const { trace } of runs) {
      expect(trace!.touch.length).to.be.greaterThan(10);
      expect(Math.min(trace!.plan.length, trace!.lines.length, trace!.fills.length)).to.be.greaterThan(0);
    }
  });

  it('is one file that loads nothing: its policy lets in only its own scripts, by their hashes', () => {
    expect(html).to.match(
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/,
    );
    const bare = html.replaceAll(/(<script[^>]*>).*?<\/script>/gs, '$1');
    expect(bare).not.to.match(/<(?:script|img|link|iframe)[^>]*\s(?:src|href)=/);
    const styles = /<style>(.*?)<\/style>/s.exec(html)![1]!;
    expect(styles).not.to.match(/url\(|@import/);
    expect(html.match(/<script/g)).to.have.length(3);
  });

  it('lets no content end the script that holds it', async () => {
    const other = join(folder, 'hostile');
    cpSync(results, other, { recursive: true });
    const run = stored('run.json') as { sessions: { name: string }[] };
    run.sessions[0]!.name = '</script><script>alert(1)</script><!--';
    writeFileSync(join(other, 'run.json'), JSON.stringify(run));
    await succeed('report', other, '--html', join(folder, 'hostile.html'));
    const text = readFileSync(join(folder, 'hostile.html'), 'utf8');
    expect(text.match(/<script/g)).to.have.length(3);
    expect(dataOf(text).run.sessions[0]!.name).to.equal(run.sessions[0]!.name);
  });

  it('says in short, and in JSON, which sets are best and what was left out', async () => {
    const { stdout } = await succeed('report', results);
    expect(stdout).to.match(/^\d+ desks: 8 sets, \d+ starts, 1 sessions; costAllIn in bps/);
    expect(stdout)
      .to.match(/ desks left out: window_cut\n/)
      .and.match(/\nexpected .*\npessimistic /);
    const document = await json('report', results);
    expect(Object.keys(document)).to.deep.equal(['html', 'run', 'best', 'assumptions', 'setsLeftOut']);
    expect(document['best']).to.deep.equal(dataOf(html).best);
  });

  it('makes the same page again, and replaces one only when told to', async () => {
    refusedWith(await cli('report', results, '--html', page), /is there already; name another --html, or add --force/);
    await succeed('report', results, '--html', page, '--force');
    expect(readFileSync(page, 'utf8') === html).to.equal(true);
  });

  it('refuses what is no finished sweep, and says how to go on', async () => {
    const at = (name: string, ...files: readonly (readonly [string, string])[]): string => {
      mkdirSync(join(folder, name));
      for (const [file, text] of files) writeFileSync(join(folder, name, file), text);
      return join(folder, name);
    };
    refusedWith(
      await cli('report', join(folder, 'nowhere')),
      /cannot be read; name the folder that `reprise sweep --out`/,
    );
    refusedWith(await cli('report', page), /is a file; name the folder/);
    refusedWith(await cli('report', at('empty')), /holds no results; name the folder/);
    refusedWith(
      await cli('report', at('begun', ['plan.json', '{}'])),
      /not finished; give the command again that began it/,
    );
    const later = JSON.stringify({ ...(stored('run.json') as object), formatVersion: 99 });
    refusedWith(
      await cli('report', at('later', ['run.json', later])),
      /version 99, and this build reads .* version 1;/,
    );
    cpSync(results, join(folder, 'altered'), { recursive: true });
    appendFileSync(join(folder, 'altered', 'results.arrow'), ' ');
    refusedWith(await cli('report', join(folder, 'altered')), /is not the file that run\.json names/);
  });

  for (const scheme of ['light', 'dark'] as const)
    it(`loads in a ${scheme} browser without an error and without a request`, async function () {
      if (browser === undefined) {
        console.log('      (no Chromium on this machine: the page was not opened)');
        this.skip();
      }
      const seen = await lookAt(browser, page, scheme);
      expect(seen.complaints).to.deep.equal([]);
      expect(seen.requests).to.deep.equal([]);
      // three parameters, one map, risk, assumptions, sessions, and two charts for each of two runs
      expect(seen.dom.match(/_echarts_instance_="/g)).to.have.length(3 + 1 + 3 + 4);
      expect(seen.dom.match(/aria-sort="ascending"/g)).to.have.length(1);
      expect(seen.dom.match(/<article class="card"><h3>Best under (?:expected|pessimistic)/g)).to.have.length(2);
    });

  it('answers a reader who picks, sorts, filters and points', async function () {
    if (browser === undefined) this.skip();
    const { dom, complaints } = await lookAt(
      browser,
      page,
      'light',
      `const pick = (select, value) => { select.value = value; select.dispatchEvent(new Event('change')); };
      pick(document.querySelector('#assume'), 'pessimistic');
      for (const select of document.querySelectorAll('#landscape select, #risk select, #runs select'))
        pick(select, [...select.options].at(-1).value);
      [...document.querySelectorAll('th button')].find((button) => button.textContent.startsWith('mean,')).click();
      [...document.querySelectorAll('th button')].find((button) => button.textContent.startsWith('mean,')).click();
      const filter = document.querySelector('#sets input');
      filter.value = 'duration=6s';
      filter.dispatchEvent(new Event('input'));
      for (const canvas of document.querySelectorAll('canvas')) {
        const { left, top, width, height } = canvas.getBoundingClientRect();
        for (const at of [0.3, 0.5, 0.7])
          canvas.dispatchEvent(new MouseEvent('mousemove', { bubbles: true, clientX: left + width * at, clientY: top + height / 2 }));
      }
      await new Promise((resolve) => setTimeout(resolve, 0));`,
    );
    expect(complaints).to.deep.equal([]);
    const { sets } = dataOf(html);
    const falling = sets
      .filter(({ values }) => values[0] === '6s')
      .sort((a, b) => b.under['pessimistic']!.mean! - a.under['pessimistic']!.mean! || a.set - b.set);
    const table = dom.slice(dom.indexOf('id="sets"'), dom.indexOf('id="stands"'));
    const listed = [...table.matchAll(/<tr[^>]*><td class="number">(\d+)<\/td>/g)].map(([, set]) => Number(set));
    expect(listed).to.deep.equal(falling.map(({ set }) => set));
    expect(table).to.include('4 of 8 sets under pessimistic');
  });

  it('would be caught loading something: the browser names what its policy kept out', async function () {
    if (browser === undefined) this.skip();
    const other = join(folder, 'loading.html');
    writeFileSync(other, html.replace('<main>', '<main><img src="http://127.0.0.1:9/x.png"><script>alert(1)</script>'));
    const { complaints } = await lookAt(browser, other, 'light');
    expect(complaints.join('\n'))
      .to.match(/127\.0\.0\.1:9/)
      .and.match(/inline script/);
  });
});
