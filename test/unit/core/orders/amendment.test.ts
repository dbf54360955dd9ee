import { expect } from 'chai';
import type { Changes } from '../../../../core/orders/amendment.js';
import { amended } from '../../../../core/orders/amendment.js';
import type { TwapParameters } from '../../../../core/orders/parameters.js';
import {
  amendedWith,
  at,
  begun,
  commanded,
  defined,
  fold,
  of,
  refusalIn,
  SPOT,
  submitted,
  ticks,
  types,
  type Happening,
} from '../../../support/market.js';

const FOUR = { quantity: '0.8', duration: '40s', slices: 4 };
const present: TwapParameters = { instrument: 'BTC-USD@test', account: 'default', side: 'buy', ...FOUR };

/** An order in a state, amended at second 20. */
const inState: Record<'new' | 'running' | 'paused' | 'stopped', (parameters: Partial<TwapParameters>) => Happening[]> =
  {
    new: (parameters) => [submitted(at(2), { ...FOUR, startTime: 'manual', ...parameters })],
    running: (parameters) => [submitted(at(2), { ...FOUR, ...parameters })],
    paused: (parameters) => [submitted(at(2), { ...FOUR, ...parameters }), commanded(at(19), 'PauseOrder')],
    stopped: (parameters) => [submitted(at(2), { ...FOUR, ...parameters }), commanded(at(19), 'StopOrder')],
  };
const amend = (state: keyof typeof inState, changes: Changes, parameters: Partial<TwapParameters> = {}) =>
  fold([...begun(), ...inState[state](parameters), amendedWith(at(20), changes)]);

describe('what an amendment changes', () => {
  it('is what differs from the present parameters', () => {
    const { changed, parameters } = amended(present, { quantity: '1', slices: 4 });
    expect(changed).to.deep.equal(['quantity']);
    expect(parameters).to.deep.equal({ ...present, quantity: '1' });
  });
  it('is nothing where the value only is written differently', () => {
    const changes = { quantity: '0.80', duration: '40000ms' };
    expect(amended(present, changes)).to.deep.equal({ changed: [], parameters: present });
    const timed = { ...present, startTime: '2024-01-01T00:00:00Z' };
    expect(amended(timed, { startTime: '2024-01-01T01:00:00.000+01:00' }).changed).to.deep.equal([]);
  });
  it('takes a key out that is set to null, once', () => {
    expect(amended({ ...present, limitPrice: '100' }, { limitPrice: null })).to.deep.equal({
      changed: ['limitPrice'],
      parameters: present,
    });
    expect(amended(present, { limitPrice: null }).changed).to.deep.equal([]);
  });
  it('fixes the end in one way: naming the other one replaces it', () => {
    expect(amended(present, { endTime: '2024-01-01T00:01:00Z' }).parameters).to.not.have.property('duration');
    const { duration: _, ...rest } = present;
    expect(amended({ ...rest, endTime: '2024-01-01T00:01:00Z' }, { duration: '1m' }).parameters).to.deep.equal({
      ...rest,
      duration: '1m',
    });
  });
});

describe('amendments field by field', () => {
  for (const state of ['new', 'running', 'paused', 'stopped'] as const) {
    for (const changes of [
      { limitPrice: '200' },
      { maxSpreadTicks: 5 },
      { catchUp: 'none' },
      { quantity: '1.2' },
      { duration: '1m' },
      { endTime: '2024-01-01T00:02:00Z' },
      { slices: 8 },
      { slices: null, sliceInterval: '5s' },
      { slices: null, sliceQuantity: '0.1' },
    ] satisfies Changes[])
      it(`${Object.keys(changes).join(' and ')} may change while the order is ${state}`, () => {
        const { outcomes } = amend(state, changes);
        expect(types(outcomes)).to.include('OrderAmended');
        expect(types(outcomes)).to.not.include('CommandRefused');
      });
  }
  for (const state of ['running', 'paused', 'stopped'] as const) {
    for (const changes of [
      { side: 'sell' },
      { startTime: '+5m' },
      { account: 'other' },
      { instrument: 'ETH-USD@test' },
    ] satisfies Changes[]) {
      const key = Object.keys(changes)[0]!;
      it(`${key} may not change while the order is ${state}`, () => {
        const refusal = refusalIn(amend(state, changes).outcomes);
        expect(refusal).to.include({ code: 'not_amendable', where: `/${key}` });
        expect(refusal.what).to.include(`it is ${state}`);
      });
    }
  }
  it('says nothing when nothing changes', () => {
    const before = amend('running', { limitPrice: '200' }).outcomes.length;
    const { outcomes } = amend('running', { ...FOUR, side: 'buy', account: 'default' });
    expect(outcomes.length).to.equal(before - 1);
  });

  it('lets a new order change its side, and it trades on that side', () => {
    const { outcomes, engine } = fold([
      ...begun(),
      submitted(at(2), { ...FOUR, startTime: 'manual' }),
      amendedWith(at(3), { side: 'sell' }),
      commanded(at(4), 'StartOrder'),
      ...ticks(6),
    ]);
    expect(of(outcomes, 'ChildFilled').map((fill) => fill['price'])).to.deep.equal(['100']);
    expect(engine.desks.get('default')!.ledger.content().cash).to.include({ BTC: '-0.2' });
  });
  it('lets a new order change its instrument, with the increments of the new one', () => {
    const finer = { ...SPOT, instrument: 'ETH-USD@test', lotSize: '0.001', tickSize: '0.01' };
    const story = [...begun(), defined(finer), submitted(at(2), { ...FOUR, startTime: 'manual' })];
    const { outcomes, engine } = fold([
      ...story,
      amendedWith(at(3), { instrument: finer.instrument, quantity: '0.123' }),
    ]);
    expect(of(outcomes, 'OrderAmended')[0]).to.include({ quantity: '0.123' });
    expect(engine.desks.get('default')!.orders.get('o1')!.quantityLots).to.equal(123);
  });
  it('judges quantity and prices anew by the rules of another instrument', () => {
    const coarser = { ...SPOT, instrument: 'ETH-USD@test', lotSize: '1', minQuantity: '1' };
    const { outcomes } = fold([
      ...begun(),
      defined(coarser),
      submitted(at(2), { ...FOUR, startTime: 'manual' }),
      amendedWith(at(3), { instrument: coarser.instrument }),
    ]);
    expect(refusalIn(outcomes)).to.include({ code: 'quantity_not_lot_multiple', where: '/quantity' });
  });
  it('gives a new order to another account', () => {
    const { engine, outcomes } = fold([
      ...begun(),
      submitted(at(2), { ...FOUR, startTime: 'manual' }),
      amendedWith(at(3), { account: 'other' }),
      { ...commanded(at(4), 'StartOrder'), data: { orderId: 'o1', account: 'other' } } as Happening,
      ...ticks(6),
    ]);
    expect(types(outcomes)).to.include('ChildFilled');
    expect(engine.desks.get('other')!.ledger.content().cash['BTC']).to.equal('0.2');
    expect(engine.desks.get('default')!.orders.size).to.equal(0);
  });
  for (const key of ['instrument', 'account', 'side', 'quantity'] as const)
    it(`does not take ${key} away`, () => {
      expect(refusalIn(amend('new', { [key]: null }).outcomes)).to.include({
        code: `${key}_missing`,
        where: `/${key}`,
      });
    });
  it('moves the start of a new order', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { ...FOUR, startTime: '+60s' }),
      amendedWith(at(3), { startTime: '+5s' }),
      ...ticks(70),
    ]);
    expect(outcomes.filter(({ type }) => type === 'OrderStarted').map((started) => started.at)).to.deep.equal([at(8)]);
  });
  it('leaves the start of a new order where it was when something else changes', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { ...FOUR, startTime: '+10s' }),
      amendedWith(at(7), { limitPrice: '200' }),
      ...ticks(70),
    ]);
    expect(outcomes.filter(({ type }) => type === 'OrderStarted').map((started) => started.at)).to.deep.equal([at(12)]);
  });
});

