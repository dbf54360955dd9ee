import { expect } from 'chai';
import { Counting } from '../../../../../adapters/venues/mapping/counting.js';
import { Levels } from '../../../../../adapters/venues/mapping/levels.js';
import { rounded } from '../../../../../adapters/venues/mapping/rounded.js';

const admitted = (counting: Counting, levels: readonly (readonly [string, string])[]): boolean => {
  const read = new Levels();
  expect(read.read(levels, [])).to.equal(true);
  return counting.admit(read);
};

describe('counting in whole increments', () => {
  it('leaves no trace of levels that do not fit, whatever stood before them in their message', () => {
    const counting = new Counting('AAA@test');
    expect(admitted(counting, [['10.5', '2']])).to.equal(true);
    expect(
      admitted(counting, [
        ['10.125', '0.12345678'],
        ['0.1', '452338153.08'],
      ]),
    ).to.equal(false);
    expect(counting.increments).to.include({ priceScale: 1, sizeScale: 0 });
    expect(admitted(counting, [['0.1', '452338153.08']])).to.equal(true);
    expect(counting.increments).to.include({ priceScale: 1, sizeScale: 2 });
    expect(admitted(counting, [['10', '0.12345678']])).to.equal(false);
  });
});

describe('rounding', () => {
  for (const [text, places, expected] of [
    ['0.1234565', 6, '0.123457'],
    ['0.1234564', 6, '0.123456'],
    ['9.9999999', 6, '10'],
    ['0.00000049', 6, '0'],
    ['12.5', 6, '12.5'],
    ['12', 6, '12'],
    ['1e-9', 6, '1e-9'],
    ['-1.00000001', 6, '-1.00000001'],
  ] as const)
    it(`makes ${expected} of ${text} at ${places} places`, () => {
      expect(rounded(text, places)).to.equal(expected);
    });
});
