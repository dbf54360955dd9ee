import { expect } from 'chai';
import type { TwapParameters } from '../../core/orders/parameters.js';
import type { LogEvent } from '../../core/ports.js';
import {
  at,
  defined,
  delta,
  fold,
  interrupted,
  of,
  run,
  snapshot,
  submitted,
  T0,
  ticks,
  traded,
  type Happening,
} from '../support/market.js';

const every = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** A market that is deep on both sides and in which nobody trades: an order there fills by what it takes alone. */
function quiet(parameters: Partial<TwapParameters>, seconds: number, latency = 0): LogEvent[] {
  return fold([
    run({ latency }),
    defined(),
    snapshot(at(0), [['100', '100000']], [['101', '100000']]),
    submitted(at(0), parameters),
    ...ticks(...every(seconds)),
  ]).outcomes;
}

/** Takes as [when it was decided, executed afterwards], in seconds and lots of 0.1. */
function takes(outcomes: readonly LogEvent[]): [number, number][] {
  let executed = 0;
  return outcomes
    .filter(({ type, data }) => type === 'ChildPlaced' && (data as { style: string }).style === 'take')
    .map(({ at: when, data }) => {
      executed += Number((data as { quantity: string }).quantity);
      return [(when - T0) / 1e6, Math.round(executed * 10) / 10];
    });
}

function expectClose(found: readonly [number, number][], chart: readonly [number, number][]): void {
  chart.forEach(([when, executed], i) => {
    expect(found[i]![0], `take ${i + 1}: when`).to.be.closeTo(when, 0.01);
    expect(found[i]![1], `take ${i + 1}: executed`).to.be.closeTo(executed, 0.1001);
  });
}

describe('an order between its lines, 500 over 25 periods', () => {
  const shape = { quantity: '500', duration: '25s', slices: 25 };

  it('takes at its floor line up to its cap line, and stays where it is after the window: 50 and 25', () => {
    const outcomes = quiet({ ...shape, aggressionFloor: '50', aggressionCap: '25', afterWindow: 'quote' }, 40);
    expect(takes(outcomes)).to.deep.equal([
      [12.500001, 125], // the floor line is above zero from then on
      [18.75, 250],
      [25, 375],
    ]);
    expect(of(outcomes, 'OrderCompleted')).to.deep.equal([]);
  });

  it('takes a last time at the end instant of a window after which it stops', () => {
    const outcomes = quiet({ ...shape, aggressionFloor: '50', aggressionCap: '25' }, 40);
    expect(takes(outcomes).at(-1)).to.deep.equal([25, 375]);
    expect(of(outcomes, 'OrderCompleted')).to.deep.equal([{ orderId: 'o1', reason: 'window_over' }]);
  });

  it('takes in ever smaller steps when both offsets shrink to zero, guaranteed, and ends whole', () => {
    const outcomes = quiet({ ...shape, aggressionFloor: '50', aggressionCap: '25', guaranteed: true }, 40);
    const found = takes(outcomes);
    expectClose(found, [
      [8.33, 83.33],
      [11.11, 152.8],
      [13.43, 210.7],
      [15.36, 258.9],
      [16.96, 299.1],
      [18.3, 332.6],
    ]);
    expect(found.at(-1)).to.deep.equal([25, 500]);
    for (let i = 2; i < found.length - 1; i++)
      expect(found[i]![1] - found[i - 1]![1]).to.be.at.most(found[i - 1]![1] - found[i - 2]![1] + 0.1001);
  });

  it('first takes where its floor line leaves zero: 20 and 10 at 5 s, up to the cap line that left it at 2.5 s', () => {
    const outcomes = quiet({ ...shape, aggressionFloor: '20', aggressionCap: '10' }, 40);
    expect(takes(outcomes).slice(0, 3)).to.deep.equal([
      // F is above zero only after 5 s; from there the staircase bounces between the lines, 50 apart
      [5.000001, 50],
      [7.5, 100],
      [10, 150],
    ]);
    expect(of(outcomes, 'AggressionEntered')[1]).to.deep.equal({ orderId: 'o1', executed: '50', cap: '100' });
  });

  it('never takes with a floor of 100 that is not guaranteed', () => {
    expect(takes(quiet({ ...shape, aggressionFloor: '100', aggressionCap: '0' }, 40))).to.deep.equal([]);
  });

  it('takes all the way to the schedule with a cap of 0', () => {
    const found = takes(quiet({ ...shape, aggressionFloor: '20', aggressionCap: '0' }, 40));
    expect(found.slice(0, 2)).to.deep.equal([
      [5.000001, 100],
      [10, 200],
    ]);
  });

  it('takes only when a slice is due where its lines are closer together than the smallest order', () => {
    const found = takes(quiet({ ...shape, aggressionFloor: '20', aggressionCap: '20' }, 40));
    // the floor is 100: the slice at 6 s finds the line at 20, and each one after it finds 20 more
    expect(found.slice(0, 3)).to.deep.equal([
      [6, 20],
      [7, 40],
      [8, 60],
    ]);
    expect(found).to.have.length(20);
    expect(found.at(-1)).to.deep.equal([25, 400]);
  });
});

