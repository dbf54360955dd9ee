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
  snapshot,
  submitted,
  ticks,
  times,
  types,
  type Happening,
} from '../support/market.js';

const MS = 0.001;
const one = (parameters = {}): Happening =>
  submitted(at(2), { quantity: '0.2', duration: '10s', slices: 1, ...parameters });

describe('latency', () => {
  it('lets a take meet the book of its arrival, as far as that was known before', () => {
    const fillAt = (when: number): unknown =>
      of(
        fold([
          ...begun({ latency: 50_000 }),
          one({ limitPrice: '101' }),
          delta(when, [], [['100.5', '9']]),
          ...ticks(3),
        ]).outcomes,
        'ChildFilled',
      )[0]?.['price'];
    expect(fillAt(at(2 + 49 * MS))).to.equal('100.5');
    expect(fillAt(at(2 + 50 * MS) - 1)).to.equal('100.5');
    expect(fillAt(at(2 + 50 * MS))).to.equal('101'); // stamped with its arrival: not seen by it
  });
  it('tells the planner of a fill after two ways, and counts it as in flight until then', () => {
    const story = [...begun({ latency: 1_000_000 }), one({ quantity: '0.4', slices: 2 })];
    const inFlight = (when: number): [filled: number, reported: number, children: number] => {
      const { filledLots, reportedLots, children } = fold(story, { until: at(when) })
        .engine.desks.get('default')!
        .orders.get('o1')!;
      return [filledLots, reportedLots, children.length];
    };
    expect(inFlight(2.999)).to.deep.equal([0, 0, 1]);
    expect(inFlight(3)).to.deep.equal([2, 0, 1]);
    expect(inFlight(3.999)).to.deep.equal([2, 0, 1]);
    expect(inFlight(4)).to.deep.equal([2, 2, 0]);
  });
  it('longer than the interval between slices makes nothing twice', () => {
    const { outcomes } = fold([
      ...begun({ latency: 3_000_000 }),
      one({ quantity: '0.5', duration: '5s', slices: 5 }),
      ...ticks(4, 5, 6, 7, 8, 9, 10, 11, 12, 13),
    ]);
    expect(of(outcomes, 'SliceReleased').map(({ quantity }) => quantity)).to.deep.equal(Array(5).fill('0.1'));
    expect(times(outcomes, 'ChildFilled')).to.deep.equal([5, 6, 7, 8, 9]);
  });
  it('longer than the window lets the take fill behind it: the order has ended, and is settled later', () => {
    const story = [...begun({ latency: 5_000_000 }), one({ duration: '1s' }), ...ticks(3, 4, 6, 7, 8, 9, 11, 12, 13)];
    const { outcomes, engine } = fold(story);
    expect(types(outcomes).slice(-3)).to.deep.equal(['OrderCompleted', 'ChildFilled', 'ChildReported']);
    expect(times(outcomes, 'OrderCompleted')).to.deep.equal([3]);
    expect(of(outcomes, 'OrderCompleted')[0]).to.include({ reason: 'window_over' });
    expect(engine.desks.get('default')!.ledger.content().cash['BTC']).to.equal('0.2');
    expect(engine.desks.get('default')!.orders.size).to.equal(0);
    expect(fold(story.slice(0, 7)).engine.desks.get('default')!.orders.get('o1')!.status).to.equal('completed');
  });
  it('of nothing makes decision, fill and report one instant', () => {
    const { outcomes } = fold([...begun({ latency: 0 }), one()]);
    expect(types(outcomes).slice(-6)).to.deep.equal([
      'OrderStarted',
      'SliceReleased',
      'ChildPlaced',
      'ChildFilled',
      'ChildReported',
      'OrderCompleted',
    ]);
    expect(new Set(outcomes.slice(-6).map((outcome) => outcome.at))).to.deep.equal(new Set([at(2)]));
  });
});

