import { expect } from 'chai';
import { MICROS } from '../../../../core/time.js';
import { compareSets } from '../../../../replay/statistics/compare.js';
import { objectiveCost, type CostRow } from '../../../../replay/statistics/rows.js';

const MINUTE = MICROS.m;
const options = { objective: 'costAllIn', assume: 'expected', baseline: 0, seed: 1 };

/** One row per set and start, a start a minute; the cost is `costs[set][start]`, null where the set did not complete it. */
function table(costs: readonly (readonly (number | null)[])[], more: Partial<CostRow> = {}): CostRow[] {
  return costs.flatMap((own, set) =>
    own.map((cost, start) => ({
      set,
      session: 'a',
      at: start * MINUTE,
      seed: 1,
      assume: 'expected',
      windowMicros: MINUTE,
      cut: false,
      cost,
      ...more,
    })),
  );
}

const figures = (rows: readonly CostRow[], more: Partial<Parameters<typeof compareSets>[1]> = {}) =>
  compareSets(rows, { ...options, ...more });

describe('Sets are compared start by start', () => {
  it('means and differences are over the starts that every compared set completes', () => {
    const { sets, starts, best } = figures(
      table([
        [1, 2, 3, 4, 100],
        [0, 1, 2, 2, null],
      ]),
    );
    expect(starts).to.deep.equal({ common: 4, baseline: 5, all: 5 });
    expect(sets.map(({ mean }) => mean)).to.deep.equal([2.5, 1.25]);
    expect(sets.map(({ difference }) => difference)).to.deep.equal([0, -1.25]);
    expect(sets.map(({ rank, incomplete }) => [rank, incomplete])).to.deep.equal([
      [2, 0],
      [1, 1],
    ]);
    expect(best).to.equal(1);
  });

  it('a set that completes too few starts is left out with its count, and takes no start from the others', () => {
    const { sets, starts, best, notes } = figures(
      table([
        [5, 5, 5, 5, 5],
        [-9, null, null, null, -9],
        [4, 4, 4, 4, 4],
      ]),
    );
    expect(starts.common).to.equal(5);
    expect(sets[1]).to.deep.include({ compared: false, mean: null, low: null, rank: null, starts: 2, incomplete: 3 });
    expect(best).to.equal(2);
    expect(notes[0]).to.match(/^1 of 3 sets are not compared/);
  });

  it('sets that each miss another start do not eat up the common ones together', () => {
    const holes = (at: number): (number | null)[] => Array.from({ length: 10 }, (_, i) => (i === at ? null : 1));
    const rows = table([Array.from({ length: 10 }, () => 2), ...[0, 1, 2, 3, 4].map(holes)]);
    const { sets, starts } = figures(rows);
    expect(starts.common).to.equal(8);
    expect(sets.map(({ compared }) => compared)).to.deep.equal([true, true, true, false, false, false]);
    expect(figures(rows, { commonShare: 0.5 }).starts.common).to.equal(5);
  });

  it('cut windows never enter, and are counted', () => {
    const rows = table([
      [1, 1, 1, 1, 1],
      [0, 0, 0, 0, 0],
    ]).map((row) => (row.at === 4 * MINUTE ? { ...row, cut: true, cost: row.set === 0 ? 1 : -1000 } : row));
    const { sets, starts } = figures(rows);
    expect(starts.common).to.equal(4);
    expect(sets[1]).to.deep.include({ difference: -1, starts: 4, cut: 1, incomplete: 0 });
  });

  it('seeds are averaged within a start, and a start that one seed did not complete is not complete', () => {
    const one = table([Array.from({ length: 5 }, () => 3), [1, 1, 1, 1, 1]]);
    const two = table([Array.from({ length: 5 }, () => 5), [2, 2, 2, 2, null]], { seed: 2 });
    const { sets, starts } = figures([...one, ...two]);
    expect(starts.common).to.equal(4);
    expect(sets.map(({ mean }) => mean)).to.deep.equal([4, 1.5]);
  });

  it('assumptions are compared apart, and averaged within a start when asked', () => {
    const rows = [
      ...table([
        [3, 3],
        [1, 1],
        [2, 2],
      ]),
      ...table(
        [
          [3, 3],
          [9, 9],
          [2, 2],
        ],
        { assume: 'pessimistic' },
      ),
    ];
    expect(figures(rows).best).to.equal(1);
    expect(figures(rows, { assume: 'pessimistic' }).best).to.equal(2);
    const both = figures(rows, { assume: ['expected', 'pessimistic'] });
    expect(both).to.deep.include({ best: 2, assumption: 'expected + pessimistic' });
    expect(both.sets[1]!.mean).to.equal(5);
  });

  it('rows may come in any order', () => {
    const rows = table([
      [1.1, 2.3, 3.7],
      [0.3, 1.9, 2.2],
      [0.1, 9.9, 0.7],
    ]);
    const seeds = [...rows, ...rows.map((row) => ({ ...row, seed: 2, cost: row.cost! / 3 }))];
    expect(figures([...seeds].reverse())).to.deep.equal(figures(seeds));
  });

  it('a desk that is there twice is refused, as is a baseline that is not', () => {
    const rows = table([[1], [2]]);
    expect(() => figures([...rows, rows[1]!])).to.throw('rows: set 1 is there twice at a, 0, seed 1, expected');
    expect(() => figures(rows, { baseline: 7 })).to.throw('baseline: no row of set 7 under expected');
  });

  it('nothing is best where no start is common', () => {
    const { best, spa, notes } = figures(
      table([
        [null, null],
        [1, 2],
      ]),
    );
    expect([best, spa]).to.deep.equal([null, null]);
    expect(notes[0]).to.match(/^no start is completed/);
  });
});

describe('The objective', () => {
  it('is null for a row whose rest exceeded the depth', () => {
    expect(objectiveCost('costAllIn', { costAllIn: null, flags: ['incomplete'], completion: '0.5' })).to.equal(null);
    expect(objectiveCost('costAllIn', { costAllIn: '12.5', flags: [], completion: '0.5' })).to.equal(12.5);
  });

  it('by any cost but costAllIn, an order that did not complete has none', () => {
    expect(objectiveCost('slippageBps', { slippageBps: '-3', flags: [], completion: '0.99' })).to.equal(null);
    expect(objectiveCost('slippageBps', { slippageBps: '-3', flags: [], completion: '1' })).to.equal(-3);
  });

  it('is refused where less is not better', () => {
    expect(() => objectiveCost('makerShare', {})).to.throw(
      'objective: "makerShare" is not a cost; take one of costAllIn',
    );
  });
});
