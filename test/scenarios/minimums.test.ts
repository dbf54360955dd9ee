import { expect } from 'chai';
import {
  amendedWith,
  at,
  begun,
  BIDS,
  delta,
  fold,
  of,
  refusalIn,
  snapshot,
  SPOT,
  submitted,
  ticks,
  times,
} from '../support/market.js';

const seconds = (...all: number[]) => ticks(...all.flatMap((each) => [each, each + 0.5]));
const released = (outcomes: ReturnType<typeof fold>['outcomes']): unknown[][] =>
  of(outcomes, 'SliceReleased').map(({ slice, quantity }) => [slice, quantity]);

describe('slices below the minimum', () => {
  const ONE = { ...SPOT, minQuantity: '1' };

  it('join the next one when they are planned, and a rest joins the last legal one', () => {
    const { outcomes } = fold([
      ...begun({}, { definition: ONE }),
      submitted(at(2), { quantity: '3.5', duration: '50s', slices: 5 }), // 0.7 each
      ...seconds(12, 22, 32, 42, 52),
    ]);
    expect(released(outcomes)).to.deep.equal([
      [2, '1.4'],
      [4, '2.1'],
    ]);
    expect(outcomes.at(-1)?.data).to.deep.equal({ orderId: 'o1', reason: 'filled' });
  });
  it('stay joined when a missed one is spread: no slice becomes too small by it', () => {
    const { outcomes } = fold([
      ...begun({}, { definition: ONE }),
      submitted(at(2), { quantity: '3.5', duration: '50s', slices: 5, limitPrice: '102' }),
      snapshot(at(10), BIDS, [['103', '50']]),
      ...seconds(12),
      snapshot(at(20), BIDS, [['102', '50']]),
      ...seconds(22, 32, 42, 52),
    ]);
    expect(of(outcomes, 'SliceSkipped').map(({ slice, reason }) => [slice, reason])).to.deep.equal([
      [2, 'limit_price'],
    ]);
    expect(released(outcomes)).to.deep.equal([[4, '3.5']]);
    expect(outcomes.at(-1)?.data).to.deep.equal({ orderId: 'o1', reason: 'filled' });
  });
  it('leave room behind them: what the last busy slice misses, an idle one takes', () => {
    const { outcomes } = fold([
      ...begun({}, { definition: ONE }),
      submitted(at(2), { quantity: '3.5', duration: '50s', slices: 5, limitPrice: '102' }),
      ...seconds(12),
      snapshot(at(30), BIDS, [['103', '50']]),
      ...seconds(32),
      snapshot(at(40), BIDS, [['102', '50']]),
      ...seconds(42, 52),
    ]);
    expect(released(outcomes)).to.deep.equal([
      [2, '1.4'],
      [5, '2.1'],
    ]);
    expect(outcomes.at(-1)?.data).to.deep.equal({ orderId: 'o1', reason: 'filled' });
  });
  it('are an order too small to begin with', () => {
    const { outcomes } = fold([
      ...begun({}, { definition: { ...SPOT, minNotional: '50' } }),
      submitted(at(2), { quantity: '0.4', duration: '50s' }),
    ]);
    expect(refusalIn(outcomes)).to.include({ code: 'notional_below_minimum', where: '/quantity' });
    expect(refusalIn(outcomes).what).to.include('40.4').and.include('50');
  });
});

describe('a price that falls and makes slices too small', () => {
  const FIFTY = { ...SPOT, minNotional: '50' };
  const story = [
    ...begun({}, { definition: FIFTY }),
    submitted(at(2), { quantity: '4', duration: '8s', slices: 8 }), // 0.5 each, worth 50.5
    snapshot(at(2.5), [['39', '5']], [['40', '50']]), // now 0.5 is worth 20, and 1.5 is the first that is worth 50
    ...seconds(3, 4, 5, 6, 7, 8, 9, 10),
  ];

  it('lets them wait and join, which is said once for each wait', () => {
    const { outcomes } = fold(story);
    expect(of(outcomes, 'SliceSkipped').map(({ slice, reason }) => [slice, reason])).to.deep.equal([
      [2, 'below_minimum'],
      [5, 'below_minimum'],
      [8, 'below_minimum'],
    ]);
    expect(released(outcomes)).to.deep.equal([
      [1, '0.5'],
      [3, '0'],
      [4, '1.5'],
      [6, '0'],
      [7, '1.5'],
    ]);
    expect(of(outcomes, 'OrderCompleted')).to.deep.equal([{ orderId: 'o1', reason: 'window_over' }]);
  });
  it('loses nothing of what waits when the order is paused and shifts', () => {
    const { outcomes } = fold([
      ...begun({}, { definition: FIFTY }),
      submitted(at(2), { quantity: '4', sliceInterval: '1s', sliceQuantity: '0.5' }),
      snapshot(at(2.5), [['39', '5']], [['40', '50']]),
      ...seconds(3, 4),
      { type: 'PauseOrder', version: 1, at: at(4.6), data: { orderId: 'o1', account: 'default' } },
      { type: 'ResumeOrder', version: 1, at: at(5.6), data: { orderId: 'o1', account: 'default' } },
      ...ticks(6, 6.5),
    ]);
    expect(released(outcomes)).to.deep.equal([
      [1, '0.5'],
      [3, '0'],
      [4, '1.5'],
    ]);
  });
});

describe('a schedule with nothing left to plan while a take is in flight', () => {
  it('gives what the take did not get to the next slice in time', () => {
    const { outcomes } = fold([
      ...begun({ latency: 500_000 }),
      submitted(at(2), { quantity: '3', duration: '40s', slices: 4, limitPrice: '101' }), // 0.7 and so on
      amendedWith(at(2.1), { quantity: '0.7' }), // all of it is in flight
      delta(at(2.2), [], [['101', '0.4']]),
      delta(at(5), [], [['101', '1']]),
      ...ticks(12, 13, 14, 24, 34, 44),
    ]);
    expect(of(outcomes, 'ChildReported').map(({ filled, leaves }) => [filled, leaves])).to.deep.equal([
      ['0.4', '0.3'],
      ['0.3', '0'],
    ]);
    expect(times(outcomes, 'OrderCompleted')[0]).to.be.lessThan(20);
  });
});
