import { expect } from 'chai';
import { formatInstant } from '../../core/time.js';
import { projectionJson } from '../../core/orders/projection.js';
import { Projections } from '../../core/orders/projections.js';
import type { LevelText } from '../../core/market/events.js';
import {
  at,
  BTC,
  begun,
  fold,
  INVERSE,
  interrupted,
  snapshot,
  SPOT,
  submitted,
  ticked,
  traded,
  types,
  type Happening,
} from '../support/market.js';

/** Costs of the one order of a story once everything about them is known. docs/costs.md works the same five by hand. */
function costsOf(inputs: readonly Happening[], definition = SPOT): Record<string, unknown> {
  const { outcomes } = fold([...inputs, ticked(at(100))]);
  expect(types(outcomes).filter((type) => type === 'OrderMeasured')).to.have.length(1);
  const projections = new Projections();
  for (const outcome of outcomes) projections.apply(outcome);
  return projectionJson(projections.orders.get('o1')!, { definition })['costs'] as Record<string, unknown>;
}

const book = (seconds: number, bids: readonly LevelText[], asks: readonly LevelText[], instrument = BTC): Happening =>
  snapshot(at(seconds), bids, asks, instrument);
const trade = (seconds: number, price: string, quantity: string): Happening =>
  traded(at(seconds), { side: 'buy', price, quantity });

