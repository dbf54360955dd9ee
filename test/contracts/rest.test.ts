// answers are looked into freely here; the schemas of the OpenAPI document are held against them in their own suite
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return */
import { expect } from 'chai';
import { connect } from 'node:net';
import { request as httpRequest } from 'node:http';
import { CannotServe } from '../../api/live/live-run.js';
import { BTC, delta, INVERSE, SPOT, T0, traded } from '../support/market.js';
import { FakeLiveRun } from '../support/fake-live-run.js';
import { serve, type Reply, type Served } from '../support/api-client.js';

const ORDER = { orderId: 'o1', instrument: BTC, side: 'buy', quantity: '0.6', duration: '30s', slices: 3 };
const problem = (reply: Reply, status: number, code: string): void => {
  expect([reply.status, reply.body?.code, reply.type]).to.deep.equal([status, code, 'application/problem+json']);
  expect(reply.body).to.include({ status, type: `urn:reprise:problem:${code}` });
  expect(reply.body.title).to.be.a('string');
  expect(reply.body.detail).to.match(/[;]/, 'says how to mend it');
};

describe('the native REST API', () => {
  let api: Served;
  const post = (body: unknown, headers?: Record<string, string>): Promise<Reply> =>
    api.send('POST', '/v1/orders', body, headers);
  const tell = (what: string, orderId = 'o1', headers?: Record<string, string>): Promise<Reply> =>
    api.send('POST', `/v1/orders/${orderId}/${what}`, undefined, headers);

  beforeEach(async () => {
    api = await serve();
  });
  afterEach(async () => {
    await api.stop();
  });

  describe('submitting', () => {
    it('answers 201 with the order and where it is', async () => {
      const reply = await post(ORDER);
      expect(reply.status).to.equal(201);
      expect(reply.headers.get('location')).to.equal('/v1/orders/o1');
      expect(reply.body).to.include({ orderId: 'o1', state: 'running', quantity: '0.6', filled: '0', leaves: '0.6' });
      expect((await api.get('/v1/orders/o1')).body).to.deep.equal(reply.body);
    });

    it('names an order whose caller did not', async () => {
      const reply = await post({ ...ORDER, orderId: undefined });
      expect(reply.status).to.equal(201);
      expect(reply.body.orderId).to.match(/^[0-9a-f-]{36}$/);
      expect((await api.get(reply.headers.get('location')!)).status).to.equal(200);
    });

    it('answers the same order again with 200, also in another notation and after an amendment', async () => {
      await post(ORDER);
      expect((await post(ORDER)).status).to.equal(200);
      const other = '{ "side": "buy", "account": "default", "duration": "30s", "slices": 3.0, "quantity": 0.60, ';
      expect((await post(`${other}"instrument": "${BTC}", "orderId": "o1" }`)).status).to.equal(200);
      await api.send('PATCH', '/v1/orders/o1', { quantity: '0.9' });
      const reply = await post(ORDER);
      expect([reply.status, reply.body.quantity]).to.deep.equal([200, '0.9']);
      expect(api.run.commands).to.equal(2);
    });

    it('answers 409 when the id is taken by another order', async () => {
      await post(ORDER);
      problem(await post({ ...ORDER, quantity: '0.7' }), 409, 'order_exists');
      problem(await post({ ...ORDER, account: 'other' }), 409, 'order_exists');
      expect(api.run.commands).to.equal(1);
    });

    it('logs one of several that come at the same time', async () => {
      let open = (): void => undefined;
      api.run.gate = new Promise((resolve) => {
        open = resolve;
      });
      const replies = Promise.all([post(ORDER), post(ORDER), post({ ...ORDER, quantity: '0.7' }), post(ORDER)]);
      await api.get('/health'); // all are at the door by now
      open();
      const statuses = (await replies).map(({ status }) => status).sort();
      expect(api.run.commands).to.equal(1);
      // whichever was first stands, and only what equals it is the same
      expect([
        [200, 200, 201, 409],
        [201, 409, 409, 409],
      ]).to.deep.include(statuses);
    });

    for (const [members, status, code, pointer] of [
      [{ quantity: '0' }, 422, 'quantity_not_positive', '/quantity'],
      [{ quantity: -1 }, 422, 'quantity_not_positive', '/quantity'],
      [{ quantity: '0.65' }, 422, 'quantity_not_lot_multiple', '/quantity'],
      [{ quantity: '9'.repeat(60) }, 422, 'quantity_too_large', '/quantity'],
      [{ quantity: '9000000000000000' }, 422, 'quantity_too_large', '/quantity'],
      [{ quantity: '0.1000000000000000055511151231257827' }, 422, 'quantity_too_precise', '/quantity'],
      [{ limitPrice: '100.3' }, 422, 'limit_price_not_tick_multiple', '/limitPrice'],
      [{ startTime: '2020-01-01T00:00:00Z' }, 422, 'start_time_past', '/startTime'],
      [{ duration: undefined, slices: undefined, endTime: '2020-01-01T00:00:00Z' }, 422, 'window_over', '/endTime'],
      [{ duration: undefined }, 422, 'window_missing', '/duration'],
      [{ side: undefined }, 422, 'side_missing', '/side'],
      [{ instrument: 'ETH-USD@test' }, 422, 'instrument_unknown', '/instrument'],
      [{ aggressionCap: '5' }, 422, 'aggression_cap_above_floor', '/aggressionCap'],
      [{ slices: 0 }, 422, 'slices_invalid', '/slices'],
      [{ slices: -3 }, 422, 'slices_invalid', '/slices'],
      [{ quantiy: '1' }, 400, 'unknown_key', '/quantiy'],
      [{ quantity: true }, 400, 'wrong_type', '/quantity'],
      [{ slices: '3' }, 400, 'wrong_type', '/slices'],
      [{ side: 'long' }, 400, 'unknown_word', '/side'],
      [{ duration: 'soon' }, 400, 'malformed', '/duration'],
      [{ orderId: 'a/b' }, 400, 'malformed', '/orderId'],
      [{ instrument: undefined }, 400, 'missing_key', '/instrument'],
    ] as const)
      it(`answers ${status} to ${JSON.stringify(members).slice(0, 60)}`, async () => {
        const reply = await post({ ...ORDER, ...members });
        problem(reply, status, code);
        expect(reply.body.pointer).to.equal(pointer);
        expect(api.run.commands).to.equal(status === 422 ? 1 : 0);
      });

    it('refuses numbers that no decimal can hold', async () => {
      const text = JSON.stringify(ORDER).replace('"0.6"', '1e400');
      problem(await post(text), 400, 'number_out_of_range');
    });

    it('keeps a refused order, and refuses it again without logging it again', async () => {
      const refused = { ...ORDER, quantity: '0.65' };
      const reply = await post(refused);
      problem(reply, 422, 'quantity_not_lot_multiple');
      expect(reply.body).to.include({ orderId: 'o1', pointer: '/quantity' });
      expect((await api.get('/v1/orders/o1')).body).to.include({
        state: 'refused',
        reason: 'quantity_not_lot_multiple',
      });
      problem(await post(refused), 422, 'quantity_not_lot_multiple');
      problem(await post(ORDER), 409, 'order_exists');
      expect(api.run.commands).to.equal(1);
    });
  });

  describe('a body', () => {
    it('that is not JSON is answered with where', async () => {
      const reply = await post('{ "orderId": }');
      problem(reply, 400, 'not_json');
      expect(reply.body.detail).to.include('line 1, column 14');
    });
    it('that says a key twice is turned away', async () => {
      problem(await post(`{ "side": "buy", "side": "sell", "instrument": "${BTC}" }`), 400, 'duplicate_key');
    });
    it('that is empty is missing', async () => {
      problem(await post(''), 400, 'body_missing');
      problem(await post('[]'), 400, 'wrong_type');
    });
    it('that is no UTF-8 is turned away', async () => {
      const reply = await fetch(`http://127.0.0.1:${api.port}/v1/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new Uint8Array([0x7b, 0xff, 0x7d]),
      });
      expect([reply.status, ((await reply.json()) as { code: string }).code]).to.deep.equal([400, 'body_not_utf8']);
    });
    it('nested out of reason is turned away', async () => {
      problem(await post('['.repeat(200_000)), 400, 'too_deep');
    });

    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': '' },
      { 'content-type': 'application/json; charset=latin1' },
      { 'content-encoding': 'gzip' },
    ])
      it(`with ${JSON.stringify(headers)} is answered 415`, async () => {
        problem(await post(JSON.stringify(ORDER), headers), 415, 'not_json_type');
        expect(api.run.commands).to.equal(0);
      });
    it('may say that it is UTF-8', async () => {
      expect((await post(ORDER, { 'content-type': 'application/json; charset=UTF-8' })).status).to.equal(201);
    });

    it('of 10 MB is answered 413, and the connection lives on', async () => {
      problem(await post(`{ "orderId": "${'x'.repeat(10_000_000)}" }`), 413, 'body_too_large');
      expect((await post(ORDER)).status).to.equal(201);
    });

    it('of 10 MB without a stated length is answered 413 as well, and never kept whole', async () => {
      const before = process.memoryUsage().arrayBuffers;
      let most = 0;
      const reply = await new Promise<{ status: number; text: string }>((resolve, reject) => {
        const request = httpRequest(
          {
            port: api.port,
            host: '127.0.0.1',
            path: '/v1/orders',
            method: 'POST',
            headers: { 'content-type': 'application/json' },
          },
          (response) => {
            let text = '';
            response.on('data', (chunk: Buffer) => (text += chunk.toString()));
            response.on('end', () => resolve({ status: response.statusCode!, text }));
          },
        );
        request.on('error', reject);
        const chunk = Buffer.alloc(100_000, 'x');
        const write = (left: number): void => {
          most = Math.max(most, process.memoryUsage().arrayBuffers - before);
          if (left === 0) request.end();
          else request.write(chunk, () => write(left - 1));
        };
        write(100);
      });
      expect(reply.status).to.equal(413);
      expect(reply.text).to.include('body_too_large');
      expect(most).to.be.below(8_000_000);
    });

    it('too large is not even asked for when the client waits to be asked', async () => {
      const answer = await raw(
        api.port,
        'POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\nExpect: 100-continue\r\n\r\n',
      );
      expect(answer).to.match(/^HTTP\/1\.1 413 /);
    });

    it('that is cut off takes nothing down', async () => {
      const socket = connect(api.port, '127.0.0.1');
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.write(
        'POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"order',
      );
      await api.get('/health');
      socket.destroy();
      await new Promise((resolve) => socket.once('close', resolve));
      expect((await api.get('/health')).status).to.equal(200);
      expect([api.run.commands, api.failures]).to.deep.equal([0, []]);
    });
  });

  describe('commands', () => {
    it('take an order through its states, and answer with the state that holds the change', async () => {
      await post({ ...ORDER, startTime: 'manual' });
      for (const [what, state] of [
        ['start', 'running'],
        ['pause', 'paused'],
        ['resume', 'running'],
        ['stop', 'stopped'],
        ['start', 'running'],
      ] as const) {
        const reply = await tell(what);
        expect([reply.status, reply.body.state]).to.deep.equal([200, state]);
        expect((await api.get('/v1/orders/o1')).body.state).to.equal(state);
      }
      const reply = await api.send('DELETE', '/v1/orders/o1');
      expect([reply.status, reply.body.state]).to.deep.equal([200, 'cancelled']);
    });

    it('answer 409 in a state that they do not fit, and are not logged', async () => {
      await post(ORDER);
      problem(await tell('start'), 409, 'wrong_state');
      problem(await tell('resume'), 409, 'wrong_state');
      await api.send('DELETE', '/v1/orders/o1');
      for (const what of ['start', 'pause', 'resume', 'stop']) problem(await tell(what), 409, 'wrong_state');
      problem(await api.send('DELETE', '/v1/orders/o1'), 409, 'wrong_state');
      problem(await api.send('PATCH', '/v1/orders/o1', { quantity: '0.9' }), 409, 'wrong_state');
      expect(api.run.commands).to.equal(2);
    });

    it('answer 404 for an order that is not there', async () => {
      for (const what of ['start', 'pause', 'resume', 'stop']) problem(await tell(what, 'o7'), 404, 'order_unknown');
      problem(await api.send('DELETE', '/v1/orders/o7'), 404, 'order_unknown');
      problem(await api.send('PATCH', '/v1/orders/o7', { quantity: '1' }), 404, 'order_unknown');
      expect(api.run.commands).to.equal(0);
    });

    it('take no parameters', async () => {
      await post(ORDER);
      problem(await api.send('POST', '/v1/orders/o1/pause', { now: true }), 400, 'body_not_empty');
      problem(
        await api.send('POST', '/v1/orders/o1/pause', 'now', { 'content-type': 'text/plain' }),
        415,
        'not_json_type',
      );
      expect((await api.send('POST', '/v1/orders/o1/pause', {})).status).to.equal(200);
    });

    it('answer 422 when a rule refuses them', async () => {
      await post({ ...ORDER, startTime: 'manual', duration: undefined, endTime: '2024-01-01T00:01:00Z' });
      api.run.pass(120);
      problem(await tell('start'), 422, 'window_over');
    });
  });

  describe('amending', () => {
    beforeEach(async () => {
      await post({ ...ORDER, limitPrice: '105' });
    });

    it('changes what is named and takes out what is null', async () => {
      const reply = await api.send('PATCH', '/v1/orders/o1', { quantity: 0.9, limitPrice: null });
      expect([reply.status, reply.body.quantity, reply.body.parameters.limitPrice]).to.deep.equal([
        200,
        '0.9',
        undefined,
      ]);
    });
    it('may come as a merge patch', async () => {
      const headers = { 'content-type': 'application/merge-patch+json' };
      expect((await api.send('PATCH', '/v1/orders/o1', { limitPrice: '106' }, headers)).status).to.equal(200);
    });
    it('is refused whole where a rule is broken', async () => {
      problem(
        await api.send('PATCH', '/v1/orders/o1', { quantity: '0.9', limitPrice: '1.23' }),
        422,
        'limit_price_not_tick_multiple',
      );
      problem(await api.send('PATCH', '/v1/orders/o1', { side: 'sell' }), 422, 'not_amendable');
      expect((await api.get('/v1/orders/o1')).body).to.include({ quantity: '0.6', side: 'buy' });
    });
    it('is turned away when it is no amendment', async () => {
      for (const [body, code] of [
        [{}, 'nothing_to_change'],
        [{ orderId: 'o2' }, 'unknown_key'],
        [{ quantity: [] }, 'wrong_type'],
        ['', 'body_missing'],
      ] as const)
        problem(await api.send('PATCH', '/v1/orders/o1', body), 400, code);
      problem(await api.send('PATCH', '/v1/orders/o1', '{}', { 'content-type': 'text/plain' }), 415, 'not_json_type');
      expect(api.run.commands).to.equal(1);
    });
  });

  describe('an Idempotency-Key', () => {
    const key = (name: string): Record<string, string> => ({ 'idempotency-key': name });

    it('gets the same answer again, and nothing is done twice', async () => {
      await post(ORDER);
      const first = await tell('pause', 'o1', key('k1'));
      const again = await tell('pause', 'o1', key('k1'));
      expect([first.status, again.status, again.text]).to.deep.equal([200, 200, first.text]);
      expect(api.run.commands).to.equal(2);
      problem(await tell('pause', 'o1', key('k2')), 409, 'wrong_state');
    });
    it('makes a submission without an id safe to repeat', async () => {
      const anonymous = { ...ORDER, orderId: undefined };
      const [first, second] = await Promise.all([post(anonymous, key('k1')), post(anonymous, key('k1'))]);
      expect(first.body.orderId).to.equal(second.body.orderId);
      expect(api.run.commands).to.equal(1);
    });
    it('is for one request only', async () => {
      await post(ORDER);
      await api.send('PATCH', '/v1/orders/o1', { quantity: '0.9' }, key('k1'));
      problem(await api.send('PATCH', '/v1/orders/o1', { quantity: '1.2' }, key('k1')), 409, 'idempotency_key_reused');
      problem(await tell('pause', 'o1', key('k1')), 409, 'idempotency_key_reused');
      problem(await api.send('DELETE', '/v1/orders/o1', undefined, key('k1')), 409, 'idempotency_key_reused');
    });
    it('remembers refusals, and forgets what could not be served', async () => {
      await post(ORDER);
      problem(await tell('resume', 'o1', key('k1')), 409, 'wrong_state');
      await tell('pause');
      problem(await tell('resume', 'o1', key('k1')), 409, 'wrong_state');
      api.run.failure = new CannotServe('overloaded', 'too many inputs wait');
      problem(await tell('resume', 'o1', key('k2')), 503, 'overloaded');
      api.run.failure = undefined;
      expect((await tell('resume', 'o1', key('k2'))).status).to.equal(200);
    });
    it('is a key', async () => {
      await post(ORDER);
      problem(await tell('pause', 'o1', key('x'.repeat(200))), 400, 'idempotency_key_invalid');
    });
  });

  describe('pages of orders', () => {
    beforeEach(async () => {
      for (let i = 1; i <= 5; i++)
        await post({ ...ORDER, orderId: `p${i}`, ...(i % 2 === 0 ? { account: 'even', startTime: 'manual' } : {}) });
      await post({ ...ORDER, orderId: 'bad', quantity: '0' });
    });
    const ids = (reply: Reply): string[] => reply.body.orders.map(({ orderId }: { orderId: string }) => orderId);

    it('come newest first, and go on where the last one ended', async () => {
      const first = await api.get('/v1/orders?limit=4');
      expect(ids(first)).to.deep.equal(['bad', 'p5', 'p4', 'p3']);
      const second = await api.get(`/v1/orders?limit=4&after=${first.body.next}`);
      expect([ids(second), second.body.next]).to.deep.equal([['p2', 'p1'], null]);
    });
    it('are of the states, the account and the instrument that were asked for', async () => {
      expect(ids(await api.get('/v1/orders?state=new'))).to.deep.equal(['p4', 'p2']);
      expect(ids(await api.get('/v1/orders?state=refused,running'))).to.deep.equal(['bad', 'p5', 'p3', 'p1']);
      expect(ids(await api.get('/v1/orders?account=even&limit=1'))).to.deep.equal(['p4']);
      expect(ids(await api.get(`/v1/orders?instrument=${encodeURIComponent(BTC)}&limit=1000`))).to.have.length(6);
      expect(ids(await api.get('/v1/orders?instrument=ETH-USD@test'))).to.deep.equal([]);
    });
    for (const query of [
      'limit=0',
      'limit=1001',
      'limit=-1',
      'limit=1.5',
      'limit=ten',
      'limit=',
      'limit=1&limit=2',
      'state=',
      'state=runing',
      'state=new,,running',
      'after=yesterday',
      'instrument=BTC',
      'account=a b',
    ])
      it(`are not given for ?${query}`, async () => {
        const reply = await api.get(`/v1/orders?${query}`);
        problem(reply, 400, 'wrong_parameter');
        expect(reply.body.parameter).to.equal(query.split('=')[0]);
      });
    it('know no other parameters', async () => {
      const reply = await api.get('/v1/orders?sort=asc');
      problem(reply, 400, 'unknown_parameter');
      problem(await api.get('/v1/orders/p1?verbose=1'), 400, 'unknown_parameter');
      problem(await api.send('POST', '/v1/orders?dry=1', ORDER), 400, 'unknown_parameter');
      expect(reply.body.parameter).to.equal('sort');
    });
  });

  describe("an order's history", () => {
    beforeEach(async () => {
      await post({ ...ORDER, quantity: '0.6' });
      for (let i = 0; i < 4; i++) api.run.pass(10);
    });

    it('has its fills', async () => {
      const { body } = await api.get('/v1/orders/o1/fills');
      expect(body.fills).to.have.length(3);
      expect(body.fills[0]).to.deep.include({
        at: '2024-01-01T00:00:00.01Z',
        childId: 'o1/1',
        quantity: '0.2',
        price: '101',
        fee: '0.0202',
        feeCurrency: 'USD',
        liquidity: 'taker',
        rule: 'walk',
        mid: '100.5',
        spread: '0.1', // 0.2 x (101 - 100.5)
      });
    });
    it('has its costs, as of now while they may still change', async () => {
      const { body } = await api.get('/v1/orders/o1');
      expect(body.costs).to.include({ arrivalPrice: '100.5', spread: '0.3', fees: '0.0606', completion: '1' });
    });
    it('has its slices', async () => {
      const { body } = await api.get('/v1/orders/o1/slices');
      expect(
        body.slices.map((slice: Record<string, unknown>) => [slice['slice'], slice['dueAt'], slice['filled']]),
      ).to.deep.equal([
        [1, '2024-01-01T00:00:00Z', '0.2'],
        [2, '2024-01-01T00:00:10Z', '0.2'],
        [3, '2024-01-01T00:00:20Z', '0.2'],
      ]);
    });
    it('has its events, commands and outcomes, and no bare number for a time', async () => {
      const { body, text } = await api.get('/v1/orders/o1/events');
      expect(body.events.map(({ type }: { type: string }) => type).slice(0, 4)).to.deep.equal([
        'SubmitTwap',
        'OrderAccepted',
        'OrderStarted',
        'SliceReleased',
      ]);
      expect(text).to.not.match(/17040672\d{8}/);
    });
    it('is not there for an unknown order', async () => {
      for (const what of ['fills', 'slices', 'events', 'explain'])
        problem(await api.get(`/v1/orders/o9/${what}`), 404, 'order_unknown');
    });
    it('explains itself in sentences', async () => {
      const { status, body } = await api.get('/v1/orders/o1/explain');
      expect(status).to.equal(200);
      expect(body.orderId).to.equal('o1');
      expect(body.explanations.map(({ kind }: { kind: string }) => kind)).to.deep.equal([
        'accepted',
        'started',
        'slice_released',
        'took',
        'slice_released',
        'took',
        'slice_released',
        'took',
        'completed',
      ]);
      const { body: history } = await api.get('/v1/orders/o1/events');
      const [submit, accepted] = history.events as { seq?: number; n?: number }[];
      expect(body.explanations[0]).to.deep.equal({
        at: '2024-01-01T00:00:00Z',
        n: accepted!.n,
        cause: submit!.seq,
        kind: 'accepted',
        text: 'Accepted: buy 0.6 BTC of BTC-USD@test for account default; it starts at once.',
        outcomes: [accepted!.n],
      });
      expect(body.explanations[3]).to.deep.include({ rule: 'walk', at: '2024-01-01T00:00:00Z' });
    });
    it('shows of a quote what its fills met, and every child of a slice', async () => {
      await post({ ...ORDER, orderId: 'q1', aggressionFloor: '100', aggressionCap: '0', quote: 'join', slices: 2 });
      api.run.pass(1);
      for (const [price, quantity] of [
        ['100', '5.1'],
        ['99', '0.1'],
      ] as const) {
        api.run.happen(traded(api.run.now + 1000, { side: 'sell', price, quantity }));
        api.run.pass(1);
      }
      api.run.happen(delta(api.run.now + 1000, [['100.5', '2']], []));
      api.run.pass(3);
      const { body } = await api.get('/v1/orders/q1/fills');
      expect(body.fills[0]).to.deep.include({ quantity: '0.1', rule: 'queue', displayed: '5.1', ahead: '5' });
      expect(body.fills[0]).to.not.have.property('metPrice');
      expect(body.fills[1]).to.deep.include({ rule: 'trade_through', displayed: '0.1', metPrice: '99' });
      const { slices } = (await api.get('/v1/orders/q1/slices')).body;
      expect(slices).to.deep.equal([
        {
          slice: 1,
          dueAt: '2024-01-01T00:00:40Z',
          state: 'released',
          quantity: '0.3',
          reason: null,
          children: ['q1/1', 'q1/2'],
          filled: '0.2',
        },
      ]);
      expect((await api.get('/v1/orders/q1/events')).text).to.not.match(/17040672\d{8}/);
    });
    it('is whole, never as of then', async () => {
      for (const what of ['fills', 'slices', 'events', 'explain'])
        problem(await api.get(`/v1/orders/o1/${what}?asOf=17`), 400, 'unknown_parameter');
    });
  });

  describe('the market', () => {
    it('says what is traded', async () => {
      const { body } = await api.get('/v1/instruments');
      expect(body.instruments).to.deep.equal([{ ...SPOT, trust: 'trusted' }]);
    });
    it('shows a book with its trust and age', async () => {
      api.run.pass(1.5);
      const { status, body } = await api.get(`/v1/books/${encodeURIComponent(BTC)}?depth=1`);
      expect(status).to.equal(200);
      expect(body).to.deep.include({
        instrument: BTC,
        trust: 'trusted',
        reason: null,
        at: '2024-01-01T00:00:01.5Z',
        bookAt: '2024-01-01T00:00:00Z',
        ageMs: 1500,
        bids: [['100', '5']],
        asks: [['101', '1']],
      });
    });
    it('reads a symbol with a slash percent-encoded', async () => {
      await api.stop();
      api = await serve(new FakeLiveRun([{ ...SPOT, instrument: 'BTC/USD@test' }]));
      expect((await api.get(`/v1/books/${encodeURIComponent('BTC/USD@test')}`)).body.instrument).to.equal(
        'BTC/USD@test',
      );
      problem(await api.get('/v1/books/BTC/USD@test'), 404, 'route_unknown');
    });
    it('has no other books, and no depth beyond reason', async () => {
      problem(await api.get('/v1/books/ETH@test'), 404, 'instrument_unknown');
      problem(await api.get('/v1/books/%E0%A4%A'), 404, 'instrument_unknown');
      for (const depth of ['0', '1001', 'all', ''])
        problem(await api.get(`/v1/books/${BTC}?depth=${depth}`), 400, 'wrong_parameter');
    });
    it('tells an account what it has', async () => {
      problem(await api.get('/v1/accounts/default'), 404, 'account_unknown');
      await post(ORDER);
      api.run.pass(1);
      expect((await api.get('/v1/accounts/default')).body.balances).to.include({ BTC: '0.2' });
    });
    it('of inverse contracts is shown like any other', async () => {
      await api.stop();
      api = await serve(new FakeLiveRun([INVERSE]));
      api.run.happen(traded(api.run.now + 1, { side: 'buy', price: '101', quantity: '1' }, INVERSE.instrument));
      expect((await api.get('/v1/instruments')).body.instruments[0].kind).to.equal('inverse');
    });
  });

  describe('health', () => {
    it('is well', async () => {
      for (const path of ['/health', '/v1/health']) {
        const { status, body } = await api.get(path);
        expect(status).to.equal(200);
        expect(body).to.deep.include({ status: 'ok', engine: { seq: 3, n: 1, lagMs: 0 } });
        expect(body.feeds[0]).to.deep.equal({
          instrument: BTC,
          trust: 'trusted',
          reason: null,
          bookAt: '2024-01-01T00:00:00Z',
          leftOut: 0,
        });
      }
    });
    it('is 503 while it cannot serve', async () => {
      for (const status of ['starting', 'stopping', 'failed'] as const) {
        api.run.status = status;
        const reply = await api.get('/health');
        expect([reply.status, reply.body.status, reply.headers.get('retry-after')]).to.deep.equal([503, status, '1']);
      }
    });
  });

  describe('a session that is moved by hand', () => {
    it('goes on by messages, or to an instant, one step after the other', async () => {
      const asked: unknown[] = [];
      api.run.step = (step) => {
        asked.push(step);
        return Promise.resolve({ at: api.run.now, position: '7.2', isOver: asked.length === 2 });
      };
      const replies = await Promise.all([
        api.send('POST', '/v1/session/step?messages=5'),
        api.send('POST', '/v1/session/step?until=2024-01-01T00:01:00Z'),
      ]);
      expect(asked).to.deep.equal([{ messages: 5 }, { until: T0 + 60_000_000 }]);
      expect(replies.map(({ status, body }) => [status, body as unknown])).to.deep.equal([
        [200, { at: '2024-01-01T00:00:00Z', position: '7.2', over: false }],
        [200, { at: '2024-01-01T00:00:00Z', position: '7.2', over: true }],
      ]);
    });
    it('is refused a step that is none, and every other market any', async () => {
      expect((await api.send('POST', '/v1/session/step?messages=1')).body).to.include({
        status: 404,
        code: 'not_stepped',
      });
      api.run.step = () => Promise.reject(new Error('nobody asks'));
      for (const query of ['', '?messages=0', '?messages=1&until=2024-01-01T00:01:00Z', '?until=12', '?until=noon'])
        expect((await api.send('POST', `/v1/session/step${query}`)).body).to.include({ code: 'wrong_parameter' });
    });
  });

  describe('what cannot be served', () => {
    it('is answered 503 with when to try again', async () => {
      for (const code of ['starting', 'stopping', 'overloaded', 'log_failed'] as const) {
        api.run.failure = new CannotServe(code, 'the log is away');
        const reply = await post(ORDER);
        problem(reply, 503, code);
        expect(Number(reply.headers.get('retry-after'))).to.be.above(0);
      }
      expect((await api.get('/v1/orders/o1')).status).to.equal(404);
    });
    it('is answered 500 without telling what the server looks like inside', async () => {
      api.run.failure = new Error('secret path /var/x');
      const reply = await post(ORDER);
      problem(reply, 500, 'internal_error');
      expect(reply.text).to.not.match(/secret|\.js|stack/);
      expect(api.failures).to.deep.equal([api.run.failure]);
    });
  });

  describe('paths and methods', () => {
    it('that are not there are answered 404', async () => {
      for (const path of [
        '/',
        '/v1',
        '/v2/orders',
        '/v1/orders/o1/costs',
        '/V1/orders',
        '//',
        '/%00',
        '/v1/orders/a/b/c',
      ])
        problem(await api.get(path), 404, 'route_unknown');
    });
    it('that do not go together are answered 405 with what does', async () => {
      for (const [method, path, allow] of [
        ['PUT', '/v1/orders', 'GET, HEAD, POST'],
        ['DELETE', '/v1/orders', 'GET, HEAD, POST'],
        ['POST', '/v1/orders/o1', 'DELETE, GET, HEAD, PATCH'],
        ['GET', '/v1/orders/o1/start', 'POST'],
        ['POST', '/health', 'GET, HEAD'],
        ['PROPFIND', '/health', 'GET, HEAD'],
      ] as const) {
        const reply = await api.send(method, path);
        problem(reply, 405, 'method_not_allowed');
        expect(reply.headers.get('allow')!.split(', ').sort().join(', ')).to.equal(allow);
      }
    });
    it('answer HEAD like GET, without the body', async () => {
      const get = await api.get('/v1/instruments');
      const head = await api.send('HEAD', '/v1/instruments');
      expect([head.status, head.text, head.headers.get('content-length')]).to.deep.equal([
        200,
        '',
        String(Buffer.byteLength(get.text)),
      ]);
      expect((await api.send('HEAD', '/v1/orders/o9')).status).to.equal(404);
    });
    it('say what they take when asked with OPTIONS', async () => {
      expect((await api.send('OPTIONS', '/v1/orders')).headers.get('allow')).to.include('POST');
    });
    it('are not for pages of other sites', async () => {
      problem(await tell('stop', 'o1', { origin: 'http://evil.example' }), 403, 'foreign_origin');
      problem(await api.get('/v1/orders', { origin: 'null' }), 403, 'foreign_origin');
      expect((await api.get('/v1/orders', { origin: `http://127.0.0.1:${api.port}` })).status).to.equal(200);
    });
    it('of the stream want a WebSocket', async () => {
      const reply = await api.get('/v1/stream');
      problem(reply, 426, 'upgrade_required');
      expect(reply.headers.get('upgrade')).to.equal('websocket');
    });
    it('answer what is no HTTP with a problem, and go on', async () => {
      expect(await raw(api.port, 'HELLO\r\n\r\n')).to.match(/^HTTP\/1\.1 400 [^]*request_unreadable/);
      expect(await raw(api.port, `GET /health HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`)).to.match(
        /^HTTP\/1\.1 431 /,
      );
      expect((await api.get('/health')).status).to.equal(200);
    });
  });

  it('hears of a port that is taken', async () => {
    const other = await serve();
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
      other.server.once('error', resolve);
      other.server.once('close', () => {
        other.server.listen(api.port, '127.0.0.1');
      });
      void other.stop();
    });
    expect(error.code).to.equal('EADDRINUSE');
  });
});

/** Sends bytes and reads until the server closes. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
