import { expect } from 'chai';
import { InvariantViolation } from '../../../../core/errors.js';
import {
  dueAt,
  equalSlice,
  equalSlices,
  firstDueAfter,
  fixedSlices,
  layOut,
  legalSlices,
  type Plan,
  type ScheduleTerms,
} from '../../../../core/orders/schedule.js';
import { T0 } from '../../../support/market.js';

const sum = (lots: readonly number[]): number => lots.reduce((a, b) => a + b, 0);
const SECOND = 1_000_000;

describe('equal slices', () => {
  for (const [quantityLots, count, lotLots, expected] of [
    [10, 5, 1, [2, 2, 2, 2, 2]], // divides
    [10, 3, 1, [3, 3, 4]], // the odd lot comes when it is due
    [11, 4, 1, [2, 3, 3, 3]],
    [2, 4, 1, [0, 1, 0, 1]], // fewer lots than slices
    [70, 3, 10, [20, 20, 30]], // every slice is a multiple of the venue's lot
    [7, 1, 1, [7]],
    [45, 2, 10, [20, 25]], // what is no lot goes into the last slice
    [0, 3, 1, [0, 0, 0]],
  ] as const)
    it(`of ${quantityLots} in ${count}, by lots of ${lotLots}, are ${expected.join(', ')}`, () => {
      expect(equalSlices(quantityLots, count, lotLots)).to.deep.equal(expected);
    });

  it('sum exactly where products leave the safe integers', () => {
    const quantity = Number.MAX_SAFE_INTEGER;
    const slices = equalSlices(quantity, 1000);
    expect(slices.reduce((total, lots) => total + BigInt(lots), 0n)).to.equal(BigInt(quantity));
    expect(equalSlice(quantity, 1000, 999)).to.equal(9_007_199_254_741);
    for (const lots of slices) expect(lots).to.be.within(9_007_199_254_740, 9_007_199_254_741);
  });
  it('are refused for what is no quantity and no number of slices', () => {
    for (const [quantity, count, lot] of [
      [-1, 3, 1],
      [1.5, 3, 1],
      [2 ** 53, 3, 1],
      [10, 0, 1],
      [10, 2.5, 1],
    ] as const)
      expect(() => equalSlices(quantity, count, lot), `${quantity}/${count}/${lot}`).to.throw(InvariantViolation);
  });
});

describe('slices of a stated size', () => {
  for (const [quantityLots, sliceLots, expected] of [
    [10, 5, [5, 5]],
    [10, 4, [4, 4, 2]], // the last one is the rest
    [10, 15, [10]],
    [0, 5, []],
  ] as const)
    it(`of ${sliceLots} make ${quantityLots} as ${expected.join(', ')}`, () => {
      expect(fixedSlices(quantityLots, sliceLots)).to.deep.equal(expected);
    });
  it('have a size', () => expect(() => fixedSlices(10, 0)).to.throw(InvariantViolation));
});

describe('legal slices', () => {
  for (const [why, slices, minimum, expected] of [
    ['stay as they are where all are legal', [3, 3, 4], 3, [3, 3, 4]],
    ['wait for the next one when they are too small', [1, 1, 1, 1], 2, [0, 2, 0, 2]],
    ['take a rest along that would be too small by itself', [2, 2, 1], 2, [2, 3, 0]],
    ['take along a rest of several', [7, 7, 7, 7, 7], 10, [0, 14, 0, 21, 0]],
    ['are one where the whole is too small', [1, 1, 1], 10, [0, 0, 3]],
    ['are none where there is nothing', [0, 0], 10, [0, 0]],
    ['need no minimum', [0, 1, 0, 1], 0, [0, 1, 0, 1]],
  ] as const)
    it(why, () => {
      expect(legalSlices(slices, minimum)).to.deep.equal(expected);
      expect(sum(expected)).to.equal(sum(slices));
    });
});

