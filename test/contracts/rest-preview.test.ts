// answers are looked into freely here; the schemas of the OpenAPI document are held against them in their own suite
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-explicit-any */
import { expect } from 'chai';
import { serve, type Reply, type Served } from '../support/api-client.js';
import { FakeLiveRun } from '../support/fake-live-run.js';
import { BTC, interrupted, opened, SPOT, T0 } from '../support/market.js';

const ORDER = { instrument: BTC, side: 'buy', quantity: '0.6', duration: '30s', slices: 3 };
const TOWARD = { instrument: BTC, duration: '30s', slices: 3 };

describe('the preview of an order', () => {
  let api: Served;
  const look = (body: unknown): Promise<Reply> => api.send('POST', '/v1/orders/preview', body);
  const seen = async (body: unknown): Promise<Record<string, any>> => {
    const reply = await look(body);
    expect([reply.status, reply.type], reply.text).to.deep.equal([200, 'application/json']);
    return reply.body;
  };
  const refusals = async (body: unknown): Promise<unknown> => {
    const { acceptable, refusals: all, ...rest } = await seen(body);
    expect(acceptable).to.equal(all.length === 0);
    if (!acceptable) expect(rest).to.have.all.keys('order');
    return all.map(({ code, pointer }: { code: string; pointer: string }) => [code, pointer]);
  };
  const serving = async (definition = SPOT): Promise<void> => {
    await api.stop();
    api = await serve(new FakeLiveRun([definition]));
  };

  beforeEach(async () => {
    api = await serve();
  });
  afterEach(async () => {
    await api.stop();
  });

  it('lays it out as a submission would, slice by slice', async () => {
    const preview = await seen(ORDER);
    expect(preview).to.deep.equal({
      acceptable: true,
      refusals: [],
      order: { ...ORDER, account: 'default' },
      side: 'buy',
      quantity: '0.6',
      startsAt: '2024-01-01T00:00:00Z',
      window: { from: '2024-01-01T00:00:00Z', to: '2024-01-01T00:00:30Z' },
      sliceInterval: '10s',
      slices: [
        { slice: 1, quantity: '0.2', cumulative: '0.2', dueAt: '2024-01-01T00:00:00Z' },
        { slice: 2, quantity: '0.2', cumulative: '0.4', dueAt: '2024-01-01T00:00:10Z' },
        { slice: 3, quantity: '0.2', cumulative: '0.6', dueAt: '2024-01-01T00:00:20Z' },
      ],
      slicesTotal: 3,
      lines: [],
      crossings: null,
      notes: [],
    });
  });
  it('is what happens: the order that is submitted then has this window and these slices', async () => {
    const body = { ...ORDER, orderId: 'o1', quantity: '12', randomizeSize: '0.9', randomizeTime: '0.9' };
    const preview = await seen(body);
    await api.send('POST', '/v1/orders', body);
    for (let i = 0; i < 4; i++) api.run.pass(10);
    const order = (await api.get('/v1/orders/o1')).body;
    expect([order.window, order.quantity, order.side]).to.deep.equal([
      preview['window'],
      preview['quantity'],
      preview['side'],
    ]);
    const { slices } = (await api.get('/v1/orders/o1/slices')).body;
    expect(slices.map((slice: any) => [slice.slice, slice.dueAt, slice.quantity])).to.deep.equal(
      preview['slices'].map((slice: any) => [slice.slice, slice.dueAt, slice.quantity]),
    );
    expect(new Set(preview['slices'].map(({ quantity }: { quantity: string }) => quantity)).size).to.equal(3);
  });
  it('changes nothing, and opens no account', async () => {
    const before = [api.run.state, api.run.position];
    await seen({ ...ORDER, account: 'nobody' });
    await seen({ ...ORDER, quantity: '0' });
    expect([api.run.state, api.run.position]).to.deep.equal(before);
    expect(api.run.commands).to.equal(0);
    expect((await api.get('/v1/accounts/nobody')).status).to.equal(404);
    expect((await api.get('/v1/orders')).body.orders).to.deep.equal([]);
  });
  it('writes the parameters as they would be kept', async () => {
    const { order } = await seen(
      `{ "slices": 3.0, "quantity": 0.60, "side": "buy", "duration": "30s", "instrument": "${BTC}" }`,
    );
    expect(order).to.deep.equal({ ...ORDER, account: 'default' });
    expect(Object.keys(order)).to.deep.equal(['instrument', 'account', 'side', 'quantity', 'duration', 'slices']);
  });

  it('says everything that would refuse it, the first one first, as a submission does', async () => {
    const bad = {
      ...ORDER,
      quantity: '0.65',
      limitPrice: '100.3',
      aggressionCap: '5',
      slices: 0,
      maxParticipation: '2',
    };
    expect(await refusals(bad)).to.deep.equal([
      ['quantity_not_lot_multiple', '/quantity'],
      ['limit_price_not_tick_multiple', '/limitPrice'],
      ['max_participation_out_of_range', '/maxParticipation'],
      ['aggression_cap_above_floor', '/aggressionCap'],
      ['slices_invalid', '/slices'],
    ]);
    const { refusals: all } = await seen(bad);
    const submitted = (await api.send('POST', '/v1/orders', { ...bad, orderId: 'o1' })).body;
    const { code, pointer, detail } = submitted;
    expect(all[0]).to.deep.equal({ code, pointer, detail });
    expect(all[0].detail).to.include('0.1').and.include('; send 0.6 or 0.7');
  });
  it('says it of an instrument that is not traded', async () => {
    expect(await refusals({ ...ORDER, instrument: 'X@y', randomizeTime: '1' })).to.deep.equal([
      ['instrument_unknown', '/instrument'],
      ['randomize_time_out_of_range', '/randomizeTime'],
    ]);
  });
  it('says that its id is taken, by whomever', async () => {
    await api.send('POST', '/v1/orders', { ...ORDER, orderId: 'o1' });
    for (const account of ['default', 'other'])
      expect(await refusals({ ...ORDER, orderId: 'o1', account })).to.deep.equal([['order_exists', '/orderId']]);
  });
  it('says that it is worth too little', async () => {
    await serving({ ...SPOT, minNotional: '100' });
    expect(await refusals(ORDER)).to.deep.equal([['notional_below_minimum', '/quantity']]);
  });
  it('says that nobody hears of trades', async () => {
    await serving({ ...SPOT, noTrades: true });
    expect(await refusals({ ...ORDER, maxParticipation: '0.5' })).to.deep.equal([
      ['no_trade_feed', '/maxParticipation'],
    ]);
  });
  it('is turned away at the door for what is no order', async () => {
    for (const [body, code] of [
      ['[]', 'wrong_type'],
      ['{', 'not_json'],
      [{ ...ORDER, guaranteed: 'yes' }, 'wrong_type'],
      [{ ...ORDER, quote: 'cross' }, 'unknown_word'],
      [{ ...ORDER, afterWindow: 'go' }, 'unknown_word'],
      [{ ...ORDER, aggresionFloor: '1' }, 'unknown_key'],
    ] as const) {
      const reply = await look(body);
      expect([reply.status, reply.body.code, reply.type]).to.deep.equal([400, code, 'application/problem+json']);
    }
    expect((await api.send('POST', '/v1/orders/preview', 'x', { 'content-type': 'text/plain' })).status).to.equal(415);
    expect((await api.get('/v1/orders/preview')).status).to.equal(404); // no order has that name
  });

  it('shows the lines at the slices and at both ends, to eight places', async () => {
    const { lines, crossings } = await seen({
      ...ORDER,
      quantity: '50',
      duration: '25s',
      slices: 5,
      aggressionFloor: '20',
      aggressionCap: '10',
    });
    const at = (seconds: number): string => `2024-01-01T00:00:${String(seconds).padStart(2, '0')}Z`;
    expect(lines).to.deep.equal([
      { at: at(0), schedule: '0', floor: '-10', cap: '-5' },
      { at: at(5), schedule: '10', floor: '0', cap: '5' },
      { at: at(10), schedule: '20', floor: '10', cap: '15' },
      { at: at(15), schedule: '30', floor: '20', cap: '25' },
      { at: at(20), schedule: '40', floor: '30', cap: '35' },
      { at: at(25), schedule: '50', floor: '40', cap: '45' },
    ]);
    // at 5 s the floor is 0: it takes once it is above
    expect(crossings).to.deep.equal({ floor: '2024-01-01T00:00:05.000001Z', cap: '2024-01-01T00:00:02.500001Z' });
  });
  it('shows how a guaranteed order comes to its whole quantity', async () => {
    const { lines, crossings } = await seen({
      ...ORDER,
      quantity: '50',
      duration: '25s',
      slices: 3,
      aggressionFloor: '50',
      aggressionCap: '25',
      guaranteed: true,
    });
    expect(lines[0]).to.include({ floor: '-25', cap: '-12.5' });
    expect(lines[1]).to.include({ schedule: '16.666666', floor: '-0.000001', cap: '8.3333325' });
    expect(lines.at(-1)).to.include({ schedule: '50', floor: '50', cap: '50' });
    expect(crossings).to.deep.equal({ floor: '2024-01-01T00:00:08.333334Z', cap: '2024-01-01T00:00:05.000001Z' });
  });
  it('shows that an order with floor 100 would never take', async () => {
    const { crossings } = await seen({ ...ORDER, aggressionFloor: '100', aggressionCap: '100' });
    expect(crossings).to.deep.equal({ floor: null, cap: null });
  });

  it('shows what is left after small slices have joined others, and says so', async () => {
    await serving({ ...SPOT, minQuantity: '0.3' });
    const { slices, slicesTotal, notes } = await seen({ ...ORDER, quantity: '0.8', slices: 4 });
    expect(slices.map(({ slice, quantity }: any) => [slice, quantity])).to.deep.equal([
      [2, '0.4'],
      [4, '0.4'],
    ]);
    expect(slicesTotal).to.equal(2);
    expect(notes).to.deep.equal(['2 of 4 slices join others, because one is at least 0.3']);
  });
  it('lists a thousand slices and counts the rest', async () => {
    const { slices, slicesTotal } = await seen({ ...ORDER, quantity: '500', slices: 5000 });
    expect([slices.length, slicesTotal]).to.deep.equal([1000, 5000]);
  });
  it('says what it cannot know: a start on command, a book that is not usable, a share of a volume', async () => {
    api.run.happen(interrupted(T0 + 1));
    const { startsAt, window, notes } = await seen({
      ...ORDER,
      startTime: 'manual',
      maxParticipation: '0.25',
      randomizeSize: '0.5',
    });
    expect(startsAt).to.equal(null);
    expect(window.from).to.equal('2024-01-01T00:00:00.000001Z');
    const said = ['on command', 'book_untrusted', 'orderId', '2.4 must be traded'];
    expect(notes).to.have.length(said.length);
    said.forEach((piece, i) => expect(notes[i]).to.include(piece));
  });
  it('begins when the order would', async () => {
    const { startsAt, window } = await seen({ ...ORDER, startTime: '+5m' });
    expect([startsAt, window.to]).to.deep.equal(['2024-01-01T00:05:00Z', '2024-01-01T00:05:30Z']);
  });

  describe('toward a position', () => {
    beforeEach(() => {
      api.run.happen(opened(T0, 'default', { BTC: '1.07', USD: '1000' }));
    });
    it('shows what would have to be traded from the one that is held', async () => {
      const preview = await seen({ ...TOWARD, targetPosition: '0' });
      expect(preview).to.include({ acceptable: true, side: 'sell', quantity: '1', slicesTotal: 3 });
      expect(preview['notes'][0]).to.include('1.07');
      expect(await seen({ ...TOWARD, targetPosition: '3' })).to.include({ side: 'buy', quantity: '1.9' });
      expect(await seen({ ...TOWARD, account: 'new', targetPosition: '3' })).to.include({ quantity: '3' });
    });
    it('says that nothing is missing', async () => {
      const preview = await seen({ ...TOWARD, targetPosition: '1' });
      expect(preview).to.deep.include({ side: null, quantity: '0', window: null, slices: [], slicesTotal: 0 });
      expect(preview['notes'].at(-1)).to.include('completes at once');
    });
    it('says that it could not start', async () => {
      const { acceptable, quantity, notes } = await seen({
        ...TOWARD,
        slices: undefined,
        sliceQuantity: '0.1',
        targetPosition: '20000',
      });
      expect([acceptable, quantity]).to.deep.equal([true, null]);
      expect(notes.at(-1)).to.include('would not start now').and.include('100000 slices');
    });
  });
});
