import { expect } from 'chai';
import { NO_COLUMNS } from '../../../../core/market/columns.js';
import {
  ASKS,
  at,
  begun,
  BIDS,
  defined,
  delta,
  fold,
  INVERSE,
  of,
  run,
  snapshot,
  submitted,
  ticked,
  ticks,
  times,
  types,
} from '../../../support/market.js';

describe("the engine's clock", () => {
  it('fires what is due before it applies an input, each at its own due time', () => {
    const { outcomes, engine } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.4', duration: '20s', slices: 4 }),
      ticked(at(13)),
    ]);
    expect(times(outcomes, 'SliceReleased')).to.deep.equal([2, 7, 12]);
    expect(times(outcomes, 'ChildFilled')).to.deep.equal([2.01, 7.01, 12.01]);
    expect(engine.clock).to.equal(at(13));
  });
  it('lets a slice see what came before its instant, and not what is stamped with it', () => {
    const dear: [string, string][] = [
      ['101', '0'],
      ['101.5', '0'],
      ['102', '0'],
      ['110', '50'],
    ];
    const bought = (when: number): unknown =>
      of(
        fold([
          ...begun({ latency: 0 }),
          submitted(at(1.5), { quantity: '0.2', duration: '1s', slices: 1, startTime: '+500ms' }),
          delta(when, [], dear),
          ...ticks(5),
        ]).outcomes,
        'ChildFilled',
      )[0]?.['price'];
    expect(bought(at(2) - 1)).to.equal('110');
    expect(bought(at(2))).to.equal('101');
  });
  it('applies an input stamped with the instant of a take, and of a report, behind both', () => {
    const { outcomes } = fold([
      ...begun({ latency: 1_000_000 }),
      submitted(at(2), { quantity: '0.2', duration: '30s', slices: 1 }),
      delta(at(3), [], [['101', '0']]),
      ...ticks(5),
    ]);
    expect(of(outcomes, 'ChildFilled').map((fill) => fill['price'])).to.deep.equal(['101']);
  });
  it('fires timers of one instant in the order in which they were set', () => {
    const { outcomes } = fold([
      ...begun({ latency: 0 }),
      submitted(at(2), { quantity: '0.3', duration: '10s', slices: 2, startTime: '+3s' }, 'second'),
      submitted(at(3), { quantity: '0.3', duration: '10s', slices: 2, startTime: '+2s' }, 'first'),
      ...ticks(20),
    ]);
    const order = outcomes
      .filter(({ at: when }) => when === at(5))
      .map(({ type, data }) => `${type} ${(data as { orderId: string }).orderId}`);
    expect(order).to.deep.equal([
      'OrderStarted second',
      'OrderStarted first',
      // the starts set both slices, the slices both takes, the takes were set before their reports
      'SliceReleased second',
      'ChildPlaced second',
      'SliceReleased first',
      'ChildPlaced first',
      'ChildFilled second',
      'ChildReported second',
      'ChildFilled first',
      'ChildReported first',
    ]);
  });
  it('folds a late input at the clock, counts it, and says so once for as long as it lasts', () => {
    const { outcomes, engine } = fold([
      ...begun(),
      ticked(at(10)),
      delta(at(8), [['99', '1']], []),
      delta(at(9), [['98', '1']], []),
      submitted(at(9.5), { quantity: '0.2', duration: '10s', slices: 1 }),
      ticked(at(10)), // in time again, to the microsecond
      delta(at(9.9), [['97', '1']], []),
      ...ticks(12),
    ]);
    expect(of(outcomes, 'InputLate')).to.deep.equal([
      { instrument: 'BTC-USD@test', lateBy: 2_000_000 },
      { instrument: 'BTC-USD@test', lateBy: 100_000 },
    ]);
    expect(engine.late).to.equal(4);
    const market = engine.markets.get('BTC-USD@test')!;
    expect(market.counts.late).to.equal(3);
    expect(market.book.sizeAt(0, 98)).to.equal(0);
    expect(market.book.sizeAt(0, 980)).to.equal(10);
    expect(times(outcomes, 'OrderAccepted')).to.deep.equal([10]);
    expect(times(outcomes, 'SliceReleased')).to.deep.equal([10]);
  });
  it('counts a run that begins behind the clock as late, too', () => {
    const { outcomes, engine } = fold([
      ...begun({}, { live: true }),
      ticked(at(2)),
      run({}, { at: at(1.5), live: true }),
    ]);
    expect(engine.late).to.equal(1);
    expect(of(outcomes, 'InputLate')).to.deep.equal([{ lateBy: 500_000 }]);
  });
  it('goes on without an input where a session ends, and fires what is due by then', () => {
    const story = [...begun(), submitted(at(2), { quantity: '0.4', duration: '20s', slices: 4 })];
    const { outcomes, engine } = fold(story, { until: at(7) });
    expect(times(outcomes, 'SliceReleased')).to.deep.equal([2, 7]);
    expect(engine.clock).to.equal(at(7));
    engine.passTo(at(3));
    expect(engine.clock).to.equal(at(7));
  });
  it('names the next due time, for whoever keeps a live clock', () => {
    const { engine } = fold([...begun(), submitted(at(2), { quantity: '0.4', duration: '20s', slices: 4 })]);
    expect(engine.nextDue).to.equal(at(2.01));
    expect(fold(begun()).engine.nextDue).to.equal(Infinity);
  });
  it('takes no input out of the one order', () => {
    const { engine } = fold(begun());
    expect(() =>
      engine.fold({ market: NO_COLUMNS, others: [{ type: 'ClockTicked', version: 1, at: at(2), seq: 5, data: {} }] }),
    ).to.throw(/input 5 follows 3/);
  });
  it('lets every instrument have its own book', () => {
    const { outcomes } = fold([
      ...begun(),
      defined(INVERSE),
      snapshot(at(1.5), BIDS, ASKS, INVERSE.instrument),
      submitted(at(2), { quantity: '3', duration: '10s', slices: 1, instrument: INVERSE.instrument }),
      ...ticks(3),
    ]);
    expect(types(outcomes).filter((type) => type === 'TrustRegained')).to.have.length(2);
    expect(of(outcomes, 'ChildFilled').map(({ price, quantity }) => [price, quantity])).to.deep.equal([
      ['101', '1'],
      ['101.5', '2'],
    ]);
  });
});
