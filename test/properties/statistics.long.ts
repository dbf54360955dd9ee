import { expect } from 'chai';
import { calibrate, distanceBound, type Calibration } from '../support/calibration.js';
import type { DrawnGrid } from '../support/drawn-grid.js';

type Shape = Omit<DrawnGrid, 'seed'>;

const GRIDS = 1000;
/** How far from uniform p-values may be beyond chance: they are 1 where every set looks worse, which is so in one of twenty grids. */
const BIAS = 0.03;
/** The same for ten blocks of a market with a memory: docs/statistics.md says so. */
const BIAS_OF_FEW_BLOCKS = 0.09;
const percent = (share: number): string => (100 * share).toFixed(1);

function print(title: string, { blocks, kind, coverage, distance, found, named }: Calibration): void {
  console.log(
    `      | ${title} | ${blocks} ${kind} | ${percent(coverage)} % | ${distance.toFixed(3)} | ${percent(found)} % | ${percent(named)} % |`,
  );
}

describe('The statistics of grids whose truth is known, at length', () => {
  before(() => {
    console.log(`      ${GRIDS} grids a line; the bound of the distance is ${distanceBound(GRIDS).toFixed(3)}`);
    console.log('      | grid | blocks | 95 % intervals hold | distance from uniform | p < 0.05 | named |');
  });

  for (const weather of ['plain', 'persistent', 'changing', 'skewed'] as const)
    for (const [sessions, starts] of [
      [1, 400],
      [3, 400],
      [12, 60],
      [20, 60],
    ] as const) {
      const shape: Shape = { sets: 21, sessions, starts, weather };
      it(`hold where no set differs: ${weather}, ${sessions} x ${starts} starts`, () => {
        const calibration = calibrate(shape, GRIDS);
        print(`${weather}, ${sessions} x ${starts} starts`, calibration);
        expect(calibration.coverage).to.be.within(0.9, 0.98);
        const isHard = weather === 'persistent' && calibration.blocks < 20;
        expect(calibration.found).to.be.below(0.09);
        expect(calibration.distance).to.be.below(distanceBound(GRIDS) + (isHard ? BIAS_OF_FEW_BLOCKS : BIAS));
      });
    }

  it('hold where only the sets have skewed luck, and the baseline none', () => {
    const calibration = calibrate(
      { sets: 21, sessions: 1, starts: 400, weather: 'skewed', steadyBaseline: true },
      GRIDS,
    );
    print('skewed sets, 1 x 400 starts', calibration);
    expect(calibration.coverage).to.be.within(0.9, 0.98);
  });

  const truth = (set: number): number => (set === 7 ? -1 : 0);
  for (const [sessions, starts] of [
    [10, 600],
    [20, 600],
  ] as const)
    it(`an advantage of 1 bp: ${sessions} x ${starts} starts`, () => {
      const calibration = calibrate({ sets: 21, sessions, starts, own: 3, truth }, 40);
      print(`1 bp planted, 40 grids, ${sessions} x ${starts} starts`, calibration);
      expect(calibration.coverage).to.be.within(0.9, 0.98);
      expect(calibration.named).to.be.above(0.9);
    });
});
