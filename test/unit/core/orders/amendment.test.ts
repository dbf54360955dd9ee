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
      { aggressionFloor: '20', aggressionCap: '10' },
      { aggressionFloor: '100' },
      { guaranteed: true },
      { maxDisplayQuantity: '0.2' },
      { maxParticipation: '0.1' },
      { quote: 'inside' },
      { requoteInterval: '2s' },
      { randomizeSize: '0.5' },
      { randomizeTime: '0.5' },
      { afterWindow: 'quote' },
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
  for (const state of ['new', 'running', 'paused', 'stopped'] as const) {
    for (const [changes, code, key] of [
      [{ limitPrice: '100.25' }, 'limit_price_not_tick_multiple', 'limitPrice'],
      [{ maxSpreadTicks: 0 }, 'max_spread_invalid', 'maxSpreadTicks'],
      [{ aggressionFloor: '101' }, 'aggression_floor_out_of_range', 'aggressionFloor'],
      [{ aggressionFloor: '5', aggressionCap: '6' }, 'aggression_cap_above_floor', 'aggressionCap'],
      [{ aggressionCap: '6' }, 'aggression_cap_above_floor', 'aggressionCap'],
      [{ aggressionFloor: '5', catchUp: 'none' }, 'catch_up_none_needs_taker', 'catchUp'],
      [{ guaranteed: true, catchUp: 'none' }, 'catch_up_none_needs_taker', 'catchUp'],
      [{ maxDisplayQuantity: '0.25' }, 'max_display_quantity_not_lot_multiple', 'maxDisplayQuantity'],
      [{ maxParticipation: '2' }, 'max_participation_out_of_range', 'maxParticipation'],
      [{ requoteInterval: '1us' }, 'requote_interval_too_short', 'requoteInterval'],
      [{ randomizeSize: '1' }, 'randomize_size_out_of_range', 'randomizeSize'],
      [{ randomizeTime: '-1' }, 'randomize_time_out_of_range', 'randomizeTime'],
      [{ slices: 0 }, 'slices_invalid', 'slices'],
      [{ slices: null, sliceInterval: '0s' }, 'slice_interval_not_positive', 'sliceInterval'],
      [{ sliceQuantity: '0.1' }, 'overdetermined', 'slices'],
      [{ duration: null }, 'window_missing', 'duration'],
      [{ endTime: '2024-01-01T00:00:20Z' }, 'window_over', 'endTime'],
      [{ quantity: null }, 'quantity_missing', 'quantity'],
    ] satisfies [Changes, string, string][])
      it(`${JSON.stringify(changes)} is refused while the order is ${state}, and nothing of it is done`, () => {
        const { outcomes, engine } = amend(state, { maxSpreadTicks: 7, ...changes });
        expect(refusalIn(outcomes)).to.include({ code, where: `/${key}` });
        expect(types(outcomes)).to.not.include('OrderAmended');
        expect(engine.desks.get('default')!.orders.get('o1')!.parameters).to.not.have.property('maxSpreadTicks');
      });
  }
  it('a rule of one key does not speak against another one', () => {
    // no trades any more, and a stricter minimum: neither touches what is amended
    const { outcomes } = fold([
      ...begun(),
      submitted(at(2), { ...FOUR, maxParticipation: '0.5', maxDisplayQuantity: '0.1', requoteInterval: '1ms' }),
      defined({ ...SPOT, noTrades: true, minQuantity: '0.5' }, at(3)),
      amendedWith(at(4), { maxParticipation: '0.5', limitPrice: '200' }),
    ]);
    expect(types(outcomes)).to.include('OrderAmended');
  });
  it('a floor and a cap are one pair, whichever of them changes', () => {
    const lines = { aggressionFloor: '20', aggressionCap: '10' };
    expect(refusalIn(amend('running', { aggressionFloor: '5' }, lines).outcomes)).to.include({
      code: 'aggression_cap_above_floor',
      where: '/aggressionCap',
    });
    expect(types(amend('running', { aggressionFloor: '5', aggressionCap: null }, lines).outcomes)).to.include(
      'OrderAmended',
    );
  });
  it('randomising draws the rest anew over what is left of the window', () => {
    const [amendment] = of(amend('running', { randomizeTime: '0.9' }).outcomes, 'OrderAmended');
    const { firstSlice, shifts, endAt } = amendment!['plan'] as {
      firstSlice: number;
      shifts: number[];
      endAt: number;
    };
    expect(firstSlice).to.equal(3);
    expect(shifts).to.have.length(2);
    expect(endAt).to.equal(at(42));
  });
});

