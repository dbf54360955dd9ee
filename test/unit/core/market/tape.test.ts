import { expect } from 'chai';
import { Draws } from '../../../../core/draws.js';
import { Tape } from '../../../../core/market/tape.js';

const sums = ({ count, volumeLots, notional, first, last, high, low }: Tape): object => ({
  count,
  volumeLots,
  notional,
  first,
  last,
  high,
  low,
});

describe('a tape of trades', () => {
  it('sums volume and notional and remembers first, last, high and low', () => {
    const tape = new Tape();
    for (const [price, lots] of [
      [100, 5],
      [103, 1],
      [98, 2],
      [101, 4],
    ] as const)
      tape.add(price, lots, true);
    expect(sums(tape)).to.deep.equal({
      count: 4,
      volumeLots: 12n,
      notional: 1203n,
      first: 100,
      last: 101,
      high: 103,
      low: 98,
    });
  });
  it('counts a print that is no market trade, and that is all it does', () => {
    const tape = new Tape();
    tape.add(1, 1_000_000, false);
    expect(sums(tape)).to.deep.equal({ count: 1, volumeLots: 0n, notional: 0n, first: 0, last: 0, high: 0, low: 0 });
    tape.add(100, 5, true);
    expect(tape.low).to.equal(100);
  });
  it('is exact where single products, and where sums, leave the safe integers', () => {
    const tape = new Tape();
    const draws = new Draws(7, 'tape');
    let [volume, notional] = [0n, 0n];
    for (let i = 0; i < 500; i++) {
      const wide = i % 3 === 0;
      const price = wide ? 9_007_199_254_740_991 - draws.below(1000) : draws.next();
      const lots = wide ? 9_007_199_254_740_991 - draws.below(1000) : 1 + draws.below(1_000_000);
      tape.add(price, lots, true);
      volume += BigInt(lots);
      notional += BigInt(price) * BigInt(lots);
    }
    expect(tape.volumeLots).to.equal(volume);
    expect(tape.notional).to.equal(notional);
  });
  it('is counted on in finer increments', () => {
    const tape = new Tape();
    tape.add(100, 5, true);
    tape.rescale(10, 1000);
    tape.add(1001, 5001, true);
    expect(sums(tape)).to.deep.equal({
      count: 2,
      volumeLots: 10_001n,
      notional: 1000n * 5000n + 1001n * 5001n,
      first: 1000,
      last: 1001,
      high: 1001,
      low: 1000,
    });
  });
});
