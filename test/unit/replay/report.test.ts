import { expect } from 'chai';
import { reportData, type SweepRun } from '../../../replay/report/data.js';
import { heatMaps, inOrder } from '../../../replay/report/landscape.js';
import { inScript } from '../../../replay/report/page.js';
import type { PartRow } from '../../../replay/report/rows.js';
import { bestSets, type Ranking } from '../../../replay/sweep/ranking.js';
import { compareSets } from '../../../replay/statistics/compare.js';

/** A sweep of so many sets at twenty starts; set n costs n plus what `extra` says. */
function madeSweep(count: number, extra: (set: number, start: number) => number | null) {
  const row = (assumption: string, set: number, start: number): PartRow => {
    const more = extra(set, start);
    return {
      ...{
        set,
        session: start < 10 ? 'a' : 'b',
        at: start * 1e6,
        seed: 1,
        assume: `${assumption} 10ms`,
        windowMicros: 0,
        cut: false,
      },
      ...{ cost: more === null ? null : set + more, part: 'train', assumption },
    };
  };
  const assumes = ['expected', 'pessimistic'];
  const rows = assumes.flatMap((assume) =>
    Array.from({ length: count * 20 }, (_, i) => row(assume, Math.floor(i / 20), i % 20)),
  );
  const rankings = assumes.map((assume): Ranking => {
    const own = rows.filter(({ assumption }) => assumption === assume);
    const train = compareSets(own, {
      assume: [`${assume} 10ms`],
      baseline: 1,
      objective: 'costAllIn',
      seed: 1,
      resamples: 10,
    });
    return { assume, train, test: null, rankCorrelation: null, effects: [], bySession: [] };
  });
  const slices = Array.from({ length: count }, (_, i) => i + 1);
  const grid = { order: { side: 'buy' }, vary: { slices }, starts: [], sample: { kind: 'grid' } };
  const best = bestSets(
    rankings,
    slices.map((_, set) => ({ set, parameters: {} })),
  );
  const run = { grid, sessions: [], baseline: 1, longestWindow: 0, best } as unknown as SweepRun;
  return { run, rankings, rows, traces: [] };
}

describe('the data of a report', () => {
  it('tells the spread and the dearest tenth of the differences over the starts that all sets complete', () => {
    const sweep = madeSweep(3, (set, start) => (set !== 2 ? 0 : start === 0 ? null : start % 2 === 0 ? 3 : 1));
    const { under } = reportData(sweep).sets[2]!;
    // over the 19 starts left, ten cost 2 more than the baseline and nine 4 more: the dearest two of them cost 4 more
    const { deviation, worstDecile, incomplete } = under['expected']!;
    expect([worstDecile, incomplete]).to.deep.equal([4, 1]);
    const mean = (10 * 2 + 9 * 4) / 19;
    expect(deviation).to.be.closeTo(Math.sqrt((10 * (2 - mean) ** 2 + 9 * (4 - mean) ** 2) / 18), 1e-12);
  });

  it('tells the best sets session by session', () => {
    const { sessions } = reportData(madeSweep(3, (_, start) => start)).assumptions[1]!;
    expect(sessions).to.deep.equal([
      {
        set: 0,
        train: [
          { session: 'a', starts: 10, mean: 4.5, difference: -1 },
          { session: 'b', starts: 10, mean: 14.5, difference: -1 },
        ],
        test: [],
      },
    ]);
  });

  it('lists the cheapest of many sets, the baseline always, and says how many it left out', () => {
    const data = reportData(
      madeSweep(40, (set) => (set === 1 ? 100 : 0)),
      10,
    );
    expect(data.sets.map(({ set }) => set)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([data.setsLeftOut, data.sets[1]!.under['expected']!.rank]).to.deep.equal([30, 40]);
    expect([data.parameters, data.order]).to.deep.equal([['slices'], { side: 'buy' }]);
  });

  it('maps two parameters by the mean of the sets there, durations by their length and many values in groups', () => {
    const sets = [
      { parameters: { sliceInterval: '10s', slices: 1 }, mean: 1 },
      { parameters: { sliceInterval: '2s', slices: 1 }, mean: 2 },
      { parameters: { sliceInterval: '2s', slices: 1 }, mean: 4 },
    ];
    const [map] = heatMaps(sets, ['sliceInterval', 'slices']);
    expect(map).to.deep.include({ x: 'sliceInterval', y: 'slices', xValues: ['2s', '10s'], yValues: ['1'] });
    expect(map!.cells).to.have.deep.members([
      [1, 0, 1, 1],
      [0, 0, 3, 2],
    ]);
    const many = Array.from({ length: 30 }, (_, i) => ({ parameters: { a: String(i), b: 'x' }, mean: i }));
    expect(heatMaps(many, ['a', 'b'])[0]!.xValues)
      .to.have.length(8)
      .and.include('0 – 3');
    expect(['–', '1m30s', '250ms', '5%', '1m'].sort(inOrder)).to.deep.equal(['250ms', '5%', '1m', '1m30s', '–']);
  });

  it('is written so that no text in it ends its script', () => {
    const hostile = { name: '</script><!-- \u2028 "' };
    expect(inScript(hostile)).not.to.match(/[<\u2028]/);
    expect(JSON.parse(inScript(hostile))).to.deep.equal(hostile);
  });
});
