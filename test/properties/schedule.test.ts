import { expect } from 'chai';
import { Draws } from '../../core/draws.js';
import {
  dueAt,
  equalSlices,
  firstDueAfter,
  fixedSlices,
  layOut,
  legalSlices,
  type ScheduleTerms,
} from '../../core/orders/schedule.js';
import { T0 } from '../support/market.js';
import { seeds } from '../support/random-story.js';

const ROUNDS = 100;
const total = (slices: readonly number[]): number => slices.reduce((a, b) => a + b, 0);

for (const seed of seeds(5))
  describe(`schedules at random (REPRISE_SEED=${seed})`, () => {
    const draws = new Draws(seed, 'schedules');
    const upTo = (most: number): number => 1 + draws.below(most);

    it('have equal slices that sum exactly, differ by a lot at most, and keep up with the clock', () => {
      for (let round = 0; round < ROUNDS; round++) {
        const lot = upTo(50);
        const lots = draws.below(10_000);
        const count = upTo(300);
        const slices = equalSlices(lots * lot, count, lot);
        expect(total(slices)).to.equal(lots * lot);
        const least = Math.floor(lots / count) * lot;
        let done = 0;
        slices.forEach((size, i) => {
          expect(size % lot).to.equal(0);
          expect(size).to.be.within(least, least + lot);
          done += size;
          // R(k) is floor(kQ/K): never ahead of the clock, and less than a lot behind it
          expect(done).to.equal(Math.floor(((i + 1) * lots) / count) * lot);
        });
      }
    });

    it('become legal without losing anything or moving anything forward', () => {
      for (let round = 0; round < ROUNDS; round++) {
        const slices = Array.from({ length: upTo(40) }, () => draws.below(30));
        const minimum = draws.below(60);
        const legal = legalSlices(slices, minimum);
        expect(total(legal)).to.equal(total(slices));
        const busy = legal.filter((size) => size > 0);
        if (busy.length > 1) for (const size of busy) expect(size).to.be.at.least(minimum);
        let [asked, given] = [0, 0];
        legal.forEach((size, i) => {
          asked += slices[i]!;
          given += size;
          // ahead of what was asked only by a rest that is too small to come by itself
          if (given > asked) expect(total(slices) - asked).to.be.lessThan(minimum);
        });
      }
    });

    it('lie within their window, in order, whatever shaped them', () => {
      for (let round = 0; round < ROUNDS; round++) {
        const lot = upTo(20);
        const quantity = upTo(5000) * lot;
        const window = upTo(2_000_000);
        const terms: ScheduleTerms = [
          { duration: window },
          { endAt: T0 + window },
          { duration: window, slices: upTo(500) },
          { duration: window, interval: Math.floor(window / upTo(500)) + 1 },
          { duration: window, sliceLots: upTo(5000) * lot },
          { interval: upTo(1_000_000), sliceLots: (1 + Math.floor(quantity / lot / upTo(300))) * lot },
        ][draws.below(6)]!;
        const plan = layOut(terms, quantity, T0, lot, draws.below(5) * lot);
        expect(total(plan.sliceLots)).to.equal(quantity);
        let before = plan.startAt;
        plan.sliceLots.forEach((size, slice) => {
          const due = dueAt(plan.startAt, plan.cadence, slice);
          expect(due).to.be.at.least(before);
          expect(due).to.be.lessThan(plan.endAt);
          expect(size % lot).to.equal(0);
          before = due;
        });
        const instant = T0 + draws.below(window + 1);
        const next = firstDueAfter(plan, instant);
        expect(dueAt(plan.startAt, plan.cadence, next)).to.be.greaterThan(instant);
        if (next > 0) expect(dueAt(plan.startAt, plan.cadence, next - 1)).to.be.at.most(instant);
      }
    });

    it('of a stated size have that size, but for the last', () => {
      for (let round = 0; round < ROUNDS; round++) {
        const [quantity, size] = [upTo(100_000), upTo(2000)];
        const slices = fixedSlices(quantity, size);
        expect(total(slices)).to.equal(quantity);
        expect(slices.slice(0, -1).every((each) => each === size)).to.equal(true);
        expect(slices.at(-1)).to.be.within(1, size);
      }
    });
  });
