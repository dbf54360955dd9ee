import { expect } from 'chai';
import {
  at,
  begun,
  delta,
  fold,
  INVERSE,
  of,
  opened,
  submitted,
  ticks,
  types,
  type Happening,
} from '../support/market.js';

const buy = (quantity: string, parameters = {}, orderId = 'o1'): Happening =>
  submitted(at(2), { quantity, duration: '10s', slices: 1, ...parameters }, orderId);
const skips = (inputs: readonly Happening[]): unknown[][] =>
  of(fold(inputs).outcomes, 'SliceSkipped').map(({ orderId, reason, detail }) => [orderId, reason, detail]);

describe('an account with balances', () => {
  const rich = [...begun(), opened(at(1), 'default', { USD: '101.101', BTC: '0.5' })];

  it('pays for what it takes, at the worst price that its take may reach, fee included', () => {
    expect(skips([...rich, buy('1'), ...ticks(3)])).to.deep.equal([]);
    expect(skips([...rich, buy('1.1'), ...ticks(3)])).to.deep.equal([
      ['o1', 'insufficient_balance', 'needs 111.76165 USD, has 101.101'],
    ]);
    // a limit binds the money up to the limit
    expect(skips([...rich, buy('1', { limitPrice: '101.5' }), ...ticks(3)])).to.deep.equal([
      ['o1', 'insufficient_balance', 'needs 101.6015 USD, has 101.101'],
    ]);
  });
  it('does not sell what it has not', () => {
    expect(skips([...rich, buy('0.5', { side: 'sell' }), ...ticks(3)])).to.deep.equal([]);
    expect(skips([...rich, buy('0.6', { side: 'sell' }), ...ticks(3)])).to.deep.equal([
      ['o1', 'insufficient_balance', 'needs 0.6 BTC, has 0.5'],
    ]);
  });
  it('does not spend twice what a take in flight may need', () => {
    expect(skips([...rich, buy('0.5'), buy('0.6', {}, 'o2'), ...ticks(3)])).to.deep.equal([
      ['o2', 'insufficient_balance', 'needs 60.6606 USD, has 50.5505'],
    ]);
    expect(
      skips([...rich, buy('0.3', { side: 'sell' }), buy('0.3', { side: 'sell' }, 'o2'), ...ticks(3)]),
    ).to.deep.equal([['o2', 'insufficient_balance', 'needs 0.3 BTC, has 0.2']]);
  });
  it('has the money back that a take did not need, as soon as it is answered', () => {
    const story = [
      ...begun({ latency: 1_000_000 }),
      opened(at(1), 'default', { USD: '102' }),
      buy('1', { limitPrice: '101' }), // arrives at 3, finds half, and is reported at 4
      delta(at(2.5), [], [['101', '0.5']]),
      submitted(at(3.5), { quantity: '0.5', duration: '10s', slices: 1, limitPrice: '101' }, 'o2'),
      ...ticks(6),
    ];
    expect(skips(story)).to.deep.equal([]);
  });
  it('catches up when money comes in', () => {
    const { outcomes } = fold([
      ...rich,
      buy('2', { duration: '20s', slices: 2, limitPrice: '102' }),
      { type: 'FundsDeposited', version: 1, at: at(5), data: { account: 'default', currency: 'USD', amount: '1000' } },
      ...ticks(13),
    ]);
    expect(types(outcomes)).to.include('SliceSkipped').and.include('OrderCompleted');
    expect(of(outcomes, 'OrderCompleted')[0]).to.include({ reason: 'filled' });
  });
  it('trades contracts on margin, without a limit', () => {
    const story = [...begun({}, { definition: INVERSE }), opened(at(1), 'default', { USD: '1' })];
    expect(skips([...story, buy('5', { instrument: INVERSE.instrument }), ...ticks(3)])).to.deep.equal([]);
  });
});

describe('an account that opens itself', () => {
  it('has no limits where the run names no balances', () => {
    const { engine } = fold([...begun(), buy('5'), ...ticks(3)]);
    expect(engine.desks.get('default')!.ledger.content()).to.deep.equal({
      cash: { BTC: '5', USD: '-508.508' },
      positions: {},
      limited: false,
    });
  });
  it("begins with the run's balances where it names some", () => {
    const story = [...begun({}, { settings: { balances: { USD: '50' } } }), buy('0.5'), ...ticks(3)];
    expect(skips(story)).to.deep.equal([['o1', 'insufficient_balance', 'needs 50.5505 USD, has 50']]);
  });
});

describe('an inverse contract', () => {
  it('fills in contracts, is worth contracts x multiplier / price, and pays its fee in the coin', () => {
    const { outcomes, engine } = fold([
      ...begun({}, { definition: INVERSE }),
      buy('3', { instrument: INVERSE.instrument, side: 'sell' }),
      ...ticks(3),
    ]);
    expect(of(outcomes, 'ChildFilled')).to.deep.equal([
      {
        orderId: 'o1',
        childId: 'o1/1',
        liquidity: 'taker',
        rule: 'walk',
        quantity: '3',
        price: '100',
        displayed: '5',
        mid: '100.5',
        fee: '0.003', // 3 x 100 / 100 x 0.001
        feeCurrency: 'BTC',
      },
    ]);
    expect(engine.desks.get('default')!.ledger.content()).to.deep.equal({
      cash: { BTC: '-0.003' },
      positions: { [INVERSE.instrument]: { quantity: '-3', cost: '-3' } },
      limited: false,
    });
  });
});
