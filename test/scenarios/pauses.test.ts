import { expect } from 'chai';
import {
  amendedWith,
  at,
  begun,
  commanded,
  fold,
  of,
  refusalIn,
  submitted,
  ticks,
  times,
  types,
} from '../support/market.js';

const everySecond = (from: number, to: number) => ticks(...Array.from({ length: to - from + 1 }, (_, i) => from + i));

describe('an order that is paused and goes on', () => {
  it('spreads the rest over the remaining time where its end is fixed', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.8', duration: '40s', slices: 4 }), // due at 2, 12, 22 and 32
      commanded(at(5), 'PauseOrder'),
      ...ticks(10, 15, 20, 25),
      commanded(at(27), 'ResumeOrder'),
      ...everySecond(28, 45),
    ]);
    // 0.6 in three slices over the 15 seconds that are left
    expect(times(outcomes, 'SliceReleased')).to.deep.equal([2, 27, 32, 37]);
    expect(of(outcomes, 'SliceReleased').map((slice) => slice['quantity'])).to.deep.equal(['0.2', '0.2', '0.2', '0.2']);
    expect(outcomes.at(-1)?.data).to.deep.equal({ orderId: 'o1', reason: 'filled' });
  });
  it('keeps its interval where it named one, and fits what is left into the intervals that are left', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.8', duration: '40s', sliceInterval: '10s' }),
      commanded(at(5), 'PauseOrder'),
      commanded(at(27), 'ResumeOrder'),
      ...everySecond(28, 45),
    ]);
    expect(times(outcomes, 'SliceReleased')).to.deep.equal([2, 27, 37]);
    expect(of(outcomes, 'SliceReleased').map((slice) => slice['quantity'])).to.deep.equal(['0.2', '0.3', '0.3']);
  });
  it('shifts its schedule by the pause where interval and slice quantity fix the end', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.8', sliceInterval: '10s', sliceQuantity: '0.2' }), // ends at 42
      commanded(at(15), 'PauseOrder'), // next due at 22
      commanded(at(20), 'ResumeOrder'),
      ...everySecond(21, 60),
    ]);
    expect(times(outcomes, 'SliceReleased')).to.deep.equal([2, 12, 27, 37]);
    const [resumed] = of(outcomes, 'OrderResumed');
    expect((resumed?.['plan'] as { endAt: number }).endAt).to.equal(at(47));
  });
  it('may pause for longer than its shifting schedule had left', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.8', sliceInterval: '10s', sliceQuantity: '0.2' }),
      commanded(at(15), 'PauseOrder'),
      ...everySecond(16, 114),
      commanded(at(115), 'ResumeOrder'),
      ...everySecond(116, 150),
    ]);
    expect(types(outcomes)).to.not.include('CommandRefused');
    expect(times(outcomes, 'SliceReleased')).to.deep.equal([2, 12, 122, 132]);
    expect(outcomes.at(-1)?.data).to.deep.equal({ orderId: 'o1', reason: 'filled' });
  });
  it('counts from the amendment, not from the pause, where the schedule was laid out anew in between', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.8', sliceInterval: '10s', sliceQuantity: '0.2' }),
      commanded(at(5), 'PauseOrder'),
      amendedWith(at(20), { quantity: '0.6' }), // laid out from here: 20 and 30
      commanded(at(25), 'ResumeOrder'),
      ...everySecond(26, 60),
    ]);
    expect(times(outcomes, 'SliceReleased')).to.deep.equal([2, 25, 35]);
  });
  it('completes at its fixed end, paused or not', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.8', duration: '10s', slices: 4 }),
      commanded(at(3), 'PauseOrder'),
      ...everySecond(4, 15),
      commanded(at(16), 'ResumeOrder'),
    ]);
    expect(times(outcomes, 'OrderCompleted')).to.deep.equal([12]);
    expect(of(outcomes, 'OrderCompleted')).to.deep.equal([{ orderId: 'o1', reason: 'window_over' }]);
    expect(refusalIn(outcomes)).to.include({ code: 'order_unknown' });
  });
  it('books a fill that comes while it is paused, and is settled by its report', () => {
    const { outcomes, engine } = fold([
      ...begun({ latency: 500_000 }),
      submitted(at(2), { quantity: '0.8', duration: '40s', slices: 4 }),
      commanded(at(2) + 100_000, 'PauseOrder'),
      ...ticks(3, 4),
    ]);
    expect(types(outcomes).slice(-3)).to.deep.equal(['OrderPaused', 'ChildFilled', 'ChildReported']);
    const order = engine.desks.get('default')!.orders.get('o1')!;
    expect([order.status, order.filledLots, order.children.length]).to.deep.equal(['paused', 2, 0]);
  });
});

