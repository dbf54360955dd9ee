import { expect } from 'chai';
import { Projections } from '../../core/orders/projections.js';
import { projectionJson } from '../../core/orders/projection.js';
import type { LogEvent } from '../../core/ports.js';
import {
  at,
  ASKS,
  begun,
  BIDS,
  commanded,
  defined,
  fold,
  INVERSE,
  of,
  opened,
  refusalIn,
  run,
  snapshot,
  SPOT,
  submitted,
  ticks,
  times,
  types,
  type Happening,
} from '../support/market.js';

const toward = (targetPosition: string, more: object = {}, orderId = 'o1'): Happening =>
  submitted(at(2), { side: undefined, targetPosition, duration: '40s', slices: 4, ...more } as object, orderId);
const held = (BTC: string): Happening => opened(at(1), 'default', { BTC, USD: '100000' });
const shown = (outcomes: readonly LogEvent[]): Record<string, unknown> => {
  const projections = new Projections();
  for (const outcome of outcomes) projections.apply(outcome);
  return projectionJson(projections.orders.get('o1')!, { definition: undefined });
};

describe('an order toward a position', () => {
  it('buys what is missing, and knows it when it starts', () => {
    const story = [...begun(), held('1'), toward('3', { startTime: '+5s' })];
    expect(shown(fold(story).outcomes)).to.include({ side: null, quantity: '0', leaves: '0', state: 'new' });
    const { outcomes, engine } = fold([...story, ...ticks(60)]);
    expect(of(outcomes, 'OrderAccepted')[0]).to.include({ quantity: '0' });
    expect(of(outcomes, 'OrderStarted')[0]!['target']).to.deep.equal({ side: 'buy', quantity: '2' });
    expect(shown(outcomes)).to.include({ side: 'buy', quantity: '2', filled: '2', state: 'completed' });
    expect(engine.desks.get('default')!.ledger.content().cash['BTC']).to.equal('3');
  });
  it('sells what is too much, at the other side of the book', () => {
    const { outcomes, engine } = fold([...begun(), held('1'), toward('0'), ...ticks(60)]);
    expect(of(outcomes, 'OrderStarted')[0]!['target']).to.deep.equal({ side: 'sell', quantity: '1' });
    expect(of(outcomes, 'ChildFilled').every((fill) => fill['price'] === '100')).to.equal(true);
    expect(engine.desks.get('default')!.ledger.content().cash['BTC']).to.equal('0');
    expect(shown(outcomes)).to.include({ side: 'sell', quantity: '1' });
  });
  it('rounds the difference toward zero, to whole lots', () => {
    for (const [position, target] of [
      ['1.07', { side: 'buy', quantity: '1.9' }],
      ['4.07', { side: 'sell', quantity: '1' }],
    ] as const)
      expect(of(fold([...begun(), held(position), toward('3')]).outcomes, 'OrderStarted')[0]!['target']).to.deep.equal(
        target,
      );
  });
  it('is filled at once where nothing is missing', () => {
    for (const position of ['3', '3.09', '2.91']) {
      const { outcomes } = fold([...begun(), held(position), toward('3')]);
      expect(types(outcomes).slice(1)).to.deep.equal(['OrderAccepted', 'OrderCompleted']);
      expect(shown(outcomes)).to.include({ state: 'completed', reason: 'filled', quantity: '0', startedAt: null });
    }
  });
  it('counts contracts of a derivative, whatever currency the account holds', () => {
    const { outcomes, engine } = fold([
      run(),
      defined(INVERSE),
      snapshot(
        at(1),
        BIDS.map(([price]) => [price, '50']),
        ASKS.map(([price]) => [price, '50']),
        INVERSE.instrument,
      ),
      opened(at(1), 'default', { BTC: '100' }),
      submitted(at(1), { instrument: INVERSE.instrument, quantity: '4', duration: '500ms', slices: 1 }, 'before'),
      toward('-3', { instrument: INVERSE.instrument }),
      ...ticks(60),
    ]);
    expect(of(outcomes, 'OrderStarted')[1]!['target']).to.deep.equal({ side: 'sell', quantity: '7' });
    expect(engine.desks.get('default')!.ledger.content().positions[INVERSE.instrument]!.quantity).to.equal('-3');
  });
  it('stays what it was at its start, whatever else is filled', () => {
    const { outcomes, engine } = fold([
      ...begun(),
      held('1'),
      toward('3'),
      submitted(at(3), { quantity: '1', duration: '10s', slices: 1 }, 'other'),
      commanded(at(20), 'StopOrder'),
      commanded(at(25), 'StartOrder'),
      ...ticks(80),
    ]);
    expect(of(outcomes, 'OrderStarted').filter((started) => started['target'] !== undefined)).to.have.length(1);
    expect(engine.desks.get('default')!.ledger.content().cash['BTC']).to.equal('4');
    expect(shown(outcomes)).to.include({ side: 'buy', quantity: '2', filled: '2' });
  });
  it('does not start where its slices could not be counted, and says so', () => {
    const { outcomes } = fold([
      ...begun(),
      held('20000'),
      toward('0', { slices: undefined, sliceQuantity: '0.1', startTime: 'manual' }),
      commanded(at(3), 'StartOrder'),
    ]);
    expect(refusalIn(outcomes)).to.include({ code: 'too_many_slices', where: '/sliceQuantity' });
    expect(shown(outcomes)).to.include({ state: 'new' });
  });
  it('does not start from a position that is out of all proportion', () => {
    const { outcomes } = fold([...begun(), held('1e30'), toward('0')]);
    expect(refusalIn(outcomes)).to.include({ code: 'target_position_too_far', where: '/targetPosition' });
    expect(times(outcomes, 'CommandRefused')).to.deep.equal([2]);
    expect(shown(outcomes)).to.include({ state: 'new' });
  });
  it('has slices that are legal on the side that it turns out to have', () => {
    // a minimum of 60 is 1.2 at the bid and 0.6 at the ask
    const { outcomes } = fold([
      run(),
      defined({ ...SPOT, minNotional: '60' }),
      snapshot(at(1), [['50', '9']], [['101', '9']]),
      held('2'),
      toward('0', { slices: 2 }),
    ]);
    const { slices } = of(outcomes, 'OrderStarted')[0]!['plan'] as { slices: unknown };
    expect(slices).to.deep.equal([
      ['0', 1],
      ['2', 1],
    ]);
  });
});
