import { expect } from 'chai';
import { Ladder } from '../../../../../adapters/venues/sample/ladder.js';
import { Side } from '../../../../../core/market/columns.js';

describe('a side of the generated book', () => {
  for (const [name, side, best, worst] of [
    ['bids', Side.bid, 103, 100],
    ['asks', Side.ask, 100, 103],
  ] as const) {
    it(`keeps ${name} best first`, () => {
      const ladder = new Ladder(side);
      for (const ticks of [101, 103, 100]) ladder.set(ticks, ticks);
      expect([ladder.best, ladder.ticksAt(1), ladder.worst, ladder.lotsAt(1)]).to.deep.equal([best, 101, worst, 101]);
      expect(ladder.gain(best, worst)).to.equal(3);
      expect(ladder.behind(best, 3)).to.equal(worst);
    });
  }

  it('tells each changed level once, with what it showed before, and not what came and went', () => {
    const ladder = new Ladder(Side.bid);
    ladder.set(100, 5);
    ladder.set(101, 7);
    expect(ladder.takeChanges()).to.deep.equal([
      { ticks: 100, before: 0 },
      { ticks: 101, before: 0 },
    ]);
    ladder.set(100, 6);
    ladder.set(102, 1);
    ladder.set(100, 0);
    ladder.set(102, 0);
    ladder.set(101, 7);
    expect(ladder.takeChanges()).to.deep.equal([{ ticks: 100, before: 5 }]);
    expect(ladder.takeChanges()).to.deep.equal([]);
  });
});