describe('what an order cost, worked by hand', () => {
  it('a sell that is late at every step', () => {
    // accepted at 2 s, D = 100.5; starts at 4 s, A = 99.5; latency 0.5 s
    const costs = costsOf([
      ...begun({ latency: 500_000, takeSlack: 4 }),
      submitted(at(2), { side: 'sell', quantity: '2', startTime: '+2s', duration: '20s', slices: 2 }),
      book(3, [['99', '5']], [['100', '5']]), // mid 99.5
      trade(3.5, '99.5', '7'), // before its window
      book(4.2, [['98.5', '5']], [['99.5', '5']]), // mid 99
      trade(6, '99', '2'),
      book(9.6, [['98', '5']], [['99', '5']]), // mid 98.5
      trade(12, '98.5', '3'),
      book(19.6, [['97', '5']], [['98', '5']]), // mid 97.5 = M
      trade(25, '97.5', '9'), // after its window
    ]);
    // fills: 1 at 98.5 (d 99.5, m 99) at 4.5 s; 1 at 98 (d 98.5, m 98.5) at 14.5 s. Sum of q p = 196.5, Q D = 201
    expect(costs).to.deep.equal({
      arrivalPrice: '100.5',
      startPrice: '99.5',
      endPrice: '97.5',
      slippageBps: '223.8806', // 4.5 / 201
      shortfall: '4.6965', // -(196.5 - 201) + 0.1965
      delay: '2', // -2 x (99.5 - 100.5)
      timing: '1', // -((99.5 - 99.5) + (98.5 - 99.5))
      latency: '0.5', // -((99 - 99.5) + (98.5 - 98.5))
      spread: '1', // -((98.5 - 99) + (98 - 98.5))
      fees: '0.1965', // 196.5 x 0.001
      unfilled: '0',
      shortfallBps: '233.6567', // 4.6965 / 201
      delayBps: '99.5025', // 2 / 201
      timingBps: '49.7512', // 1 / 201
      latencyBps: '24.8756', // 0.5 / 201
      spreadBps: '49.7512',
      feesBps: '9.7761', // 0.1965 / 201
      unfilledBps: '0',
      costAllIn: '233.6567', // nothing is left to buy
      // samples at 4 s: 99.5; at 5 … 9 s: 99; at 10 … 19 s: 98.5; at 20 … 23 s: 97.5
      twapPrice: '98.475', // (99.5 + 495 + 985 + 390) / 20
      midTimeWeighted: '98.425', // (0.2 x 99.5 + 5.4 x 99 + 10 x 98.5 + 4.4 x 97.5) / 20
      vwap: '98.7', // (2 x 99 + 3 x 98.5) / 5
      twapPriceBps: '22.8484', // -(98.25 - 98.475) / 98.475
      midTimeWeightedBps: '17.78', // 0.175 / 98.425 = 17.78003…
      vwapBps: '45.5927', // 0.45 / 98.7
      untilLastFill: {
        twapPrice: '98.81818182', // (99.5 + 5 x 99 + 5 x 98.5) / 11
        midTimeWeighted: '98.77619048', // (19.9 + 534.6 + 4.9 x 98.5) / 10.5 = 1037.15 / 10.5
        vwap: '98.7',
        twapPriceBps: '57.4977', // 1 - 98.25 x 11 / 1087 = 6.25 / 1087
        midTimeWeightedBps: '53.271', // 1 - 98.25 x 10.5 / 1037.15 = 5.525 / 1037.15
        vwapBps: '45.5927',
      },
      makerShare: '0',
      participation: '0.4', // 2 / 5
      scheduleErrorMean: '0.025', // one lot behind for 2 x 0.5 s: 1 / 20 / 2
      scheduleErrorWorst: '0.5', // 1 of 2
      markouts: {
        '1s': '50.8906', // ((99 - 98.5) + (98.5 - 98)) / 196.5
        '5s': '50.8906',
        '30s': '-76.3359', // ((97.5 - 98.5) + (97.5 - 98)) / 196.5
        '60s': '-76.3359',
      },
      untrustedSeconds: '0',
      completion: '1',
      flags: ['participation_high'],
    });
  });

  it('an inverse contract', () => {
    const { instrument } = INVERSE; // worth 100 / price each
    const costs = costsOf(
      [
        ...begun({}, { definition: INVERSE }),
        book(1.5, [['75', '9']], [['125', '9']], instrument), // mid 100: worth 1
        submitted(at(2), { instrument, quantity: '4', duration: '20s', slices: 2 }),
        book(8.5, [['90', '9']], [['160', '9']], instrument), // mid 125: worth 0.8
      ],
      INVERSE,
    );
    // 2 at 125 (worth 0.8 each) and 2 at 160 (0.625 each): 2.85 in all, where 4 would have been at D
    expect(costs).to.deep.include({
      arrivalPrice: '100',
      startPrice: '100',
      endPrice: '125',
      slippageBps: '2875', // (4 - 2.85) / 4
      shortfall: '1.15285', // 1.15 + 0.00285
      delay: '0',
      timing: '0.4', // 2 x (1 - 1) + 2 x (1 - 0.8)
      latency: '0',
      spread: '0.75', // 2 x (1 - 0.8) + 2 x (0.8 - 0.625)
      fees: '0.00285', // 2.85 x 0.001
      unfilled: '0',
      shortfallBps: '2882.125',
      spreadBps: '1875',
      costAllIn: '2882.125',
      twapPrice: '116.25', // (7 x 100 + 13 x 125) / 20
      midTimeWeighted: '116.875', // (6.5 x 100 + 13.5 x 125) / 20
      vwap: null,
      twapPriceBps: '1717.1875', // 1 - 2.85 x 116.25 / 400
      midTimeWeightedBps: '1672.6562', // 1 - 2.85 x 116.875 / 400 = 0.167265625, half-even
      vwapBps: null,
      participation: null,
      scheduleErrorMean: '0.0005', // 2 x 2 contracts x 10 ms / 20 s / 4
      scheduleErrorWorst: '0.5',
      // 30 s later both stand at 125: 2 x (0.8 - 0.8) + 2 x (0.8 - 0.625) = 0.35, of 2.85
      markouts: { '1s': '2631.5789', '5s': '2631.5789', '30s': '1228.0702', '60s': '1228.0702' },
      flags: [],
    });
  });

  it('no fill at all', () => {
    const costs = costsOf([
      ...begun(),
      submitted(at(2), { quantity: '2', duration: '20s', slices: 2, limitPrice: '100' }),
      book(
        10.5,
        [['103', '5']],
        [
          ['104', '1'],
          ['104.5', '2'],
        ],
      ), // mid 103.5 = M
    ]);
    expect(costs).to.deep.include({
      arrivalPrice: '100.5',
      startPrice: '100.5',
      endPrice: '103.5',
      slippageBps: null,
      shortfall: '6',
      delay: '0',
      timing: '0',
      latency: '0',
      spread: '0',
      fees: '0',
      unfilled: '6', // 2 x (103.5 - 100.5)
      shortfallBps: '298.5075', // 6 / 201
      unfilledBps: '298.5075',
      costAllIn: '383.5075', // (104 + 104.5 - 201 + 0.2085) / 201
      twapPrice: '102.15', // (9 x 100.5 + 11 x 103.5) / 20
      midTimeWeighted: '102.225', // (8.5 x 100.5 + 11.5 x 103.5) / 20
      twapPriceBps: null,
      untilLastFill: null,
      makerShare: null,
      scheduleErrorMean: '0.5', // the first slice joins the second, which is due at 12 s: 2 x 10 s / 20 s / 2
      scheduleErrorWorst: '1',
      markouts: { '1s': null, '5s': null, '30s': null, '60s': null },
      completion: '0',
      flags: [],
    });
  });

  it('a partial fill', () => {
    const asks: LevelText[] = [
      ['101', '1'],
      ['101.5', '0.5'],
      ['102', '10'],
    ];
    const costs = costsOf([
      ...begun(),
      book(1.5, [['100', '5']], asks),
      submitted(at(2), { quantity: '3', duration: '20s', slices: 1, limitPrice: '101.5' }),
      // what it took at 101.5 is still taken: the rest would be bought at 102.5
      book(
        10.5,
        [['100.5', '5']],
        [
          ['101.5', '0.5'],
          ['102.5', '10'],
        ],
      ),
    ]);
    // 1 at 101 and 0.5 at 101.5: 151.75, where 150.75 would have been at D
    expect(costs).to.deep.include({
      arrivalPrice: '100.5',
      endPrice: '101',
      slippageBps: '66.335', // 1 / 150.75 = 66.33499…
      shortfall: '1.90175', // 1 + 0.15175 + 0.75
      spread: '1', // 1 x 0.5 + 0.5 x 1
      fees: '0.15175',
      unfilled: '0.75', // 1.5 x (101 - 100.5)
      shortfallBps: '63.0763', // 1.90175 / 301.5
      costAllIn: '142.8027', // (151.75 + 1.5 x 102.5 - 301.5 + 0.15175 + 0.15375) / 301.5 = 4.3055 / 301.5
      scheduleErrorMean: '0.50025', // (3 x 0.01 + 1.5 x 19.99) / 20 / 3
      scheduleErrorWorst: '1',
      completion: '0.5',
      flags: [],
    });
  });

  it('a start in an untrusted book', () => {
    const bids: LevelText[] = [['100', '5']];
    const asks: LevelText[] = [
      ['101', '1'],
      ['101.5', '2'],
    ];
    const costs = costsOf([
      ...begun(),
      interrupted(at(1.5)),
      submitted(at(2), { quantity: '2', duration: '20s', slices: 2 }),
      book(4.5, bids, asks), // mid 100.5: the first one after acceptance and start
    ]);
    // the first slice is missed and joins the second: 1 at 101 and 1 at 101.5
    expect(costs).to.deep.include({
      arrivalPrice: '100.5',
      startPrice: '100.5',
      slippageBps: '74.6269', // 1.5 / 201
      shortfall: '1.7025', // 202.5 - 201 + 0.2025
      delay: '0',
      timing: '0',
      spread: '1.5',
      fees: '0.2025',
      shortfallBps: '84.7015', // 1.7025 / 201
      twapPrice: '100.5', // 17 samples, at 5 … 21 s
      midTimeWeighted: '100.5',
      scheduleErrorMean: '0.0005', // 2 x 0.01 / 20 / 2
      scheduleErrorWorst: '1',
      markouts: { '1s': '74.0741', '5s': '74.0741', '30s': '74.0741', '60s': '74.0741' }, // 1.5 / 202.5
      untrustedSeconds: '2.5',
      completion: '1',
      flags: ['arrival_late', 'start_late', 'untrusted_during', 'samples_missing'],
    });
  });
});

