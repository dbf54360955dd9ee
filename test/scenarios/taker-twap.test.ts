import { expect } from 'chai';
import type { LevelText } from '../../core/market/events.js';
import { defined, delta, fold, of, run, snapshot, submitted, T0, ticked, types } from '../support/market.js';

const s = (seconds: number): number => T0 + seconds * 1_000_000;
const bids: LevelText[] = [
  ['100', '5'],
  ['99.5', '5'],
];
const asks: LevelText[] = [
  ['101', '1'],
  ['101.5', '2'],
  ['102', '10'],
];

describe('a TWAP that takes each slice when it is due', () => {
  it('takes equal slices and ends filled', () => {
    const { outcomes } = fold([
      run(),
      defined(),
      snapshot(s(1), bids, asks),
      submitted(s(2), { quantity: '0.6', duration: '30s', slices: 3 }),
      ...[5, 10, 15, 20, 25, 30, 35].map((t) => ticked(s(t))),
    ]);
    expect(types(outcomes)).to.deep.equal([
      'TrustRegained',
      'OrderAccepted',
      'OrderStarted',
      ...Array.from({ length: 3 }, () => ['SliceReleased', 'ChildPlaced', 'ChildFilled', 'ChildReported']).flat(),
      'OrderCompleted',
    ]);
    expect(outcomes.filter(({ type }) => type === 'ChildFilled').map(({ at }) => at)).to.deep.equal([
      s(2) + 10_000,
      s(12) + 10_000,
      s(22) + 10_000,
    ]);
    expect(of(outcomes, 'ChildFilled').map((fill) => [fill['quantity'], fill['price'], fill['fee']])).to.deep.equal([
      ['0.2', '101', '0.0202'],
      ['0.2', '101', '0.0202'],
      ['0.2', '101', '0.0202'],
    ]);
    expect(outcomes.at(-1)?.data).to.deep.equal({ orderId: 'o1', reason: 'filled' });
  });

  it('walks the book of its arrival and leaves what it took taken', () => {
    const { outcomes } = fold([
      run({ latency: 50_000 }),
      defined(),
      snapshot(s(1), bids, asks),
      submitted(s(2), { quantity: '4', duration: '10s', slices: 2 }),
      delta(s(2) + 20_000, [], [['101', '0.5']]),
      ...[5, 8, 12].map((t) => ticked(s(t))),
    ]);
    expect(of(outcomes, 'ChildFilled').map((fill) => [fill['quantity'], fill['price']])).to.deep.equal([
      ['0.5', '101'],
      ['1.5', '101.5'],
      ['0.5', '101.5'],
      ['1.5', '102'],
    ]);
  });
});
