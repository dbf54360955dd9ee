import { expect } from 'chai';
import { MICROS } from '../../../../core/time.js';
import { bySession } from '../../../../replay/statistics/by-session.js';
import { mainEffects } from '../../../../replay/statistics/main-effects.js';
import { matchStarts } from '../../../../replay/statistics/match.js';
import { trainAndTest } from '../../../../replay/statistics/train-and-test.js';
import { drawnGrid } from '../../../support/drawn-grid.js';

const options = { objective: 'costAllIn', assume: 'expected', baseline: 0, seed: 5, resamples: 200 };

describe('What cost goes with', () => {
  const floors = ['0', '50', '90'];
  const parameters = (set: number) => ({ floor: floors[set % 3]!, cap: set < 6 ? 100 : 120, display: '1' });
  const rows = drawnGrid({
    seed: 3,
    sets: 12,
    sessions: 2,
    starts: 400,
    own: 0.5,
    truth: (set) => 2 * (set % 3),
  });

  it('shows every parameter that varies, the one that explains most first', () => {
    const effects = mainEffects(matchStarts(rows, options), parameters);
    expect(effects.map(({ parameter }) => parameter)).to.deep.equal(['floor', 'cap']);
    const [floor, cap] = effects;
    expect(floor!.share).to.be.within(0.95, 1);
    expect(cap!.share).to.be.within(0, 0.05);
    expect([floor!.shareByChance, cap!.shareByChance]).to.deep.equal([2 / 11, 1 / 11]);
    expect(floor!.values.map(({ from, to, sets }) => [from, to, sets])).to.deep.equal(floors.map((f) => [f, f, 4]));
  });

  it('has the mean of each value, and an interval of its difference to all', () => {
    const [floor] = mainEffects(matchStarts(rows, options), parameters);
    floor!.values.forEach(({ difference, low, high }, index) => {
      expect(difference).to.be.closeTo(2 * index - 2, 0.5);
      expect(low! < difference && difference < high! && high! - low! < 1).to.equal(true);
    });
    expect(floor!.values[2]!.mean - floor!.values[0]!.mean).to.be.closeTo(4, 0.5);
  });

  it('puts durations in the order of time', () => {
    const intervals = ['10s', '2s', '1m'];
    const [effect] = mainEffects(matchStarts(rows, options), (set) => ({ interval: intervals[set % 3]! }));
    expect(effect!.values.map(({ from }) => from)).to.deep.equal(['2s', '10s', '1m']);
  });

  it('puts many numbers into five groups of about as many sets', () => {
    const many = drawnGrid({ seed: 3, sets: 20, sessions: 1, starts: 40 });
    const [effect] = mainEffects(matchStarts(many, options), (set) => ({ interval: String(20 - set) }));
    expect(effect!.values.map(({ from, to, sets }) => [from, to, sets])).to.deep.equal([
      ['1', '4', 4],
      ['5', '8', 4],
      ['9', '12', 4],
      ['13', '16', 4],
      ['17', '20', 4],
    ]);
    expect(effect!.values[0]!.low).to.equal(null);
  });
});

describe('Session by session', () => {
  it('the differences, weighted by starts, make the whole', () => {
    const rows = drawnGrid({ seed: 2, sets: 3, sessions: 3, starts: 50 });
    const match = matchStarts(rows, options);
    const sessions = bySession(match, 1);
    expect(sessions.map(({ session, starts }) => [session, starts])).to.deep.equal([
      ['day-00', 50],
      ['day-01', 50],
      ['day-02', 50],
    ]);
    const own = rows.filter(({ set, session }) => set === 1 && session === 'day-01');
    expect(sessions[1]!.mean).to.be.closeTo(own.reduce((sum, { cost }) => sum + cost!, 0) / 50, 1e-9);
    expect(bySession(match, 9)).to.deep.equal([]);
  });
});

describe('Train and test', () => {
  const rows = drawnGrid({ seed: 4, sets: 6, sessions: 6, starts: 400, truth: (set) => (set === 3 ? -5 : 0) });
  const isTrain = ({ session }: { session: string }): boolean => session < 'day-03';
  const train = rows.filter(isTrain);
  const test = rows.filter((row) => !isTrain(row));

  it('the best on train is reported on test, with its rank there', () => {
    const { chosen, test: unseen, rankCorrelation } = trainAndTest(train, test, options);
    expect(chosen!.set).to.equal(3);
    expect(chosen!.train.rank).to.equal(1);
    expect(chosen!.test).to.deep.equal(unseen.sets[3]);
    expect(chosen!.test!.difference).to.be.within(-8, -2);
    expect(chosen!.test!.high).to.be.below(0);
    expect(rankCorrelation).to.be.within(-1, 1);
  });

  it('ranks that stay correlate by 1, turned ones by -1', () => {
    const steady = drawnGrid({ seed: 4, sets: 6, sessions: 2, starts: 20, own: 0, truth: (set) => set });
    const first = steady.filter(({ session }) => session === 'day-00');
    const second = steady.filter(({ session }) => session === 'day-01');
    expect(trainAndTest(first, second, options).rankCorrelation).to.be.closeTo(1, 1e-12);
    const turned = second.map((row) => ({ ...row, cost: -row.cost! }));
    expect(trainAndTest(first, turned, options).rankCorrelation).to.be.closeTo(-1, 1e-12);
  });

  it('sessions that are in both are refused, and tests that begin too early', () => {
    expect(() => trainAndTest(train, rows, options)).to.throw('test: session day-00 is in train too');
    const early = test.map((row) => ({ ...row, at: row.at - 3 * MICROS.d + 400 * 30 * MICROS.s + 2 * MICROS.d }));
    expect(() => trainAndTest(train, early, options)).to.throw('it must be 600 s, the longest window');
  });
});
