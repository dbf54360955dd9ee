import { expect } from 'chai';
import type { TwapParameters } from '../../core/orders/parameters.js';
import {
  ASKS,
  at,
  begun,
  BIDS,
  delta,
  fold,
  interrupted,
  of,
  resumed,
  snapshot,
  submitted,
  ticks,
  times,
  types,
  type Happening,
} from '../support/market.js';

/** Four slices of 0.3, due at 2, 12, 22 and 32; the window ends at 42. */
const order = (parameters: Partial<TwapParameters> = {}): Happening =>
  submitted(at(2), { quantity: '1.2', duration: '40s', slices: 4, ...parameters });
const dear = (when: number): Happening => snapshot(at(when), BIDS, [['103', '50']]);
const cheap = (when: number): Happening => snapshot(at(when), BIDS, ASKS);
const watched = ticks(3, 12, 13, 22, 23, 32, 33, 42, 43);
const inTime = (...inputs: Happening[]): Happening[] => inputs.sort((a, b) => a.at - b.at);

const released = (outcomes: ReturnType<typeof fold>['outcomes']): unknown[][] =>
  of(outcomes, 'SliceReleased').map(({ slice, quantity }) => [slice, quantity]);
const skipped = (outcomes: ReturnType<typeof fold>['outcomes']): unknown[][] =>
  of(outcomes, 'SliceSkipped').map(({ slice, quantity, reason }) => [slice, quantity, reason]);

describe('a slice that could not be done', () => {
  const missTheSecond = (catchUp?: TwapParameters['catchUp']) =>
    fold([
      ...begun(),
      ...inTime(
        order({ limitPrice: '102', ...(catchUp === undefined ? {} : { catchUp }) }),
        dear(10),
        cheap(15),
        ...watched,
      ),
    ]);

  it('is spread over those to come, which is what happens unless something else is asked', () => {
    for (const { outcomes } of [missTheSecond('spread'), missTheSecond()]) {
      expect(skipped(outcomes)).to.deep.equal([[2, '0.3', 'limit_price']]);
      expect(released(outcomes)).to.deep.equal([
        [1, '0.3'],
        [3, '0.4'],
        [4, '0.5'],
      ]);
      expect(of(outcomes, 'OrderCompleted')).to.deep.equal([{ orderId: 'o1', reason: 'filled' }]);
    }
  });
  it('comes with the next one', () => {
    const { outcomes } = missTheSecond('next');
    expect(released(outcomes)).to.deep.equal([
      [1, '0.3'],
      [3, '0.6'],
      [4, '0.3'],
    ]);
    expect(of(outcomes, 'OrderCompleted')).to.deep.equal([{ orderId: 'o1', reason: 'filled' }]);
  });
  it('is let go', () => {
    const { outcomes, engine } = missTheSecond('none');
    expect(released(outcomes)).to.deep.equal([
      [1, '0.3'],
      [3, '0.3'],
      [4, '0.3'],
    ]);
    expect(of(outcomes, 'OrderCompleted')).to.deep.equal([{ orderId: 'o1', reason: 'window_over' }]);
    expect(times(outcomes, 'OrderCompleted')).to.deep.equal([42]);
    expect(engine.desks.get('default')!.ledger.content().cash['BTC']).to.equal('0.9');
  });
  it('may be every one of them, and each says so', () => {
    const { outcomes } = fold([...begun(), ...inTime(order({ limitPrice: '100.5' }), ...watched)]);
    expect(skipped(outcomes)).to.deep.equal([
      [1, '0.3', 'limit_price'],
      [2, '0.4', 'limit_price'],
      [3, '0.6', 'limit_price'],
      [4, '1.2', 'limit_price'],
    ]);
    expect(of(outcomes, 'OrderCompleted')).to.deep.equal([{ orderId: 'o1', reason: 'window_over' }]);
  });
  it('and the rest of a take that did not get everything are caught up in the same way', () => {
    for (const [catchUp, quantities] of [
      ['spread', ['1', '1.1', '1.2']],
      ['next', ['1', '1.5', '1']],
      ['none', ['1', '1', '1']],
    ] as const) {
      const { outcomes } = fold([
        ...begun(),
        ...inTime(
          order({ quantity: '4', limitPrice: '101', catchUp }),
          delta(at(2.005), [], [['101', '0.5']]), // while the first take is in flight
          delta(at(5), [], [['101', '50']]),
          delta(at(22.005), [], [['101', '0']]),
          delta(at(25), [], [['101', '50']]),
          ...watched,
        ),
      ]);
      // of the first 0.5 is missing, of the third everything
      expect(
        released(outcomes)
          .slice(0, 3)
          .map(([, quantity]) => quantity),
        catchUp,
      ).to.deep.equal(quantities);
      expect(of(outcomes, 'ChildCancelled').map(({ reason }) => reason)).to.deep.equal(['limit_price', 'limit_price']);
    }
  });
});

