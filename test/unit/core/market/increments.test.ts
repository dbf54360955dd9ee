import { expect } from 'chai';
import { int64At, setInt64 } from '../../../../core/market/columns.js';
import { Draws } from '../../../../core/draws.js';
import { InvariantViolation } from '../../../../core/errors.js';
import {
  formatScaled,
  Increments,
  multiplied,
  parseScaled,
  pow10,
  rescaled,
  rescaledSize,
  type Scaled,
} from '../../../../core/market/increments.js';
import { seeds } from '../../../support/random-story.js';

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
    [45_233_815_308_000_000, 8, '452338153.08'],
    [2 ** 62, 0, '4611686018427387904'], // and not 4611686018427388000, as a number is written
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
    expect(pow10(18)).to.equal(1e18);
    expect(pow10(19)).to.equal(Infinity);
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

describe('sizes beyond the safe integers', () => {
  const size = (text: string): Scaled => parseScaled(text)!;
  const texts = (...all: string[]): Increments | undefined => {
    const increments = new Increments();
    return all.every((text) => increments.admitSize(size(text))) ? increments : undefined;
  };

  it('are counted where a double is exact', () => {
    expect(rescaledSize(size('452338153.08'), 8)).to.equal(45_233_815_308_000_000);
    expect(rescaledSize(size('1'), 18)).to.equal(1e18);
    expect(rescaledSize(size('9'), 18)).to.equal(9e18);
    expect(rescaledSize(size('10'), 18)).to.equal(undefined); // 2^63 is less
    expect(rescaledSize(size('9007199254740991'), 1)).to.equal(undefined); // no double is ten times that
    expect(rescaledSize(size('0'), 18)).to.equal(0);
  });
  it('may stand beside fine ones where prices may not', () => {
    const increments = texts('452338153.08', '16541.88696742');
    expect(increments?.sizeScale).to.equal(8);
    const prices = new Increments();
    expect(prices.admitPrice(size('452338153.08'))).to.equal(true);
    expect(prices.admitPrice(size('16541.88696742'))).to.equal(false);
  });
  it('keep increments out in which one of them would be rounded', () => {
    const increments = texts('452338153.08', '0.00000001')!;
    expect(increments.admitSize(size('0.000000000001'))).to.equal(false);
    expect(increments.sizeScale).to.equal(8);
    expect(increments.admitSize(size('900719925474099.1'))).to.equal(false);
    expect(increments.admitSize(size('10000000000'))).to.equal(true);
  });
  it('are no matter of doubt: what is let in is exact at any scale up to the common one, as long as it is told', () => {
    const draws = new Draws(1, 'exact sizes');
    let beyond = 0;
    for (let i = 0; i < 5000; i++) {
      const value = { mantissa: drawn(draws, 16), scale: draws.below(19) };
      const scale = value.scale + draws.below(19 - value.scale);
      const lots = rescaledSize(value, scale);
      const exact = BigInt(value.mantissa) * 10n ** BigInt(scale - value.scale);
      if (lots !== undefined) {
        expect(BigInt(lots), JSON.stringify(value)).to.equal(exact);
        const words = new Int32Array(2);
        setInt64(words, 0, lots);
        expect(int64At(words, 0)).to.equal(lots);
        expect(parseScaled(formatScaled(lots, scale))).to.deep.equal(parseScaled(formatScaled(exact, scale)));
      } else expect(exact > BigInt(Number.MAX_SAFE_INTEGER), 'a safe integer can always be counted').to.equal(true);
      if (lots !== undefined && lots > Number.MAX_SAFE_INTEGER) beyond++;
    }
    expect(beyond).to.be.greaterThan(100);
  });
  for (const seed of seeds(20))
    it(`are let in together or not, in whatever order they come (REPRISE_SEED=${seed})`, () => {
      const draws = new Draws(seed, 'orders of sizes');
      let [together, not] = [0, 0];
      for (let i = 0; i < 200; i++) {
        const [places, digits] = [3 + draws.below(14), 8 + draws.below(8)];
        const values = Array.from({ length: 2 + draws.below(6) }, () =>
          size(formatScaled(drawn(draws, digits), draws.below(places))),
        );
        const admitted = orders(draws, values).map((ordered) => {
          const increments = new Increments();
          return ordered.every((value) => increments.admitSize(value)) ? increments.sizeScale : undefined;
        });
        expect(new Set(admitted).size, JSON.stringify(values)).to.equal(1);
        if (admitted[0] === undefined) not++;
        else together++;
      }
      expect(together).to.be.greaterThan(5);
      expect(not).to.be.greaterThan(5);
    });
});

/** Values as they come, the other way round, and drawn anew. */
function orders<T>(draws: Draws, values: readonly T[]): T[][] {
  const drawn = [...values];
  for (let i = drawn.length - 1; i > 0; i--) {
    const j = draws.below(i + 1);
    [drawn[i], drawn[j]] = [drawn[j]!, drawn[i]!];
  }
  return [[...values], [...values].reverse(), drawn];
}

/** A whole number of fewer than so many digits. */
const drawn = (draws: Draws, digits: number): number =>
  Math.floor((draws.next() / 2 ** 32) * pow10(draws.below(digits)));
