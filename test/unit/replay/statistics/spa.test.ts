import { expect } from 'chai';
import { Draws } from '../../../../core/draws.js';
import { MICROS } from '../../../../core/time.js';
import { blocksOf } from '../../../../replay/statistics/blocks.js';
import { compareSets } from '../../../../replay/statistics/compare.js';
import { reach, Resamples } from '../../../../replay/statistics/resamples.js';
import { SuperiorAbility } from '../../../../replay/statistics/spa.js';
import { drawnGrid } from '../../../support/drawn-grid.js';

const options = { objective: 'costAllIn', assume: 'expected', baseline: 0, seed: 5, resamples: 200 };

describe('The block bootstrap', () => {
  it('is what it is start by start, written out', () => {
    const starts = Array.from({ length: 57 }, (_, index) => ({ session: 'a', at: index * MICROS.m }));
    const blocks = blocksOf(starts, 2 * MICROS.m);
    const draws = new Draws(3, 'series');
    const series = starts.map(() => draws.normal() / 1e6);
    const sums = new Float64Array(blocks.count);
    series.forEach((value, start) => (sums[blocks.of[start]!]! += value));
    const { mean, strayed } = new Resamples(blocks, 9, 3).estimate(sums);
    const unit = blocks.count / (blocks.count - 1);
    const variance = (at: readonly number[], centre: number): number =>
      unit * at.reduce((sum, block) => sum + (sums[block]! - centre * blocks.sizes[block]!) ** 2, 0);
    const again = new Draws(9, 'statistics/blocks');
    for (let resample = 0; resample < 3; resample++) {
      const drawn = Array.from(sums, () => again.below(blocks.count));
      const values = drawn.flatMap((block) => series.filter((_, start) => blocks.of[start] === block));
      const its = values.reduce((sum, value) => sum + value, 0) / values.length;
      const own = Math.max(variance(drawn, its), 0.25 * variance([...sums.keys()], mean));
      expect(strayed[resample]).to.be.closeTo((its - mean) / (Math.sqrt(own) / values.length), 1e-9);
    }
  });

  it('takes the quantile that leaves the asked share outside', () => {
    const strayed = Float64Array.from({ length: 99 }, (_, index) => (index % 2 === 0 ? 1 : -1) * (index + 1));
    expect(reach(strayed, 0.95)).to.equal(95);
  });

  it('gives the same figures for the same seed, and others for another', () => {
    const rows = drawnGrid({ seed: 1, sets: 3, sessions: 1, starts: 400 });
    expect(compareSets(rows, options)).to.deep.equal(compareSets(rows, options));
    expect(compareSets(rows, { ...options, seed: 6 }).sets[1]!.low).to.not.equal(
      compareSets(rows, options).sets[1]!.low,
    );
  });
});

describe('The test for superior ability', () => {
  const strayed = Float64Array.of(-3, -1, 0, 1, 3);

  it('counts the resamples whose best reaches the best', () => {
    const test = new SuperiorAbility(100, 5);
    test.add({ mean: -2, error: 1, strayed });
    expect(test.luck).to.deep.equal({ p: 2 / 6, lower: 2 / 6, upper: 2 / 6 });
  });

  it('does not let a set that is clearly worse make the best one look lucky', () => {
    const test = new SuperiorAbility(100, 5);
    test.add({ mean: -2, error: 1, strayed: Float64Array.of(0, 0, 0, 0, 0) });
    test.add({ mean: 5, error: 1, strayed: Float64Array.of(-4, -4, -4, -4, -4) });
    expect(test.luck).to.deep.equal({ p: 1 / 6, lower: 1 / 6, upper: 1 });
  });

  it('takes a set that is slightly worse as good as the baseline, for the lower bound as bad as it looks', () => {
    const test = new SuperiorAbility(100, 5);
    test.add({ mean: -2, error: 1, strayed: Float64Array.of(0, 0, 0, 0, 0) });
    test.add({ mean: 1, error: 1, strayed: Float64Array.of(-2.5, -2.5, 0, 0, 0) });
    expect(test.luck).to.deep.equal({ p: 3 / 6, lower: 1 / 6, upper: 3 / 6 });
  });

  it('takes an advantage that is the same at every start for no luck, and finds none in sets that equal the baseline', () => {
    const rows = drawnGrid({ seed: 1, sets: 3, sessions: 1, starts: 400, own: 0 });
    const same = compareSets(rows, options);
    expect(same.spa!.p).to.equal(1);
    expect(same.sets[1]).to.deep.include({ difference: 0, low: 0, high: 0 });
    const cheaper = rows.map((row) => ({ ...row, cost: row.cost! - (row.set === 2 ? 0.1 : 0) }));
    expect(compareSets(cheaper, options).spa!.p).to.equal(1 / 201);
  });

  it('an advantage in few blocks has a finite interval', () => {
    const rows = drawnGrid({ seed: 1, sets: 2, sessions: 1, starts: 400, own: 0 });
    const { low, high } = compareSets(
      rows.map((row) => ({ ...row, cost: row.cost! - (row.set === 1 && row.at < MICROS.m ? 5 : 0) })),
      options,
    ).sets[1]!;
    expect(Number.isFinite(low) && Number.isFinite(high)).to.equal(true);
    expect(low! < 0 && high! > 0).to.equal(true);
  });

  it('is not made below ten blocks, nor is an interval, and the number of blocks is told', () => {
    const { blocks, spa, sets, notes, best } = compareSets(
      drawnGrid({ seed: 1, sets: 3, sessions: 3, starts: 120 }),
      options,
    );
    expect(blocks).to.deep.equal({ kind: 'time', count: 9, seconds: 1200 });
    expect(spa).to.equal(null);
    expect(sets.map(({ low, high }) => [low, high])).to.deep.equal(sets.map(() => [null, null]));
    expect(sets.every(({ difference }) => difference !== null) && best !== null).to.equal(true);
    expect(notes[0]).to.match(/^9 blocks: no interval and no test below 10/);
  });
});
