import { expect } from 'chai';
import { Fraction } from '../../../../core/measures/fraction.js';

const f = (numerator: number, denominator = 1): Fraction => Fraction.of(numerator, denominator);

describe('a fraction', () => {
  for (const [text, numerator, denominator] of [
    ['12.5', 125, 10],
    ['0', 0, 1],
    ['-0.05', -5, 100],
    ['61837.63000000', 6183763, 100],
  ] as const)
    it(`reads ${text}`, () => expect(Fraction.parse(text).equals(f(numerator, denominator))).to.equal(true));

  it('adds, subtracts, multiplies and divides exactly', () => {
    expect(f(1, 3).plus(f(1, 6)).equals(f(1, 2))).to.equal(true);
    expect(f(1, 3).minus(f(1, 2)).equals(f(-1, 6))).to.equal(true);
    expect(f(2, 3).times(f(3, 4)).equals(f(1, 2))).to.equal(true);
    expect(f(2, 3).over(f(-4, 3)).equals(f(-1, 2))).to.equal(true);
    expect(f(-2, 3).absolute().equals(f(2, 3))).to.equal(true);
  });
  it('keeps its sign above the line and knows its lowest terms', () => {
    const { numerator, denominator } = f(6, -4).reduced();
    expect([numerator, denominator]).to.deep.equal([-3n, 2n]);
    expect(f(0, 7).reduced().denominator).to.equal(1n);
  });
  it('compares without dividing', () => {
    expect(f(1, 3).isAbove(f(333, 1000))).to.equal(true);
    expect(f(-1, 3).isAbove(f(-1, 4))).to.equal(false);
  });

  // [numerator, denominator, places, text]
  for (const [numerator, denominator, places, text] of [
    [1, 3, 4, '0.3333'],
    [2, 3, 4, '0.6667'],
    [1, 8, 2, '0.12'], // a tie goes to the even neighbour
    [3, 8, 2, '0.38'],
    [-1, 8, 2, '-0.12'],
    [-3, 8, 2, '-0.38'],
    [5, 2, 0, '2'],
    [7, 2, 0, '4'],
    [-1, 1000, 2, '0'], // and never '-0'
    [120, 1, 3, '120'],
  ] as const)
    it(`writes ${numerator}/${denominator} to ${places} places as ${text}`, () =>
      expect(f(numerator, denominator).toText(places)).to.equal(text));

  it('has no zero below the line', () => expect(() => f(1, 0)).to.throw('1 / 0 is no number'));
});