describe('costs of an order that is still open', () => {
  const story = [
    ...begun(),
    submitted(at(2), { quantity: '2', duration: '20s', slices: 2 }),
    book(8.5, [['102', '5']], [['103', '5']]),
  ];
  it('go as far as the clock does, and the rest is marked at the last mid', () => {
    const { engine } = fold(story, { until: at(10) });
    const measured = engine.measured('default', 'o1')!;
    expect(measured).to.include({ whole: false });
    expect(measured.end).to.deep.equal({ mid: '102.5', late: false });
    expect(measured.window).to.include({ startAt: at(2), endAt: at(10), heldMicros: 8_000_000, sampled: 8 });
  });
  it('are no trace of having been looked at', () => {
    const { engine } = fold(story, { until: at(10) });
    const once = engine.measured('default', 'o1');
    expect(engine.measured('default', 'o1')).to.deep.equal(once);
  });
  it('are said once the last markout is taken, and then they leave', () => {
    const { engine, outcomes } = fold([...story, ticked(at(72)), ticked(at(73))]);
    const said = outcomes.find(({ type }) => type === 'OrderMeasured')!;
    expect(said.at).to.equal(at(12) + 10_000 + 60_000_000); // 60 s after the fill of the slice at 12 s
    expect(engine.measured('default', 'o1')).to.equal(undefined);
    expect(engine.samplers.size).to.equal(0);
    expect(engine.revisions.has('execution-o1')).to.equal(false);
  });
  it('hold the order id until then', () => {
    const { outcomes } = fold([
      ...story,
      ticked(at(30)),
      submitted(at(31), { quantity: '2', startTime: formatInstant(at(40)), duration: '20s' }),
    ]);
    expect(JSON.stringify(outcomes.find(({ type }) => type === 'CommandRefused')?.data)).to.include('order_exists');
  });
});

