import { expect } from 'chai';
import {
  ASKS,
  at,
  begun,
  BIDS,
  commanded,
  delta,
  fold,
  of,
  run,
  snapshot,
  submitted,
  ticked,
  ticks,
  times,
  types,
  type Happening,
} from '../support/market.js';

const DEEP: [string, string][] = [['101', '10000']];

const live = (venue = {}): Happening[] => begun(venue, { live: true });
const everySecond = (from: number, to: number): Happening[] =>
  ticks(...Array.from({ length: to - from + 1 }, (_, i) => from + i));
const again = (seconds: number, venue = {}): Happening => run(venue, { at: at(seconds), live: true });

describe('an engine that was down for ten minutes with an open order', () => {
  // slices of 10 each ten seconds, from 2 on; the last input before the crash is at 25, and it is back at 625
  const order = submitted(at(2), { quantity: '800', duration: '800s', slices: 80 });
  const before = [...live(), snapshot(at(1), BIDS, DEEP), order, ...everySecond(3, 25)];
  const back = [again(625), snapshot(at(626), BIDS, DEEP)];
  const { outcomes, engine } = fold([...before, ...back, ...everySecond(627, 810)]);
  const skips = of(outcomes, 'SliceSkipped');

  it('trusts no book from one second after its last input on, before the next snapshot', () => {
    expect(times(outcomes, 'TrustLost')).to.deep.equal([26]);
    expect(of(outcomes, 'TrustLost')[0]).to.include({ reason: 'engine_down' });
    expect(times(outcomes, 'TrustRegained')).to.deep.equal([1, 626]);
  });
  it('says engine_down for every slice of the hole, at its own instant, and does none of them', () => {
    expect(skips.map(({ reason }) => reason)).to.deep.equal(Array(60).fill('engine_down'));
    expect(times(outcomes, 'SliceSkipped')).to.deep.equal(Array.from({ length: 60 }, (_, i) => 32 + 10 * i));
    expect(times(outcomes, 'ChildFilled').filter((when) => when > 25 && when < 626)).to.deep.equal([]);
  });
  it('catches up over the slices that are left, and not in a burst', () => {
    const released = outcomes.filter(({ type, at: when }) => type === 'SliceReleased' && when > at(625));
    const quantities = released.map(({ data }) => Number((data as { quantity: string }).quantity));
    expect(released).to.have.length(17);
    expect(Math.min(...quantities)).to.be.at.least(40);
    expect(Math.max(...quantities)).to.be.at.most(50);
    expect(of(outcomes, 'OrderCompleted')).to.deep.equal([{ orderId: 'o1', reason: 'filled' }]);
  });
  it('is the same fold whether the hole is one of ticks or the run began anew', () => {
    // without a new run: the next input on the live log comes after ten minutes
    const hole = fold([...before, snapshot(at(626), BIDS, DEEP), ...everySecond(627, 810)]);
    expect(hole.engine.n).to.equal(engine.n);
    expect(types(hole.outcomes)).to.deep.equal(types(outcomes));
  });
  it('ends the order where its window ended, in the hole', () => {
    const short = submitted(at(2), { quantity: '8', duration: '60s', slices: 6 });
    const { outcomes: told } = fold([...live(), short, ...everySecond(3, 25), ...back, ...everySecond(627, 640)]);
    expect(times(told, 'OrderCompleted')).to.deep.equal([62]);
    expect(of(told, 'OrderCompleted')).to.deep.equal([{ orderId: 'o1', reason: 'window_over' }]);
  });
  it('starts an order in the hole at its own instant, and skips its slices', () => {
    const late = submitted(at(2), { quantity: '8', duration: '800s', slices: 8, startTime: '+100s' });
    const { outcomes: told } = fold([...live(), late, ...everySecond(3, 25), ...back, ...everySecond(627, 910)]);
    expect(times(told, 'OrderStarted')).to.deep.equal([102]);
    expect(times(told, 'SliceSkipped')).to.deep.equal([102, 202, 302, 402, 502, 602]);
    expect(times(told, 'SliceReleased')).to.deep.equal([702, 802]);
  });
  it('does nothing of a slice that falls due behind its return and before a snapshot', () => {
    const { outcomes: told } = fold([...before, again(630), ...everySecond(631, 645), snapshot(at(646), BIDS, ASKS)]);
    expect(of(told, 'SliceSkipped').at(-1)).to.include({ reason: 'book_untrusted', detail: 'engine_down' });
  });
});

describe('a take in flight when the engine goes down', () => {
  const story = (crash: number, back: number): Happening[] => [
    ...live({ latency: 2_000_000 }),
    submitted(at(2), { quantity: '0.2', duration: '60s', slices: 2 }), // arrives at 4, reported at 6
    ...everySecond(3, crash),
    again(back, { latency: 2_000_000 }),
    snapshot(at(back + 1), BIDS, ASKS),
    ...everySecond(back + 2, back + 10),
  ];
  it('is cancelled with that reason where it would have arrived in the hole', () => {
    const { outcomes } = fold(story(2, 20)); // dead from 3 on
    expect(of(outcomes, 'ChildCancelled')).to.deep.equal([
      { orderId: 'o1', childId: 'o1/1', quantity: '0.1', reason: 'engine_down' },
    ]);
    expect(times(outcomes, 'ChildCancelled')).to.deep.equal([4]);
    expect(times(outcomes, 'ChildReported')).to.deep.equal([6]);
  });
  it('fills where it arrived while the engine still counted as alive, and its report comes all the same', () => {
    const { outcomes } = fold(story(3, 20)); // dead from 4 on: the take arrives with its last breath
    expect(times(outcomes, 'ChildFilled')).to.deep.equal([4]);
    expect(times(outcomes, 'ChildReported')).to.deep.equal([6]);
  });
});

describe('a hole in the clock', () => {
  const slices = submitted(at(2), { quantity: '1', duration: '10s', slices: 10 });
  const downs = (inputs: readonly Happening[]): number =>
    of(fold(inputs).outcomes, 'SliceSkipped').filter(({ reason }) => reason === 'engine_down').length;

  it('of three seconds is a slow breath, a microsecond more is a dead engine', () => {
    expect(downs([...live(), slices, ticked(at(5)), ...everySecond(6, 12)])).to.equal(0);
    expect(downs([...live(), slices, ticked(at(5) + 1), ...everySecond(6, 12)])).to.equal(2); // those due at 4 and 5
  });
  it('may be filled by any input, not by ticks alone', () => {
    const busy = [3, 4, 5, 6, 7, 8, 9, 10, 11].map((second) => delta(at(second), [['99', '1']], []));
    expect(downs([...live(), slices, ...busy])).to.equal(0);
  });
  it('means nothing in a replay of a log that was not live', () => {
    expect(downs([...begun(), slices, ticked(at(60))])).to.equal(0);
  });
  it('comes with every new run, however short it was', () => {
    const { outcomes } = fold([...live(), slices, ...everySecond(3, 5), again(5.5), commanded(at(6), 'CancelOrder')]);
    expect(times(outcomes, 'TrustLost')).to.deep.equal([5.5]);
  });
  it('does not trust a snapshot that came before it', () => {
    const { outcomes } = fold([...live(), ...everySecond(2, 4), ticked(at(10)), delta(at(11), [['99', '1']], [])]);
    expect(types(outcomes).at(-1)).to.equal('TrustLost');
  });
});
