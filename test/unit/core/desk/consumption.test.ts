import { expect } from 'chai';
import { Consumption } from '../../../../core/desk/consumption.js';
import type { Assumption } from '../../../../core/desk/settings.js';
import { LevelLog } from '../../../../core/market/level-log.js';
import { Side } from '../../../../core/market/columns.js';
import type { Lots } from '../../../../core/market/lots.js';

const ask = Side.ask;

/** What is kept of `consumed` when a level goes through these sizes, in lots of `lotLots` increments. */
function keptOf(assume: Assumption, consumed: number, sizes: readonly number[], lotLots = 1): Lots {
  const consumption = new Consumption(assume);
  const log = new LevelLog();
  consumption.take(ask, 100, consumed, () => log);
  for (let i = 1; i < sizes.length && !log.hasEnded; i++) log.add(sizes[i - 1]!, sizes[i]!, lotLots);
  return consumption.consumedAt(ask, 100);
}

describe('what was taken from a level', () => {
  for (const [assume, consumed, sizes, kept, why] of [
    ['optimistic', 3, [5, 6], 0, 'is forgotten by any change'],
    ['optimistic', 3, [5, 4], 0, 'is forgotten by any change'],
    ['expected', 3, [5, 9], 3, 'stays taken when the level grows'],
    ['expected', 3, [10, 5], 2, 'shrinks with the level, rounded up'],
    ['expected', 3, [10, 9], 3, 'shrinks with the level, rounded up'],
    ['expected', 1, [10, 1], 1, 'is at least a lot while the level stands'],
    ['expected', 10, [10, 4], 4, 'is all of the level where all was taken'],
    ['expected', 3, [10, 5, 20], 2, 'does not come back when the level does'],
    ['expected', 3, [10, 0], 0, 'goes with the level'],
    ['pessimistic', 3, [5, 9], 3, 'stays taken when the level grows'],
    ['pessimistic', 3, [10, 5], 3, 'stays taken when the level shrinks'],
    ['pessimistic', 3, [10, 2], 2, 'is never more than is displayed'],
    ['pessimistic', 3, [10, 2, 50], 2, 'is never more than was displayed since'],
    ['pessimistic', 3, [10, 0], 0, 'goes with the level'],
  ] as const)
    it(`${assume}: ${why} (${consumed} of ${sizes.join(' to ')})`, () => {
      expect(keptOf(assume, consumed, sizes)).to.equal(kept);
    });

  it('is nothing any more once a level was deleted, and does not return with it', () => {
    for (const assume of ['optimistic', 'expected', 'pessimistic'] as const) {
      expect(keptOf(assume, 3, [5, 0, 5])).to.equal(0);
      const consumption = new Consumption(assume);
      const log = new LevelLog();
      consumption.take(ask, 100, 3, () => log);
      expect(log.add(5, 0, 1)).to.equal(false);
      expect(consumption.entries()).to.deep.equal([]);
    }
  });
  it('is scaled in whole lots of the venue, however finely sizes are counted', () => {
    const coarse = keptOf('expected', 1, [3, 1]);
    for (const lot of [10, 100, 100_000])
      expect(keptOf('expected', lot, [3 * lot, lot], lot)).to.equal(Number(coarse) * lot);
    // where the book holds parts of a lot, what is taken is never more than what is there
    expect(keptOf('expected', 10, [25, 12], 10)).to.equal(10);
    expect(keptOf('expected', 20, [22, 12], 10)).to.equal(12);
  });
  it('is scaled exactly where products leave the safe integers', () => {
    const d = 9_007_199_254_740_881;
    expect(keptOf('expected', d - 1, [d, d - 1])).to.equal(d - 1); // ceil((d - 1)² / d) = d - 1
    expect(keptOf('expected', 94_906_265, [94_906_267, 94_906_266])).to.equal(94_906_265);
  });
  it('adds up, level by level and side by side', () => {
    const consumption = new Consumption('expected');
    consumption.take(Side.ask, 100, 2);
    consumption.take(Side.ask, 100, 3);
    consumption.take(Side.bid, 100, 7);
    expect(consumption.entries()).to.deep.equal([
      [Side.bid, 100, 7],
      [Side.ask, 100, 5],
    ]);
    expect(consumption.consumedAt(Side.ask, 101)).to.equal(0);
  });
  it('is the same whenever somebody asks, and however many changes there were', () => {
    for (const assume of ['expected', 'pessimistic'] as const) {
      const log = new LevelLog();
      const [asked, unasked, late] = [1, 2, 3].map(() => new Consumption(assume)) as [Consumption, ...Consumption[]];
      asked.take(ask, 100, 900, () => log);
      unasked!.take(ask, 100, 900, () => log);
      const sizes = Array.from({ length: 2_000 }, (_, i) => 5_000 - i + 7 * ((i * i) % 13));
      for (let i = 1; i < sizes.length; i++) {
        if (i === 1_000) late!.take(ask, 100, asked.consumedAt(ask, 100), () => log);
        expect(log.add(sizes[i - 1]!, sizes[i]!, 10)).to.equal(true);
        if (i % 3 === 0) asked.consumedAt(ask, 100);
      }
      const kept = asked.consumedAt(ask, 100);
      expect(kept).to.be.above(0);
      expect(unasked!.consumedAt(ask, 100)).to.equal(kept);
      expect(late!.consumedAt(ask, 100)).to.equal(kept);
    }
  });
  it('is counted on in finer increments', () => {
    const consumption = new Consumption('expected');
    consumption.take(Side.ask, 100, 2);
    consumption.rescale(10, 1000);
    expect(consumption.entries()).to.deep.equal([[Side.ask, 1000, 2000]]);
  });
});
