import { expect } from 'chai';
import { Draws } from '../../../../core/draws.js';
import { InvariantViolation } from '../../../../core/errors.js';
import {
  formatScaled,
  Increments,
  multiplied,
  parseScaled,
  pow10,
  rescaled,
} from '../../../../core/market/increments.js';

describe('decimal text', () => {
  for (const [text, mantissa, scale] of [
    ['61837.63000000', 6_183_763, 2],
    ['0.001', 1, 3],
    ['5', 5, 0],
    ['0', 0, 0],
    ['0.000', 0, 0],
    ['100', 100, 0],
    ['007.50', 75, 1],
    ['9007199254740991', 9_007_199_254_740_991, 0],
    ['0.000000000000000001', 1, 18],
    ['1.0000000000000000000000000', 1, 0],
  ] as const)
    it(`${text} is ${mantissa} at scale ${scale}`, () => {
      expect(parseScaled(text)).to.deep.equal({ mantissa, scale });
    });
  for (const text of ['', '.', '.5', '5.', '-1', '+1', '1e3', '1,5', '1.2.3', ' 1', '0x1', 'NaN', '１'])
    it(`${JSON.stringify(text)} is none`, () => expect(parseScaled(text)).to.equal(undefined));
  it('is none where a count of it would not be exact', () => {
    expect(parseScaled('9007199254740992')).to.equal(undefined);
    expect(parseScaled('0.0000000000000000001')).to.equal(undefined);
    expect(parseScaled('90071992547409.911')).to.equal(undefined);
  });

  for (const [mantissa, scale, text] of [
    [6_183_763, 2, '61837.63'],
    [6_183_700, 2, '61837'],
    [1, 3, '0.001'],
    [0, 5, '0'],
    [5, 0, '5'],
    [500, 0, '500'],
    [-15, 1, '-1.5'],
    [-10, 1, '-1'],
    [123_456_789_012_345_678_901_234_567_890n, 10, '12345678901234567890.123456789'],
  ] as const)
    it(`${mantissa} at scale ${scale} is written ${text}`, () => expect(formatScaled(mantissa, scale)).to.equal(text));
  it('is what it was when it is read and written again', () => {
    const draws = new Draws(1, 'decimals');
    for (let i = 0; i < 2000; i++) {
      const mantissa = draws.next() * 1000 + draws.below(1000);
      const scale = draws.below(19);
      const again = parseScaled(formatScaled(mantissa, scale))!;
      expect(rescaled(again, scale)).to.equal(mantissa);
      expect(formatScaled(again.mantissa, again.scale)).to.equal(formatScaled(mantissa, scale));
    }
  });
});

describe('finer increments', () => {
  it('multiply a count by a power of ten, as long as that is exact', () => {
    expect(rescaled({ mantissa: 15, scale: 1 }, 3)).to.equal(1500);
    expect(rescaled({ mantissa: 15, scale: 1 }, 1)).to.equal(15);
    expect(rescaled({ mantissa: 0, scale: 0 }, 18)).to.equal(0);
    expect(rescaled({ mantissa: 9_007_199_254_740_991, scale: 0 }, 1)).to.equal(undefined);
    expect(rescaled({ mantissa: 1, scale: 0 }, 16)).to.equal(undefined);
    expect(pow10(15)).to.equal(1e15);
    expect(pow10(16)).to.equal(Infinity);
  });
  it('are no matter of rounding: a count that leaves the safe integers is an error', () => {
    expect(multiplied(9_007_199_254_740, 1000)).to.equal(9_007_199_254_740_000);
    expect(() => multiplied(9_007_199_254_741, 1000)).to.throw(InvariantViolation, /9007199254741 x 1000/);
  });
  it('are admitted as long as everything seen so far can be counted in them', () => {
    const increments = new Increments();
    expect(increments.admitPrice({ mantissa: 6_183_763, scale: 2 })).to.equal(true);
    expect(increments.admitPrice({ mantissa: 1, scale: 8 })).to.equal(true);
    expect(increments.priceScale).to.equal(8);
    expect(increments.admitPrice({ mantissa: 1, scale: 14 })).to.equal(false); // 61837.63 is too large for that
    expect(increments.admitPrice({ mantissa: 9_007_199_255, scale: 0 })).to.equal(false); // too large for 8 places
    expect(increments.priceScale).to.equal(8);
    expect(increments.admitPrice({ mantissa: 90_071_992, scale: 0 })).to.equal(true);
  });
  it('are those of prices and of sizes apart', () => {
    const increments = new Increments();
    expect(increments.admitSize({ mantissa: 5, scale: 15 })).to.equal(true);
    expect(increments.admitPrice({ mantissa: 9_007_199_254_740_991, scale: 0 })).to.equal(true);
    expect([increments.priceScale, increments.sizeScale]).to.deep.equal([0, 15]);
  });
});