describe('an order that is stopped and started again', () => {
  it('carries its fills over and lays the rest out over a duration that begins anew', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.8', duration: '40s', slices: 4 }),
      commanded(at(5), 'StopOrder'),
      ...ticks(15, 25, 50),
      commanded(at(60), 'StartOrder'),
      ...everySecond(61, 101),
    ]);
    expect(times(outcomes, 'SliceReleased')).to.deep.equal([2, 60, 70, 80, 90]);
    expect(of(outcomes, 'SliceReleased').map((slice) => slice['quantity'])).to.deep.equal([
      '0.2',
      '0.1',
      '0.2',
      '0.1',
      '0.2',
    ]);
    expect(of(outcomes, 'SliceReleased').map((slice) => slice['slice'])).to.deep.equal([1, 2, 3, 4, 5]);
    expect(outcomes.at(-1)?.data).to.deep.equal({ orderId: 'o1', reason: 'filled' });
  });
  it('lays the rest out up to its end time', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.8', endTime: '2024-01-01T00:00:42Z', slices: 4 }),
      commanded(at(5), 'StopOrder'),
      commanded(at(22), 'StartOrder'),
      ...everySecond(23, 45),
    ]);
    expect(times(outcomes, 'SliceReleased')).to.deep.equal([2, 22, 27, 32, 37]);
  });
  it('is not started after its end time, waits, and is started once that is amended', () => {
    const { outcomes, engine } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.8', endTime: '2024-01-01T00:00:42Z', slices: 4 }),
      commanded(at(5), 'StopOrder'),
      commanded(at(42), 'StartOrder'),
      amendedWith(at(43), { endTime: '2024-01-01T00:01:23Z' }),
      commanded(at(43), 'StartOrder'),
      ...ticks(44),
    ]);
    expect(refusalIn(outcomes)).to.include({ code: 'window_over', where: '/endTime' });
    expect(refusalIn(outcomes).what).to.include('00:00:42Z');
    expect(engine.desks.get('default')!.orders.get('o1')!.status).to.equal('running');
  });
  it('takes no slice while it is stopped, and its old window ends nothing', () => {
    const { outcomes, engine } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.8', duration: '10s', slices: 4 }),
      commanded(at(3), 'StopOrder'),
      ...everySecond(4, 30),
    ]);
    expect(times(outcomes, 'SliceReleased')).to.deep.equal([2]);
    expect(engine.desks.get('default')!.orders.get('o1')!.status).to.equal('stopped');
  });
  it('completes at once when it is started with nothing left', () => {
    const { outcomes } = fold([
      ...begun({ latency: 500_000 }),
      submitted(at(2), { quantity: '0.2', duration: '40s', slices: 1 }),
      commanded(at(2) + 100_000, 'StopOrder'),
      ...ticks(5),
      commanded(at(10), 'StartOrder'),
      ...ticks(11),
    ]);
    expect(of(outcomes, 'OrderCompleted')).to.deep.equal([{ orderId: 'o1', reason: 'filled' }]);
    expect(times(outcomes, 'OrderCompleted')).to.deep.equal([10]);
  });
});

describe('an order that is cancelled', () => {
  it('books the fill of a take in flight, and is settled when that is reported', () => {
    const { outcomes, engine } = fold([
      ...begun({ latency: 500_000 }),
      submitted(at(2), { quantity: '0.8', duration: '40s', slices: 4 }),
      commanded(at(2) + 100_000, 'CancelOrder'),
    ]);
    const { orders } = engine.desks.get('default')!;
    expect(orders.get('o1')).to.include({ status: 'cancelled', filledLots: 0 });
    const later = fold([
      ...begun({ latency: 500_000 }),
      submitted(at(2), { quantity: '0.8', duration: '40s', slices: 4 }),
      commanded(at(2) + 100_000, 'CancelOrder'),
      ...everySecond(3, 50),
    ]);
    expect(types(outcomes).at(-1)).to.equal('OrderCancelled');
    expect(types(later.outcomes).slice(-3)).to.deep.equal(['OrderCancelled', 'ChildFilled', 'ChildReported']);
    expect(later.engine.desks.get('default')!.orders.size).to.equal(0);
    expect(later.engine.desks.get('default')!.ledger.content().cash).to.deep.equal({ BTC: '0.2', USD: '-20.2202' });
  });
  it('is gone at once when nothing is in flight, and takes no further command', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.8', duration: '40s', slices: 4 }),
      commanded(at(5), 'CancelOrder'),
      commanded(at(6), 'StartOrder'),
      ...everySecond(7, 50),
    ]);
    expect(times(outcomes, 'SliceReleased')).to.deep.equal([2]);
    expect(refusalIn(outcomes)).to.include({ code: 'order_unknown', where: '/orderId' });
  });
});
