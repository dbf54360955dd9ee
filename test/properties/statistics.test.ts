import { expect } from 'chai';
import { calibrate, distanceBound } from '../support/calibration.js';

// Grids of seeds 1, 2, …: the same in every run. statistics.long.ts prints the table of docs/statistics.md.
describe('The statistics of a grid whose truth is known', () => {
  for (const [title, shape] of [
    ['ten blocks of time', { sets: 21, sessions: 1, starts: 400 }],
    ['ten sessions', { sets: 21, sessions: 10, starts: 60 }],
  ] as const)
    it(`p-values are uniform and 95 % intervals hold 90 to 98 % where no set differs: ${title}`, () => {
      const { blocks, coverage, distance } = calibrate(shape, 100);
      expect(blocks).to.equal(10);
      expect(coverage).to.be.within(0.9, 0.98);
      expect(distance).to.be.below(distanceBound(100));
    });

  it('an advantage of 1 bp is found, and the set named', () => {
    const truth = (set: number): number => (set === 7 ? -1 : 0);
    const { found, named } = calibrate({ sets: 21, sessions: 20, starts: 600, own: 3, truth }, 5);
    expect([found, named]).to.deep.equal([1, 1]);
  });
});
