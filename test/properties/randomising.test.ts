import { expect } from 'chai';
import { Draws } from '../../core/draws.js';
import { drawnShifts, drawnSizes, type Chance } from '../../core/orders/jitter.js';
import { dueAt, equalSlices, fixedSlices, layOut, planDue } from '../../core/orders/schedule.js';
import { at, begun, commanded, fold, of, submitted, T0, ticks } from '../support/market.js';
import { seeds } from '../support/random-story.js';

const ROUNDS = 60;
const total = (lots: readonly number[]): number => lots.reduce((a, b) => a + b, 0);

for (const seed of seeds(10))
  describe(`randomised slices (REPRISE_SEED=${seed})`, () => {
    const draws = new Draws(seed, 'randomised slices');
    const upTo = (most: number): number => 1 + draws.below(most);
    const chance = (): Chance => ({ seed: draws.below(1000), orderId: `o${draws.below(1000)}`, firstSlice: upTo(500) });

    it('sum exactly, stay near their schedule, and are neither empty nor off the lot', () => {
      for (let round = 0; round < ROUNDS; round++) {
        const lot = upTo(20);
        const sizes = draws.chance(0.5)
          ? equalSlices(draws.below(20_000) * lot, upTo(200), lot)
          : fixedSlices(upTo(20_000) * lot, (100 + upTo(300)) * lot);
        const share = draws.below(1_000_000);
        const drawn = drawnSizes(sizes, share, lot, chance());
        expect(total(drawn)).to.equal(total(sizes));
        let [planned, done] = [0, 0];
        sizes.forEach((size, i) => {
          planned += size;
          done += drawn[i]!;
          // |R' - R| is at most r q / 2, and the last one is exact
          expect(Math.abs(done - planned) * 2_000_000).to.be.at.most(size * share);
          expect(Math.abs(drawn[i]! - size) * 1_000_000).to.be.at.most(size * share);
          expect(drawn[i]! % lot).to.equal(size % lot);
          if (size > 0) expect(drawn[i]).to.be.greaterThan(0);
        });
      }
    });
    it('keep their order in time, near their places and within the window', () => {
      for (let round = 0; round < ROUNDS; round++) {
        const count = upTo(200);
        const plan = layOut(
          draws.chance(0.5)
            ? { duration: upTo(2_000_000), slices: count }
            : { duration: upTo(2_000_000), sliceLots: upTo(300) },
          upTo(2000),
          T0,
          1,
          1,
        );
        const share = draws.below(1_000_000);
        const shifts = drawnShifts(plan, share, plan.sliceLots.length, chance());
        const half = (Number(plan.cadence.numerator) * share) / Number(plan.cadence.denominator) / 2_000_000;
        let before = plan.startAt;
        plan.sliceLots.forEach((_, i) => {
          const due = planDue({ ...plan, shifts }, i);
          expect(due).to.be.at.least(before);
          expect(due).to.be.lessThan(plan.endAt);
          expect(Math.abs(due - dueAt(plan.startAt, plan.cadence, i))).to.be.at.most(half);
          before = due;
        });
      }
    });
    it('are the same whenever they are asked for, and others for another order, seed or plan', () => {
      const sizes = equalSlices(1_000_000, 100);
      const one = { seed, orderId: 'one', firstSlice: 1 };
      const drawn = (from: Chance): number[] => drawnSizes(sizes, 500_000, 1, from);
      expect(drawn(one)).to.deep.equal(drawn({ ...one }));
      for (const other of [{ orderId: 'two' }, { seed: seed + 1 }, { firstSlice: 101 }])
        expect(drawn({ ...one, ...other })).to.not.deep.equal(drawn(one));
    });
  });

describe('randomised slices', () => {
  it('are spread as a triangle about their size, and evenly about their instant', () => {
    const from = { seed: 7, orderId: 'many', firstSlice: 1 };
    const sizes = equalSlices(100_000_000, 10_000);
    const drawn = drawnSizes(sizes, 800_000, 1, from).slice(1, -1);
    const within = (share: number): number =>
      drawn.filter((lots) => Math.abs(lots - 10_000) <= 8000 * share).length / drawn.length;
    expect(within(0.5)).to.be.closeTo(0.75, 0.02); // 1 - (1 - x)²
    expect(within(0.25)).to.be.closeTo(0.4375, 0.02);
    const plan = layOut({ duration: 10_000_000_000, slices: 10_000 }, 10_000, T0, 1, 1);
    const shifts = drawnShifts(plan, 800_000, 10_000, from).slice(1);
    for (const share of [0.25, 0.5, 0.75])
      expect(shifts.filter((shift) => Math.abs(shift) <= 400_000 * share).length / shifts.length).to.be.closeTo(
        share,
        0.02,
      );
  });
  it('are drawn by the seed of the run, and fall due where they were drawn to', () => {
    const story = (seed: number) => [
      ...begun({}, { settings: { seed } }),
      submitted(at(2), { quantity: '12', duration: '40s', slices: 4, randomizeSize: '0.9', randomizeTime: '0.9' }),
      ...ticks(60),
    ];
    const { outcomes } = fold(story(1));
    const { slices, shifts } = of(outcomes, 'OrderStarted')[0]!['plan'] as { slices: unknown; shifts: number[] };
    expect(of(outcomes, 'SliceReleased').map(({ dueAt }) => dueAt)).to.deep.equal(
      shifts.map((shift, i) => at(2 + 10 * i) + shift),
    );
    expect(outcomes).to.deep.equal(fold(story(1)).outcomes);
    const other = of(fold(story(2)).outcomes, 'OrderStarted')[0]!['plan'] as { slices: unknown; shifts: number[] };
    expect(other.slices).to.not.deep.equal(slices);
    expect(other.shifts).to.not.deep.equal(shifts);
    expect(outcomes.at(-1)?.data).to.include({ reason: 'filled' });
  });
  it('are numbered on by a resumed order, so that what was released is not drawn again', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '12', duration: '40s', slices: 4, randomizeTime: '0.9' }),
      commanded(at(7), 'PauseOrder'),
      commanded(at(7), 'ResumeOrder'),
      ...ticks(60),
    ]);
    const { firstSlice, shifts, startAt } = of(outcomes, 'OrderResumed')[0]!['plan'] as {
      firstSlice: number;
      shifts: number[];
      startAt: number;
    };
    expect(firstSlice).to.equal(2);
    const plan = { startAt, endAt: at(42), cadence: { numerator: 35_000_000n, denominator: 3n } };
    expect(shifts).to.deep.equal(drawnShifts(plan, 900_000, 3, { seed: 1, orderId: 'o1', firstSlice: 2 }));
    expect(of(outcomes, 'SliceReleased').map(({ slice }) => slice)).to.deep.equal([1, 2, 3, 4]);
  });
  it('stay legal: what is drawn too small joins the next one', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '1.2', duration: '40s', slices: 6, randomizeSize: '0.999' }),
      ...ticks(60),
    ]);
    const sizes = of(outcomes, 'SliceReleased').map(({ quantity }) => Number(quantity));
    for (const size of sizes) expect(size).to.be.at.least(0.1);
    expect(total(sizes)).to.be.closeTo(1.2, 1e-9);
  });
});