describe('taking while quotes rest', () => {
  const story = (latency: number): Happening[] => [
    run({ latency }),
    defined(),
    snapshot(at(0), [['100', '1000']], [['101', '1000']]),
    submitted(at(0), { quantity: '10', duration: '10s', slices: 2, aggressionFloor: '50', aggressionCap: '10' }),
    ...ticks(...every(14)),
  ];

  it('pulls or shrinks the quotes first, and takes when that is confirmed', () => {
    // at 5 s the second slice makes 10 rest; at the floor line, just above zero, 4 are to be taken: 4 must stop resting
    const { outcomes } = fold(story(50_000));
    const [first] = of(outcomes, 'AggressionEntered');
    expect(first).to.deep.include({ executed: '0', cap: '4' });
    const types = outcomes
      .filter(({ at: when }) => when >= at(5) + 1 && when < at(5.3))
      .map(({ type, at: when }) => [type, (when - at(5) - 1) / 1000]);
    expect(types).to.deep.equal([
      ['AggressionEntered', 0],
      ['ChildPullRequested', 0],
      ['ChildRested', 49.999], // the second slice's quote
      ['ChildReduced', 50],
      ['ChildReported', 100],
      ['ChildPlaced', 100],
      ['AggressionLeft', 100],
      ['ChildFilled', 150],
      ['ChildReported', 200],
    ]);
    const take = of(outcomes, 'ChildPlaced').find(({ style }) => style === 'take')!;
    expect(take['quantity']).to.equal('4.1'); // the cap line has risen by 0.1 while the answer travelled
  });

  it('never has more filled, resting and in flight than its quantity', () => {
    for (const latency of [0, 1, 50_000, 700_000]) {
      const { engine, outcomes } = fold(story(latency));
      expect(of(outcomes, 'DeskHalted')).to.deep.equal([]);
      expect(engine.desks.get('default')!.halted).to.equal('');
    }
  });

  it('clears its quotes in time for the take that ends a guaranteed window', () => {
    const { outcomes } = fold([
      run({ latency: 100_000 }),
      defined(),
      snapshot(at(0), [['100', '1000']], [['101', '1000']]),
      submitted(at(0), {
        quantity: '10',
        duration: '10s',
        slices: 5,
        aggressionFloor: '100',
        guaranteed: true,
        aggressionCap: '90',
      }),
      ...ticks(...every(14)),
    ]);
    const ends = outcomes.find(({ type }) => type === 'OrderCompleted')!;
    expect(ends.at).to.equal(at(10));
    const filled = of(outcomes, 'ChildFilled').reduce((sum, { quantity }) => sum + Number(quantity), 0);
    expect(filled).to.be.closeTo(10, 1e-9);
    const cleared = outcomes.find(({ data }) => (data as { reason?: string }).reason === 'window_over')!;
    expect([cleared.type, (cleared.at - T0) / 1e6]).to.deep.equal(['ChildPullRequested', 9.799999]);
  });
});