describe('a plan', () => {
  const lay = (terms: ScheduleTerms, quantityLots = 100, lotLots = 1, minimumLots = 1): Plan =>
    layOut(terms, quantityLots, T0, lotLots, minimumLots);
  const due = ({ startAt, cadence, sliceLots }: Plan): number[] =>
    sliceLots.map((_, slice) => dueAt(startAt, cadence, slice) - T0);

  it('of a window and an interval has a slice for each interval begun', () => {
    const plan = lay({ duration: 10 * SECOND, interval: 4 * SECOND });
    expect(due(plan)).to.deep.equal([0, 4 * SECOND, 8 * SECOND]);
    expect(plan.sliceLots).to.deep.equal([33, 33, 34]);
    expect(plan.endAt).to.equal(T0 + 10 * SECOND);
    expect(lay({ duration: 10 * SECOND, interval: 5 * SECOND }).sliceLots).to.deep.equal([50, 50]);
    expect(lay({ duration: 10 * SECOND, interval: 60 * SECOND }).sliceLots).to.deep.equal([100]);
  });
  it('of a window and a number of slices spreads them over it', () => {
    const plan = lay({ endAt: T0 + 10 * SECOND, slices: 4 });
    expect(due(plan)).to.deep.equal([0, 2_500_000, 5_000_000, 7_500_000]);
    expect(plan.sliceLots).to.deep.equal([25, 25, 25, 25]);
  });
  it('of a window and a slice quantity lets each slice take its share of the time', () => {
    const plan = lay({ duration: 10 * SECOND, sliceLots: 40 });
    expect(due(plan)).to.deep.equal([0, 4 * SECOND, 8 * SECOND]);
    expect(plan.sliceLots).to.deep.equal([40, 40, 20]);
    expect(plan.endAt).to.equal(T0 + 10 * SECOND);
  });
  it('of an interval and a slice quantity ends when the quantity does', () => {
    const plan = lay({ interval: 4 * SECOND, sliceLots: 40 });
    expect(due(plan)).to.deep.equal([0, 4 * SECOND, 8 * SECOND]);
    expect(plan.endAt).to.equal(T0 + 10 * SECOND); // τQ/q = 4 s x 100/40
  });
  it('ends behind its last slice, however little that one has to do', () => {
    // 60 s x 1.00000001: the last slice is due where the window ends, to the microsecond
    const plan = lay({ interval: 60 * SECOND, sliceLots: 100_000_000 }, 100_000_001);
    expect(due(plan)).to.deep.equal([0, 60 * SECOND]);
    expect(plan.endAt).to.be.greaterThan(T0 + 60 * SECOND);
  });
  it('of a window alone has 60 slices', () => {
    const plan = lay({ duration: 120 * SECOND }, 6000);
    expect(plan.sliceLots).to.deep.equal(Array<number>(60).fill(100));
    expect(due(plan).slice(0, 3)).to.deep.equal([0, 2 * SECOND, 4 * SECOND]);
  });
  it('of a window alone has fewer slices where the interval would be under a second', () => {
    expect(lay({ duration: 10_999_999 }, 6000).sliceLots).to.have.length(10);
    expect(lay({ duration: 999_999 }, 6000).sliceLots).to.deep.equal([6000]);
  });
  it('of a window alone has fewer slices where a slice would not be legal', () => {
    expect(lay({ duration: 120 * SECOND }, 100, 1, 10).sliceLots).to.deep.equal(Array<number>(10).fill(10));
    expect(lay({ duration: 120 * SECOND }, 100, 50, 1).sliceLots).to.deep.equal([50, 50]);
    expect(lay({ duration: 120 * SECOND }, 9, 1, 10).sliceLots).to.deep.equal([9]);
    // a minimum of three between lots of two is a minimum of four
    expect(lay({ duration: 120 * SECOND }, 12, 2, 3).sliceLots).to.deep.equal([4, 4, 4]);
  });
  it('joins slices that were asked for and are not legal', () => {
    expect(lay({ duration: 10 * SECOND, slices: 5 }, 35, 1, 10).sliceLots).to.deep.equal([0, 14, 0, 21, 0]);
    expect(lay({ interval: SECOND, sliceLots: 30 }, 100, 1, 20).sliceLots).to.deep.equal([30, 30, 40, 0]);
  });
  it('does not drift over a hundred thousand slices', () => {
    const plan = lay({ duration: 100_003, slices: 100_000 }, 100_000);
    const last = dueAt(plan.startAt, plan.cadence, 99_999);
    expect(last).to.equal(T0 + Math.floor((99_999 * 100_003) / 100_000));
    const third = lay({ duration: 10 * SECOND, slices: 3 });
    expect(due(third)).to.deep.equal([0, 3_333_333, 6_666_666]);
  });
  it('knows its first slice behind an instant', () => {
    for (const terms of [
      { duration: 10 * SECOND, slices: 3 },
      { duration: 7, slices: 10 },
      { duration: 10 * SECOND, sliceLots: 7 },
    ]) {
      const plan = lay(terms);
      const dues = due(plan);
      for (const instant of [-1, 0, 1, ...dues, ...dues.map((each) => each - 1), 10 * SECOND]) {
        const expected = dues.findIndex((each) => each > instant);
        const found = firstDueAfter(plan, T0 + instant);
        expect(found < dues.length ? found : -1, `behind ${instant} of ${dues.join()}`).to.equal(expected);
      }
    }
  });
  it('says the same cadence however finely quantities are counted', () => {
    const coarse = lay({ duration: 10 * SECOND, sliceLots: 3 }, 7);
    const fine = lay({ duration: 10 * SECOND, sliceLots: 3000 }, 7000, 1000);
    expect(fine.cadence).to.deep.equal(coarse.cadence);
    expect(due(fine)).to.deep.equal(due(coarse));
    expect(lay({ duration: SECOND, sliceLots: 3000 }, 0, 1000)).to.deep.equal(
      lay({ duration: SECOND, sliceLots: 3 }, 0),
    );
  });
  it('of nothing left has no slice to do and a cadence that can be asked', () => {
    for (const terms of [
      { duration: SECOND, sliceLots: 5 },
      { duration: SECOND, slices: 5 },
      { duration: SECOND, interval: 1000 },
      { interval: SECOND, sliceLots: 5 },
      { duration: SECOND },
    ] satisfies ScheduleTerms[]) {
      const plan = lay(terms, 0);
      expect(sum(plan.sliceLots)).to.equal(0);
      expect(dueAt(plan.startAt, plan.cadence, plan.sliceLots.length)).to.be.at.least(T0);
      expect(plan.endAt).to.be.greaterThan(T0);
    }
  });
  it('needs a window', () => {
    expect(() => lay({})).to.throw(InvariantViolation);
    expect(() => lay({ endAt: T0 })).to.throw(InvariantViolation);
  });
});