describe('a take without a limit', () => {
  const rising = delta(
    at(2) + 5000,
    [],
    [
      ['101', '0'],
      ['101.5', '0'],
    ],
  );
  const filled = (venue: object): unknown[][] => {
    const { outcomes } = fold([...begun(venue), one({ quantity: '1.5' }), rising, ...ticks(3)]);
    return of(outcomes, 'ChildFilled').map(({ price, quantity }) => [price, quantity]);
  };
  it('goes no further than its own walk went when it was decided', () => {
    expect(filled({})).to.deep.equal([]); // it would have ended at 101.5
  });
  it('goes further by the slack that it is given', () => {
    expect(filled({ takeSlack: 1 })).to.deep.equal([['102', '1.5']]);
  });
  it('may find a better price', () => {
    const { outcomes } = fold([...begun(), one(), delta(at(2) + 5000, [], [['100.5', '0.1']]), ...ticks(3)]);
    expect(of(outcomes, 'ChildFilled').map(({ price, quantity }) => [price, quantity])).to.deep.equal([
      ['100.5', '0.1'],
      ['101', '0.1'],
    ]);
  });
});

describe('what a desk took', () => {
  const twice = (between: readonly Happening[], assume: 'optimistic' | 'expected' | 'pessimistic' = 'expected') =>
    of(
      fold([
        ...begun({ assume }),
        one({ quantity: '2', duration: '20s', slices: 2 }), // 1 at 2 and 1 at 12
        ...ticks(3),
        ...between,
        ...ticks(13),
      ]).outcomes,
      'ChildFilled',
    ).map(({ price, quantity }) => [price, quantity]);

  it('in two takes without a change of the feed is what one take of the sum would have got', () => {
    const sum = of(fold([...begun(), one({ quantity: '2' }), ...ticks(3)]).outcomes, 'ChildFilled');
    expect(twice([])).to.deep.equal(sum.map(({ price, quantity }) => [price, quantity]));
  });
  it('is forgotten, scaled or kept when its level changes, as is assumed', () => {
    const shrinks = [delta(at(5), [], [['101', '0.5']])];
    expect(twice(shrinks, 'optimistic').slice(1)).to.deep.equal([
      ['101', '0.5'],
      ['101.5', '0.5'],
    ]);
    for (const assume of ['expected', 'pessimistic'] as const)
      expect(twice(shrinks, assume).slice(1)).to.deep.equal([['101.5', '1']]);
    const grows = [delta(at(5), [], [['101', '1.4']])];
    expect(twice(grows, 'optimistic').slice(1)).to.deep.equal([['101', '1']]);
    for (const assume of ['expected', 'pessimistic'] as const)
      expect(twice(grows, assume).slice(1)).to.deep.equal([
        ['101', '0.4'],
        ['101.5', '0.6'],
      ]);
  });
  it('comes back when its level was deleted in between', () => {
    const renewed = [delta(at(5), [], [['101', '0']]), delta(at(6), [], [['101', '1']])];
    for (const assume of ['optimistic', 'expected', 'pessimistic'] as const)
      expect(twice(renewed, assume).slice(1)).to.deep.equal([['101', '1']]);
  });
  it('does not come back with a snapshot that shows the same, and changes with one by its differences', () => {
    expect(twice([snapshot(at(5), BIDS, ASKS)], 'optimistic').slice(1)).to.deep.equal([['101.5', '1']]);
    const other = snapshot(at(5), BIDS, [
      ['101', '2'],
      ['101.5', '2'],
    ]);
    expect(twice([other], 'optimistic').slice(1)).to.deep.equal([['101', '1']]);
    expect(twice([other], 'expected').slice(1)).to.deep.equal([['101', '1']]); // 1 of 2 is left
  });
  it('is nothing to another account', () => {
    const { outcomes } = fold([
      ...begun(),
      one({ quantity: '1', account: 'a' }),
      submitted(at(3), { quantity: '1', duration: '10s', slices: 1, account: 'b' }, 'o2'),
      commanded(at(4), 'CancelOrder'),
    ]);
    expect(of(outcomes, 'ChildFilled').map(({ price }) => price)).to.deep.equal(['101', '101']);
  });
});