describe('costs of orders side by side', () => {
  const order = (orderId: string, account: string, seconds: number): Happening => {
    const { data, ...rest } = submitted(at(seconds), { quantity: '2', duration: '20s', slices: 2 }, orderId);
    return { ...rest, data: { ...data, account } } as Happening;
  };
  const market = [book(4.5, [['102', '5']], [['103', '5']]), book(9, [['99', '5']], [['101', '5']])];
  const said = (inputs: readonly Happening[]): unknown =>
    fold([...inputs, ticked(at(100))]).outcomes.find(
      ({ type, data }) => type === 'OrderMeasured' && (data as { orderId: string }).orderId === 'late',
    )!.data;

  it('do not depend on who else began at the same phase of the second', () => {
    const early = order('early', 'alice', 2);
    const late = order('late', 'bob', 5);
    const [first, second] = market as [Happening, Happening];
    expect(said([...begun(), early, first, late, second])).to.deep.equal(said([...begun(), first, late, second]));
  });
  it('nor on who began at the same instant', () => {
    const late = order('late', 'bob', 5);
    const [first, second] = market as [Happening, Happening];
    const twin = order('twin', 'alice', 5);
    expect(said([...begun(), first, twin, late, second])).to.deep.equal(said([...begun(), first, late, second]));
  });
});

describe('an order that never starts', () => {
  it('costs nothing, and that is said when it is cancelled', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '2', duration: '20s', startTime: 'manual' }),
      { type: 'CancelOrder', version: 1, at: at(3), data: { orderId: 'o1', account: 'default' } },
    ]);
    expect(types(outcomes).slice(-2)).to.deep.equal(['OrderCancelled', 'OrderMeasured']);
  });
});