describe('what outranks a guarantee', () => {
  const maker: Partial<TwapParameters> = {
    quantity: '10',
    duration: '10s',
    slices: 10,
    aggressionFloor: '20',
    aggressionCap: '0',
    guaranteed: true,
  };
  const begin = (parameters: Partial<TwapParameters>): Happening[] => [
    run({ latency: 0 }),
    defined(),
    snapshot(at(0), [['100', '1000']], [['101', '1000']]),
    submitted(at(0), { ...maker, ...parameters }),
  ];

  it('takes nothing beyond its limit, says so once, and takes when the market comes back', () => {
    const { outcomes } = fold([
      ...begin({ limitPrice: '100.5', quote: 'join' }),
      ...ticks(1, 2, 3, 4, 5),
      delta(at(6), [], [['100.5', '3']]),
      ...ticks(7, 8, 9, 10, 11),
    ]);
    expect(of(outcomes, 'TakeSkipped').map(({ reason }) => reason)).to.deep.equal(['limit_price', 'limit_price']);
    const fills = of(outcomes, 'ChildFilled').filter(({ liquidity }) => liquidity === 'taker');
    expect(fills.map(({ quantity, price }) => [quantity, price])).to.deep.equal([['3', '100.5']]);
    expect(of(outcomes, 'OrderCompleted')).to.deep.equal([{ orderId: 'o1', reason: 'window_over' }]);
  });

  it('neither quotes nor takes while the spread is wider than allowed, and pulls what rests', () => {
    const { outcomes } = fold([
      ...begin({ maxSpreadTicks: 2 }),
      ...ticks(1),
      delta(
        at(1.5),
        [
          ['100', '0'],
          ['99', '1000'],
        ],
        [],
      ),
      ...ticks(2, 3, 4),
      delta(at(4.5), [['100', '1000']], []),
      ...ticks(5, 6, 7, 8, 9, 10, 11),
    ]);
    expect(of(outcomes, 'ChildPullRequested').filter(({ reason }) => reason === 'spread')).to.have.length(2);
    const held = outcomes.filter(({ type }) => type === 'TakeSkipped' || type === 'QuoteSkipped');
    expect(held.map(({ type, data }) => [type, (data as { reason: string }).reason])).to.deep.equal([
      ['QuoteSkipped', 'spread'],
      ['TakeSkipped', 'spread'],
    ]);
    const between = outcomes.filter(({ type, at: when }) => type === 'ChildPlaced' && when > at(1.5) && when < at(4.5));
    expect(between).to.deep.equal([]);
    expect(of(outcomes, 'OrderCompleted')[0]!['reason']).to.equal('window_over'); // its last take is decided at the end
    expect(of(outcomes, 'ChildFilled').reduce((sum, { quantity }) => sum + Number(quantity), 0)).to.be.closeTo(
      10,
      1e-9,
    );
  });

  it('does nothing in a book that is not trusted, not even at the end, and takes at once when it is again', () => {
    const begun = begin({});
    const gap = interrupted(at(5.5));
    const lost = fold([...begun, ...ticks(1, 2, 3, 4, 5), gap, ...ticks(6, 7, 8, 9, 10, 11)]);
    const held = lost.outcomes.filter(({ type, at: when }) => type === 'TakeSkipped' && when > at(5.5));
    expect(held.map(({ data }) => data as object)).to.deep.include.members([
      // F = 1.2 t - 2 is back at the 5.3 executed by then at 6.08 s, where the schedule is at 6.1
      { orderId: 'o1', quantity: '0.8', reason: 'book_untrusted', detail: 'gap' },
    ]);
    expect(lost.outcomes.filter(({ type, at: when }) => type === 'ChildFilled' && when > at(5.5))).to.deep.equal([]);
    expect(of(lost.outcomes, 'OrderCompleted')[0]!['reason']).to.equal('window_over');
    const again = snapshot(at(8.5), [['100', '1000']], [['101', '1000']]);
    const found = fold([...begun, ...ticks(1, 2, 3, 4, 5), gap, ...ticks(6, 7, 8), again, ...ticks(9, 10, 11)]);
    const taken = found.outcomes.find(({ type, at: when }) => type === 'ChildFilled' && when > at(5.5))!;
    expect(taken.at).to.equal(at(8.5));
    expect(of(found.outcomes, 'OrderCompleted')[0]!['reason']).to.equal('window_over'); // its last take came at the end
    expect(of(found.outcomes, 'ChildFilled').reduce((sum, { quantity }) => sum + Number(quantity), 0)).to.be.closeTo(
      10,
      1e-9,
    );
  });

  it('keeps to its share of the volume, and looks again at each trade', () => {
    const { outcomes } = fold([
      run({ latency: 0 }),
      defined(),
      snapshot(at(0), [['100', '1000']], [['101', '1000']]),
      submitted(at(0), { quantity: '10', duration: '10s', slices: 10, maxParticipation: '0.25' }),
      ...ticks(1, 2),
      traded(at(2.5), { side: 'buy', price: '101', quantity: '4' }),
      traded(at(2.6), { side: 'buy', price: '101', quantity: '2' }),
      traded(at(2.7), { side: 'buy', price: '101', quantity: '100', notMarket: true }),
      ...ticks(3, 4, 5, 6, 7, 8, 9, 10, 11),
    ]);
    expect(of(outcomes, 'ChildPlaced').map(({ quantity }) => quantity)).to.deep.equal(['1', '0.5']);
    expect(of(outcomes, 'TakeSkipped').map(({ reason }) => reason)).to.deep.equal(['participation']);
  });
});

