import { expect } from 'chai';
import { Allowance } from '../../../../../adapters/venues/connection/allowance.js';
import { BackOff } from '../../../../../adapters/venues/connection/back-off.js';
import { Skew } from '../../../../../adapters/venues/connection/skew.js';
import { newSeed, seeded } from '../../../../support/seeded.js';

describe('an allowance', () => {
  it('is never gone beyond in any span, and none of it is wasted', () => {
    const drawn = newSeed();
    const chance = seeded(drawn);
    const below = (most: number): number => Math.floor(chance() * most);
    const seed = `TEST_SEED=${drawn}`;
    for (let round = 0; round < 50; round++) {
      const limit = { count: 1 + below(5), within: 1 + below(1_000) };
      const allowance = new Allowance(limit);
      const taken: number[] = [];
      for (let now = 1_000_000; taken.length < 40;) {
        now = Math.max(now + below(300), allowance.freeAt(now));
        allowance.take(now);
        taken.push(now);
      }
      for (let first = 0; first + limit.count < taken.length; first++)
        expect(taken[first + limit.count]! - taken[first]!, seed).to.be.at.least(limit.within);
      expect(new Allowance(limit).freeAt(5), seed).to.equal(5);
    }
  });

  it('is closed for as long as it is said', () => {
    const allowance = new Allowance({ count: 10, within: 1 });
    allowance.close(100);
    allowance.close(50);
    expect([allowance.freeAt(1), allowance.freeAt(100), allowance.freeAt(101)]).to.deep.equal([100, 100, 101]);
  });
});

describe('waits between attempts', () => {
  it('lie in the upper half of a span that doubles, whatever chance says', () => {
    const waits = (jitter: number): number[] => {
      const backOff = new BackOff(100, 500, () => jitter);
      return Array.from({ length: 5 }, () => backOff.next());
    };
    expect(waits(0)).to.deep.equal([50, 100, 200, 250, 250]);
    expect(waits(0.999)).to.deep.equal([99, 199, 399, 499, 499]);
  });
  it('begin again when all was well', () => {
    const backOff = new BackOff(100, 500, () => 0);
    backOff.next();
    backOff.next();
    backOff.reset();
    expect(backOff.next()).to.equal(50);
  });
});

describe('the skew of a clock', () => {
  it('is that of the newest messages only', () => {
    const skew = new Skew();
    expect(skew.measured()).to.equal(undefined);
    skew.add(5_000_000, 1);
    for (let n = 0; n < 512; n++) skew.add(1_000_000, 1_000_000 - 1_234);
    expect(skew.measured()).to.deep.equal({ min: 1.2, median: 1.2, max: 1.2 });
  });
});
