import { expect } from 'chai';
import {
  at,
  batchesOf,
  begun,
  BTC,
  delta,
  fold,
  run,
  stateText,
  submitted,
  ticks,
  traded,
  type Happening,
} from '../support/market.js';
import { Engine } from '../../core/engine/engine.js';
import { encodeOutcome } from '../support/encode-outcome.js';
import type { LogEvent } from '../../core/ports.js';

/** Folds each input as a batch of its own, encoded by itself: nobody knows which increments are still to come. */
function foldApart(inputs: readonly Happening[]): { engine: Engine; outcomes: LogEvent[] } {
  const outcomes: LogEvent[] = [];
  const engine = new Engine((concluded) => outcomes.push(encodeOutcome(concluded)));
  inputs.forEach((input, i) => {
    for (const batch of batchesOf([input], 1, i + 1)) engine.fold(batch);
  });
  return { engine, outcomes };
}

function expectSameBothWays(inputs: readonly Happening[]): { engine: Engine; outcomes: LogEvent[] } {
  const known = fold(inputs);
  const apart = foldApart(inputs);
  expect(apart.outcomes).to.deep.equal(known.outcomes);
  expect(stateText(apart.engine)).to.equal(stateText(known.engine));
  return apart;
}

describe('increments that get finer in mid-session', () => {
  it('change nothing about an order that is being worked', () => {
    const { engine, outcomes } = expectSameBothWays([
      ...begun({ latency: 500_000, assume: 'expected' }),
      submitted(at(2), { quantity: '2.7', duration: '30s', slices: 3, limitPrice: '102' }),
      ...ticks(3),
      delta(at(4), [], [['101.5', '1.1']]),
      submitted(at(11.9), { quantity: '1.4', duration: '1m', slices: 7, limitPrice: '101.5' }, 'o2'),
      delta(at(12.1), [['100.03125', '0.000003']], []), // while two takes are in flight
      ...ticks(13, 14),
      delta(at(15), [], [['101.5', '0.333']]),
      traded(at(16), { side: 'buy', price: '101.0000001', quantity: '0.00000001' }),
      ...ticks(22, 23, 32, 33, 34, 52, 73),
    ]);
    expect(engine.markets.get(BTC)!.units).to.include({ priceScale: 7, sizeScale: 8 });
    expect(outcomes.some(({ type }) => type === 'ChildFilled')).to.equal(true);
  });
  it('leave what was taken from a level what it was', () => {
    for (const assume of ['optimistic', 'expected', 'pessimistic'] as const)
      expectSameBothWays([
        ...begun({ assume }),
        submitted(at(2), { quantity: '0.1', duration: '1s', slices: 1, limitPrice: '101' }),
        ...ticks(3),
        delta(at(4), [], [['101', '0.3']]), // 0.1 of 1 was taken: a third of a lot, which is a lot
        delta(at(5), [['99', '0.0001']], []),
        ...ticks(6),
      ]);
  });
  it('come with the rules of a run that begins in the middle of a batch, too', () => {
    expectSameBothWays([
      ...begun(),
      traded(at(2), { side: 'buy', price: '101', quantity: '0.1' }),
      run({}, { at: at(3), settings: { rules: { [BTC]: { tickSize: '0.125', minQuantity: '0.025' } } } }),
      traded(at(4), { side: 'buy', price: '101.5', quantity: '0.1' }),
      delta(at(5), [], [['101', '0.3']]),
    ]);
  });
  it('bind an order without a limit to a price of its own walk all the same, one tick at the least', () => {
    expectSameBothWays([
      ...begun({ takeSlack: 1000 }),
      submitted(at(2), { side: 'sell', quantity: '0.2', duration: '1s', slices: 1 }),
      ...ticks(3),
      delta(at(5), [['99.0000001', '0.0000001']], []),
    ]);
  });
});
