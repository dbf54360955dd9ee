import { expect } from 'chai';
import { MidSums } from '../../../../core/market/mid-sums.js';
import { PriceSum, worth } from '../../../../core/measures/price-sum.js';
import { SAMPLE_INTERVAL, Sampler } from '../../../../core/measures/sampler.js';

const UNITS = { instrument: 'X@test', priceScale: 1, sizeScale: 2 };

describe('the running sums of a mid', () => {
  it('hold each mid until the next one, and nothing while there is none', () => {
    const mids = new MidSums();
    mids.update(0, false, 100);
    mids.update(200, false, 110);
    mids.update(210, false, 130);
    mids.update(0, true, 140);
    mids.update(220, false, 190);
    expect(mids.integral(200)).to.equal(BigInt(20 * 200 + 10 * 210 + 10 * 220));
    expect(mids.heldMicros(200)).to.equal(40);
    expect(mids.untrustedMicros(200) - 100).to.equal(50); // it was untrusted until its first instant, too
  });
  it('remember the last mid while there is none', () => {
    const mids = new MidSums();
    mids.update(200, false, 10);
    mids.update(0, false, 20);
    expect([mids.mid2, mids.last2]).to.deep.equal([0, 200]);
  });
  it('stay exact beyond the safe integers', () => {
    const mids = new MidSums();
    let sum = 0n;
    for (let i = 0; i < 50; i++) {
      const mid2 = 9_007_199_254 + i;
      mids.update(mid2, false, i * 1_000_003);
      sum += BigInt(mid2) * 1_000_003n;
    }
    expect(mids.integral(50 * 1_000_003)).to.equal(sum);
  });
  it('are the same once increments get finer, and out of a checkpoint', () => {
    const mids = new MidSums();
    mids.update(3, false, 10);
    mids.update(4, false, 20);
    const before = mids.integral(25);
    const again = new MidSums();
    again.restore(mids.content());
    again.rescale(100);
    expect(again.integral(25)).to.equal(before * 100n);
    expect([again.mid2, again.last2]).to.deep.equal([400, 400]);
  });
});

describe('a sampler', () => {
  it('sums a mid a second, and skips seconds without one', () => {
    const sampler = new Sampler(10);
    for (const mid2 of [200, 0, 210]) sampler.take(mid2);
    expect([sampler.sum, sampler.count, sampler.nextAt]).to.deep.equal([410n, 2, 10 + 3 * SAMPLE_INTERVAL]);
  });
  it('leaves out the sample of the very instant at which a window ends', () => {
    const sampler = new Sampler(10);
    sampler.take(200);
    sampler.take(210);
    expect(sampler.before(10 + SAMPLE_INTERVAL)).to.deep.equal({ sum: 200n, count: 1 });
    expect(sampler.before(11 + SAMPLE_INTERVAL)).to.deep.equal({ sum: 410n, count: 2 });
    sampler.take(0);
    expect(sampler.before(10 + 2 * SAMPLE_INTERVAL)).to.deep.equal({ sum: 410n, count: 2 });
  });
});

describe('quantities at prices', () => {
  it('are worth price x quantity', () => {
    const sum = new PriceSum(false);
    sum.add(2005, 150); // 100.25 x 1.5
    sum.add(2000, 50); // 100 x 0.5
    expect(sum.content(UNITS)).to.deep.equal({ quantity: '2', value: '200.375' });
    expect(worth(sum.content(UNITS)).toText(3)).to.equal('200.375');
  });
  it('are worth minus quantity / price for an inverse contract, price by price', () => {
    const sum = new PriceSum(true);
    sum.add(60, 100); // 1 at 3
    sum.add(140, 100); // 1 at 7
    sum.add(60, 100);
    expect(sum.content(UNITS)).to.deep.equal({
      quantity: '3',
      prices: [
        ['3', '2'],
        ['7', '1'],
      ],
    });
    expect(worth(sum.content(UNITS)).toText(12)).to.equal('-0.809523809524'); // -17 / 21
  });
  for (const inverse of [false, true])
    it(`come back out of their text in finer increments, ${inverse ? 'inverse' : 'linear'}`, () => {
      const sum = new PriceSum(inverse);
      sum.add(2005, 150);
      sum.add(1999, 1);
      const content = sum.content(UNITS);
      const finer = { ...UNITS, priceScale: 3, sizeScale: 4 };
      expect(PriceSum.restore(content, finer).content(finer)).to.deep.equal(content);
      sum.rescale(100, 100);
      expect(sum.content(finer)).to.deep.equal(content);
    });
});