describe('quoting', () => {
  const begin = (parameters: Partial<TwapParameters>, latency = 0): Happening[] => [
    run({ latency }),
    defined(),
    snapshot(
      at(0),
      [
        ['100', '5'],
        ['99', '5'],
      ],
      [['102', '5']],
    ),
    submitted(at(0), { quantity: '4', duration: '20s', slices: 1, aggressionFloor: '100', ...parameters }),
  ];
  const quotes = (outcomes: readonly LogEvent[]): unknown[] =>
    outcomes
      .filter(({ type }) => type === 'ChildPlaced')
      .map(({ at: when, data }) => {
        const { quantity, limitPrice } = data as { quantity: string; limitPrice: string };
        return [(when - T0) / 1e6, quantity, limitPrice];
      });

  for (const [quote, side, price] of [
    ['join', 'buy', '100'],
    ['improve', 'buy', '100.5'],
    ['inside', 'buy', '101.5'],
    ['join', 'sell', '102'],
    ['improve', 'sell', '101.5'],
    ['inside', 'sell', '100.5'],
  ] as const)
    it(`rests at ${price} to ${side} by ${quote} between 100 and 102`, () => {
      expect(quotes(fold(begin({ quote, side })).outcomes)).to.deep.equal([[0, '4', price]]);
    });

  it('joins where an improvement would meet the other side, and never rests beyond its limit', () => {
    const tight = delta(at(0), [], [['100.5', '5']]);
    expect(quotes(fold([...begin({}).slice(0, 3), tight, begin({})[3]!]).outcomes)).to.deep.equal([[0, '4', '100']]);
    expect(quotes(fold(begin({ limitPrice: '99.5' })).outcomes)).to.deep.equal([[0, '4', '99.5']]);
  });

  it('moves at most once per requoteInterval, only when its price differs, with a cancel first', () => {
    const { outcomes } = fold([
      ...begin({ quote: 'join' }, 10_000),
      delta(at(0.3), [['100.5', '1']], []),
      delta(at(0.6), [['100.5', '0']], []), // back again before a second has passed: it stays
      delta(at(1.5), [['100.5', '2']], []),
      delta(at(1.6), [['101', '2']], []),
      ...ticks(2, 3, 4),
    ]);
    expect(quotes(outcomes)).to.deep.equal([
      [0, '4', '100'],
      [1.52, '4', '100.5'],
      [2.54, '4', '101'],
    ]);
    expect(of(outcomes, 'ChildPullRequested').map(({ reason }) => reason)).to.deep.equal(['repeg', 'repeg']);
  });

  it('shows at most maxDisplayQuantity, and fills up what was filled', () => {
    const { outcomes } = fold([
      ...begin({ quote: 'join', maxDisplayQuantity: '1.5' }, 10_000),
      traded(at(1), { side: 'sell', price: '100', quantity: '6' }),
      ...ticks(2),
    ]);
    expect(quotes(outcomes)).to.deep.equal([
      [0, '1.5', '100'],
      [1.01, '1', '100'],
    ]);
  });

  it('keeps the place of what still rests when its quantity is amended down', () => {
    const { outcomes } = fold([
      ...begin({ quote: 'join' }, 10_000),
      {
        type: 'AmendOrder',
        version: 1,
        at: at(1),
        data: { orderId: 'o1', account: 'default', changes: { limitPrice: '101' } },
      },
      { type: 'PauseOrder', version: 1, at: at(1.5), data: { orderId: 'o1', account: 'default' } },
      ...ticks(2),
      {
        type: 'AmendOrder',
        version: 1,
        at: at(2.5),
        data: { orderId: 'o1', account: 'default', changes: { quantity: '3' } },
      },
      { type: 'ResumeOrder', version: 1, at: at(3), data: { orderId: 'o1', account: 'default' } },
      ...ticks(4),
      {
        type: 'AmendOrder',
        version: 1,
        at: at(5),
        data: { orderId: 'o1', account: 'default', changes: { quantity: '6' } },
      },
      ...ticks(6),
    ]);
    expect(of(outcomes, 'ChildPullRequested').map(({ reason }) => reason)).to.deep.equal(['order_paused']);
    // up by 3: another quote at the back, and the first one stays where it is
    expect(quotes(outcomes)).to.deep.equal([
      [0, '4', '100'],
      [3, '3', '100'],
      [5, '3', '100'],
    ]);
  });

  it('waits where it would meet a quote of its own desk', () => {
    const { outcomes } = fold([
      ...begin({ side: 'sell', quote: 'inside' }),
      submitted(at(1), { quantity: '1', duration: '20s', slices: 1, aggressionFloor: '100', quote: 'inside' }, 'o2'),
      ...ticks(2),
      { type: 'CancelOrder', version: 1, at: at(3), data: { orderId: 'o1', account: 'default' } },
      ...ticks(4),
    ]);
    expect(of(outcomes, 'QuoteSkipped')).to.deep.equal([{ orderId: 'o2', quantity: '1', reason: 'self_cross' }]);
    expect(quotes(outcomes)).to.deep.equal([
      [0, '4', '100.5'],
      [3, '1', '101.5'],
    ]);
  });

  it('sends the next quote after a rejection when requoteInterval is over', () => {
    const { outcomes } = fold([
      ...begin({ quote: 'inside' }, 50_000),
      delta(at(0.02), [], [['101.5', '5']]),
      ...ticks(1, 2),
    ]);
    expect(of(outcomes, 'ChildRejected')).to.deep.equal([
      { childId: 'o1/1', orderId: 'o1', quantity: '4', reason: 'would_cross' },
    ]);
    expect(quotes(outcomes)).to.deep.equal([
      [0, '4', '101.5'],
      [1, '4', '101'],
    ]);
  });

  it('goes on quoting after a window with afterWindow quote, and takes when guaranteed', () => {
    const quoting = fold([...begin({ quote: 'join', duration: '2s', afterWindow: 'quote' }), ...ticks(1, 2, 3, 4)]);
    expect(of(quoting.outcomes, 'OrderCompleted')).to.deep.equal([]);
    expect(of(quoting.outcomes, 'ChildPullRequested')).to.deep.equal([]);
    const taker = fold([
      ...begin({ duration: '2s', afterWindow: 'quote', aggressionFloor: '0', guaranteed: true, limitPrice: '101' }),
      ...ticks(1, 2, 3),
      delta(at(3.5), [], [['101', '4']]),
      ...ticks(4),
    ]);
    expect(of(taker.outcomes, 'ChildFilled').map(({ quantity, price }) => [quantity, price])).to.deep.equal([
      ['4', '101'],
    ]);
    expect(of(taker.outcomes, 'OrderCompleted')).to.deep.equal([{ orderId: 'o1', reason: 'filled' }]);
  });
});
