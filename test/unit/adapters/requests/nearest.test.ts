import { expect } from 'chai';
import { editDistance, nearest } from '../../../../adapters/requests/nearest.js';

describe('the nearest known word', () => {
  for (const [a, b, edits] of [
    ['', 'abc', 3],
    ['quantity', 'quantity', 0],
    ['quantiy', 'quantity', 1],
    ['qauntity', 'quantity', 1], // a swap of neighbours is one edit
    ['size', 'side', 1],
    ['kitten', 'sitting', 3],
  ] as const)
    it(`counts ${edits} edits from "${a}" to "${b}"`, () => {
      expect(editDistance(a, b)).to.equal(edits);
      expect(editDistance(b, a)).to.equal(edits);
    });

  it('does not mind capitals', () => {
    expect(nearest('LIMITPRICE', ['slices', 'limitPrice'])).to.equal('limitPrice');
  });
});