describe('an order toward a position', () => {
  /** Held before: 1 BTC. Toward 3 it buys 2, toward -1 it sells 2. */
  const toward = (targetPosition: string, ...later: Happening[]) =>
    fold([
      ...begun(),
      submitted(at(1), { quantity: '1', duration: '500ms', slices: 1 }, 'before'),
      submitted(at(2), { side: undefined, targetPosition, duration: '40s', slices: 4, startTime: 'manual' } as object),
      ...later,
    ]);
  const started = commanded(at(3), 'StartOrder');

  it('is exchanged for a quantity, and back, while it is new', () => {
    const { outcomes } = toward(
      '3',
      amendedWith(at(3), { quantity: '0.4', side: 'sell' }),
      amendedWith(at(4), { targetPosition: '0' }),
      amendedWith(at(5), { quantity: '1' }),
    );
    const [quantity, position] = of(outcomes, 'OrderAmended');
    expect(quantity).to.include({ quantity: '0.4' });
    expect(quantity!['parameters']).to.not.have.property('targetPosition');
    expect(position).to.include({ quantity: '0' });
    expect(position!['parameters']).to.not.have.any.keys('quantity', 'side');
    expect(refusalIn(outcomes)).to.include({ code: 'side_missing', where: '/side' });
  });
  for (const [what, changes, key] of [
    ['a quantity', { quantity: '1', side: 'buy' }, 'side'],
    ['a quantity without a side', { quantity: '1' }, 'quantity'],
    ['nothing', { targetPosition: null }, 'targetPosition'],
  ] as const)
    it(`is not exchanged for ${what} once it runs`, () => {
      const { outcomes } = toward('3', started, amendedWith(at(4), changes));
      expect(refusalIn(outcomes)).to.include({ code: 'not_amendable', where: `/${key}` });
    });
  it('is not made of a quantity once that runs', () => {
    expect(refusalIn(amend('running', { targetPosition: '1' }).outcomes)).to.include({
      code: 'not_amendable',
      where: '/targetPosition',
    });
  });
  for (const [from, to, quantity] of [
    ['3', '4', '3'],
    ['3', '2', '1'],
    ['-1', '-2', '3'],
    ['-1', '0', '1'],
  ] as const)
    it(`moved from ${from} to ${to} it trades ${quantity} in all, from where it began`, () => {
      const { outcomes, engine } = toward(from, started, amendedWith(at(4), { targetPosition: to }), ...ticks(50));
      expect(of(outcomes, 'OrderAmended')[0]).to.include({ quantity });
      expect(engine.desks.get('default')!.ledger.content().cash['BTC']).to.equal(to === '0' ? '0' : to);
    });
  it('moves on from where it moved to', () => {
    const { engine } = toward(
      '3',
      started,
      amendedWith(at(4), { targetPosition: '4' }),
      amendedWith(at(5), { targetPosition: '2.5' }),
      ...ticks(50),
    );
    expect(engine.desks.get('default')!.ledger.content().cash['BTC']).to.equal('2.5');
  });
  it('does not change its side', () => {
    const { outcomes } = toward('3', started, amendedWith(at(4), { targetPosition: '0.9' }));
    const refusal = refusalIn(outcomes);
    expect(refusal).to.include({ code: 'side_would_change', where: '/targetPosition' });
    expect(refusal.what).to.include('buys');
  });
  it('is not moved behind what is executed', () => {
    const { outcomes } = toward('3', started, amendedWith(at(14), { targetPosition: '1.9' })); // two of four are done
    expect(refusalIn(outcomes)).to.include({ code: 'quantity_below_executed', where: '/targetPosition' });
  });
  it('moved to what is executed it is filled', () => {
    const { outcomes } = toward('3', started, ...ticks(14), amendedWith(at(15), { targetPosition: '2' }));
    expect(outcomes.at(-1)).to.deep.include({ type: 'OrderCompleted', data: { orderId: 'o1', reason: 'filled' } });
  });
  it('keeps its side and quantity when something else changes', () => {
    const { outcomes, engine } = toward('-1', started, amendedWith(at(4), { limitPrice: '90' }), ...ticks(50));
    expect(of(outcomes, 'OrderAmended')[0]).to.include({ quantity: '2' });
    expect(engine.desks.get('default')!.ledger.content().cash['BTC']).to.equal('-1');
  });
});