describe('an amendment is judged by what it changes', () => {
  it('whole or not at all', () => {
    const { outcomes, engine } = amend('running', { limitPrice: '200', quantity: '0.85' });
    expect(refusalIn(outcomes)).to.include({ code: 'quantity_not_lot_multiple', where: '/quantity' });
    expect(engine.desks.get('default')!.orders.get('o1')!.limitTicks).to.equal(0);
  });
  it('below what is filled or in flight it is refused', () => {
    const refusal = refusalIn(amend('running', { quantity: '0.3' }).outcomes); // two slices of 0.2 are done
    expect(refusal).to.include({ code: 'quantity_below_executed', where: '/quantity' });
  });
  it('down to what is filled it completes the order', () => {
    const { outcomes } = amend('running', { quantity: '0.4' });
    expect(outcomes.at(-1)?.data).to.deep.equal({ orderId: 'o1', reason: 'filled' });
  });
  it('a window that has ended keeps a stopped order from nothing but another start', () => {
    const story = [
      ...begun(),
      submitted(at(2), { quantity: '0.8', endTime: '2024-01-01T00:00:30Z', slices: 4 }),
      commanded(at(10), 'StopOrder'),
      ...ticks(15, 20, 25, 30, 35),
    ];
    expect(types(fold([...story, amendedWith(at(40), { limitPrice: '200' })]).outcomes)).to.not.include(
      'CommandRefused',
    );
    expect(types(fold([...story, amendedWith(at(40), { quantity: '1.2' })]).outcomes)).to.not.include('CommandRefused');
    expect(refusalIn(fold([...story, amendedWith(at(40), { endTime: '2024-01-01T00:00:35Z' })]).outcomes)).to.include({
      code: 'window_over',
      where: '/endTime',
    });
  });
  it('rules that got stricter since do not count against what stays', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { ...FOUR, limitPrice: '200.5' }),
      defined({ ...SPOT, tickSize: '1', lotSize: '0.5', minQuantity: '5' }, at(3)),
      amendedWith(at(4), { maxSpreadTicks: 9 }),
    ]);
    expect(types(outcomes)).to.include('OrderAmended');
  });
  it('a duration that began anew with the last start is measured from there', () => {
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { quantity: '0.8', duration: '10s', slices: 4 }),
      commanded(at(3), 'StopOrder'),
      commanded(at(20), 'StartOrder'),
      amendedWith(at(21), { quantity: '1' }),
    ]);
    const [amendment] = of(outcomes, 'OrderAmended');
    expect((amendment?.['plan'] as { endAt: number }).endAt).to.equal(at(30));
  });
  it('an end that has gone by is refused with the instants', () => {
    const refusal = refusalIn(amend('running', { duration: '5s' }).outcomes);
    expect(refusal).to.include({ code: 'window_over', where: '/duration' });
    expect(refusal.what).to.include('2024-01-01T00:00:07Z').and.include('2024-01-01T00:00:20Z');
  });
  it('what is not executed yet is refused by name', () => {
    expect(refusalIn(amend('paused', { maxParticipation: '0.1' }).outcomes)).to.include({
      code: 'not_supported_yet',
      where: '/maxParticipation',
    });
  });
});