describe('why a slice is not done', () => {
  const reasons = (parameters: Partial<TwapParameters>, ...inputs: Happening[]): unknown[][] =>
    of(fold([...begun(), ...inTime(order(parameters), ...inputs, ...watched)]).outcomes, 'SliceSkipped').map(
      ({ slice, reason, detail }) => [slice, reason, detail],
    );

  it('the price is beyond the limit, on either side', () => {
    expect(reasons({ limitPrice: '102' }, dear(10), cheap(15))).to.deep.equal([[2, 'limit_price', undefined]]);
    const low = snapshot(at(10), [['98', '50']], ASKS);
    expect(reasons({ limitPrice: '99.5', side: 'sell' }, low, cheap(15))).to.deep.equal([
      [2, 'limit_price', undefined],
    ]);
  });
  it('the spread is wider than asked, and a spread just as wide is not', () => {
    expect(reasons({ maxSpreadTicks: 2 }, dear(10), cheap(15))).to.deep.equal([[2, 'spread', '6 ticks']]);
    expect(reasons({ maxSpreadTicks: 6 }, dear(10), cheap(15))).to.deep.equal([]);
    expect(reasons({ maxSpreadTicks: 5 }, dear(10), cheap(15))).to.deep.equal([[2, 'spread', '6 ticks']]);
  });
  it('the feed has a gap, until its next snapshot', () => {
    expect(reasons({}, interrupted(at(10)), delta(at(11), [], [['101', '9']]), cheap(20))).to.deep.equal([
      [2, 'book_untrusted', 'gap'],
    ]);
  });
  it('the feed is silent, until it goes on', () => {
    expect(reasons({}, interrupted(at(10), 'silent'), resumed(at(20)))).to.deep.equal([
      [2, 'book_untrusted', 'silent'],
    ]);
  });
  it('the book is crossed, and after five seconds of it not trusted', () => {
    const crossed = delta(at(5), [['101.5', '1']], []);
    expect(reasons({}, crossed, delta(at(20), [['101.5', '0']], []))).to.deep.equal([[2, 'book_untrusted', 'crossed']]);
    expect(reasons({}, { ...crossed, at: at(8) }, delta(at(20), [['101.5', '0']], []))).to.deep.equal([
      [2, 'book_crossed', undefined],
    ]);
  });
  it('the book is locked', () => {
    expect(reasons({}, delta(at(8), [['101', '1']], []), delta(at(20), [['101', '0']], []))).to.deep.equal([
      [2, 'book_locked', undefined],
    ]);
  });
  it('a side is empty', () => {
    expect(reasons({}, snapshot(at(8), BIDS, []), cheap(20))).to.deep.equal([[2, 'one_side_empty', undefined]]);
    expect(reasons({}, snapshot(at(8), [], ASKS), cheap(20))).to.deep.equal([[2, 'one_side_empty', undefined]]);
  });
});

describe('a gap in the middle of a take', () => {
  it('cancels the take with that reason, and its quantity is caught up', () => {
    const { outcomes } = fold([
      ...begun({ latency: 500_000 }),
      ...inTime(order(), interrupted(at(2.2)), cheap(5), ...watched),
    ]);
    expect(of(outcomes, 'ChildCancelled')).to.deep.equal([
      { orderId: 'o1', childId: 'o1/1', quantity: '0.3', reason: 'book_untrusted' },
    ]);
    expect(released(outcomes)).to.deep.equal([
      [1, '0.3'],
      [2, '0.4'],
      [3, '0.4'],
      [4, '0.4'],
    ]);
    expect(types(outcomes)).to.include('OrderCompleted');
  });
});
