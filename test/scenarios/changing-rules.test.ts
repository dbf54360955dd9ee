import { expect } from 'chai';
import { at, begun, commanded, defined, fold, of, SPOT, submitted, ticks, times, types } from '../support/market.js';

const COARSER = { ...SPOT, lotSize: '0.5', minQuantity: '0.5' };

describe("an instrument's rules change under an open order", () => {
  it('a lot that gets coarser before the start leaves out what is no lot any more', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '1.7', duration: '10s', slices: 2, startTime: 'manual' }),
      defined(COARSER, at(3)),
      commanded(at(4), 'StartOrder'),
      ...ticks(8, 9, 15),
    ]);
    expect(types(outcomes)).to.not.include('DeskHalted');
    expect(of(outcomes, 'ChildFilled').map((fill) => fill['quantity'])).to.deep.equal(['0.5', '0.5', '0.5']);
    expect(of(outcomes, 'OrderCompleted')).to.deep.equal([{ orderId: 'o1', reason: 'window_over' }]);
  });
  it('a lot that gets coarser between two slices rounds them down, and the rest joins the next one', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '2.4', duration: '30s', slices: 3 }),
      defined(COARSER, at(3)),
      ...ticks(10, 13, 20, 23, 30, 33),
    ]);
    // due 0.8, 0.8 and 0.8: after the first, whole halves
    expect(of(outcomes, 'SliceReleased').map((slice) => slice['quantity'])).to.deep.equal(['0.8', '0.5', '1']);
    expect(types(outcomes)).to.not.include('DeskHalted');
  });
  it('a slice smaller than the new lot waits', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.9', duration: '30s', slices: 3 }),
      defined(COARSER, at(3)),
      ...ticks(10, 13, 20, 23, 30, 33),
    ]);
    expect(of(outcomes, 'SliceSkipped').map((slice) => slice['reason'])).to.deep.equal(['below_minimum']);
    expect(times(outcomes, 'SliceReleased')).to.deep.equal([2, 22]);
  });
  it('a missed slice that is no multiple of the new lot is spread all the same', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '3.2', duration: '40s', slices: 4, limitPrice: '100.5' }),
      defined(COARSER, at(3)),
      ...ticks(10, 13, 20, 23, 30, 33, 40, 43),
    ]);
    expect(types(outcomes)).to.not.include('DeskHalted');
    expect(of(outcomes, 'SliceSkipped').map((slice) => slice['reason'])).to.deep.equal(Array(4).fill('limit_price'));
  });
  it('a slice quantity that is no multiple of the new lot is cut to one', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '2.1', sliceInterval: '10s', sliceQuantity: '0.7', startTime: 'manual' }),
      defined(COARSER, at(3)),
      commanded(at(4), 'StartOrder'),
      ...ticks(5, 14, 15, 24, 25, 34, 35, 50),
    ]);
    expect(of(outcomes, 'ChildFilled').map((fill) => fill['quantity'])).to.deep.equal(['0.5', '0.5', '0.5', '0.5']);
  });
  it('a minimum that rises before the start joins slices', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.8', duration: '40s', slices: 4, startTime: 'manual' }),
      defined({ ...SPOT, minQuantity: '0.4' }, at(3)),
      commanded(at(4), 'StartOrder'),
      ...ticks(14, 15, 34, 35, 50),
    ]);
    expect(of(outcomes, 'SliceReleased').map(({ slice, quantity }) => [slice, quantity])).to.deep.equal([
      [2, '0.4'],
      [4, '0.4'],
    ]);
  });
});
