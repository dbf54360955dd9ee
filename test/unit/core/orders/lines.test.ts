import { expect } from 'chai';
import { Draws } from '../../../../core/draws.js';
import { hasReached, lineAt, nearestAbove, reachedAt, wholeLots, type Lines } from '../../../../core/orders/lines.js';
import { T0 } from '../../../support/market.js';
import { seeds } from '../../../support/random-story.js';

const S = 1_000_000;
/** 500 over 25 periods of a second, in lots of 0.1. */
const lines = (floor: number, cap: number, guaranteed = false): Lines => ({
  startAt: T0,
  endAt: T0 + 25 * S,
  baseLots: 0,
  lineLots: 5000,
  quantityLots: 5000,
  pace: { floor: { mantissa: floor, scale: 0 }, cap: { mantissa: cap, scale: 0 }, guaranteed },
});
const value = (of: Lines, line: 'schedule' | 'floor' | 'cap', seconds: number): number => {
  const { numerator, denominator } = lineAt(of, line, T0 + seconds * S);
  return Number(numerator) / Number(denominator) / 10;
};

describe('the lines of an order', () => {
  for (const [floor, cap, guaranteed, atStart, zeroF, zeroC, atEnd] of [
    [20, 10, false, [-100, -50], 5, 2.5, [400, 450]],
    [50, 25, false, [-250, -125], 12.5, 6.25, [250, 375]],
    [50, 25, true, [-250, -125], 25 / 3, 5, [500, 500]],
  ] as const) {
    const drawn = lines(floor, cap, guaranteed);
    it(`begin, cross zero and end where the chart shows them: ${floor}, ${cap}${guaranteed ? ', guaranteed' : ''}`, () => {
      expect([value(drawn, 'floor', 0), value(drawn, 'cap', 0)]).to.deep.equal(atStart);
      for (const later of [25, 26, 100])
        expect([value(drawn, 'floor', later), value(drawn, 'cap', later)]).to.deep.equal(atEnd);
      // above zero from the microsecond behind the crossing on
      expect((reachedAt(drawn, 'floor', 0) - T0) / S)
        .to.be.closeTo(zeroF, 1.1e-6)
        .and.above(zeroF);
      expect((reachedAt(drawn, 'cap', 0) - T0) / S)
        .to.be.closeTo(zeroC, 1.1e-6)
        .and.above(zeroC);
      expect(value(drawn, 'schedule', 12.5)).to.equal(250);
    });
  }

  it('reach a quantity never where they end below it', () => {
    expect(reachedAt(lines(50, 25), 'floor', 2501)).to.equal(Infinity);
    expect(reachedAt(lines(50, 25), 'floor', 2500)).to.equal(T0 + 25 * S);
    expect(reachedAt(lines(100, 0), 'floor', 0)).to.equal(Infinity);
  });

  it('are rounded down to lots also below zero, and to the nearest lot where something is taken', () => {
    expect(wholeLots({ numerator: -7n, denominator: 2n }, 1)).to.equal(-4);
    expect(wholeLots({ numerator: 29n, denominator: 1n }, 10)).to.equal(20);
    expect(nearestAbove({ numerator: 29n, denominator: 1n }, 4, 10)).to.equal(30);
    expect(nearestAbove({ numerator: 28n, denominator: 1n }, 4, 10)).to.equal(20);
    expect(nearestAbove({ numerator: 3n, denominator: 1n }, 4, 10)).to.equal(0);
  });

  for (const seed of seeds(10))
    it(`are reached at the first microsecond of all (REPRISE_SEED=${seed})`, () => {
      const draws = new Draws(seed, 'lines');
      for (let i = 0; i < 200; i++) {
        const quantityLots = 1 + draws.below(2_000_000);
        const baseLots = draws.below(quantityLots);
        const floor = draws.below(100_001);
        const drawn: Lines = {
          startAt: T0,
          endAt: T0 + 1 + draws.below(2_000_000) * (1 + draws.below(1000)),
          baseLots,
          lineLots: quantityLots - baseLots,
          quantityLots,
          pace: {
            floor: { mantissa: floor, scale: 3 },
            cap: { mantissa: draws.below(floor + 1), scale: 3 },
            guaranteed: draws.chance(0.5),
          },
        };
        const lots = draws.below(quantityLots + 1);
        for (const line of ['floor', 'cap'] as const) {
          const at = reachedAt(drawn, line, lots);
          const last = at === Infinity ? drawn.endAt : at;
          expect(hasReached(lineAt(drawn, line, last), lots), `${line} at ${last - T0}`).to.equal(at !== Infinity);
          if (at !== Infinity && at > T0)
            expect(hasReached(lineAt(drawn, line, at - 1), lots), `${line} a microsecond before`).to.equal(false);
        }
      }
    });
});
