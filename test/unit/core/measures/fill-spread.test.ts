import { expect } from 'chai';
import { fillSpread } from '../../../../core/measures/fill-spread.js';

const SPOT = { kind: 'spot', multiplier: '1' } as const;
const INVERSE = { kind: 'inverse', multiplier: '100' } as const;

describe('what a fill paid of the spread', () => {
  // [side, quantity, price, mid, of what, spread]
  for (const [side, quantity, price, mid, definition, spread] of [
    ['buy', '2', '101', '100.5', SPOT, '1'],
    ['sell', '2', '100', '100.5', SPOT, '1'],
    ['buy', '2', '100', '100.5', SPOT, '-1'], // a maker earned it
    ['buy', '3', '101', '100.5', { kind: 'linear', multiplier: '0.01' }, '0.015'],
    ['buy', '2', '125', '100', INVERSE, '0.4'], // 2 x (100 / 100 - 100 / 125)
    ['sell', '2', '80', '100', INVERSE, '0.5'], // 2 x (100 / 80 - 100 / 100)
    ['buy', '1', '3', '7', INVERSE, '-19.047619047619'], // 100 / 7 - 100 / 3
  ] as const)
    it(`is ${spread} for a ${side} of ${quantity} at ${price} with the mid at ${mid}, ${definition.kind}`, () =>
      expect(fillSpread({ side, quantity, price, mid }, definition)).to.equal(spread));
});
