import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import WebSocket from 'ws';
import { systemClock } from '../../../../../adapters/clock/system-clock.js';
import { MOST_UNREAD } from '../../../../../adapters/venues/loopback/client.js';
import { LoopbackVenue, type LoopbackOptions } from '../../../../../adapters/venues/loopback/loopback-venue.js';
import { serveLoopback, type LoopbackServer } from '../../../../../adapters/venues/loopback/server.js';
import { VENUES } from '../../../../../adapters/venues/venues.js';
import type { MarketEvent } from '../../../../../core/market/events.js';
import { recorded } from '../../../../support/loopback-stage.js';
import { recordingOf } from '../../../../support/loopback.js';

const { defined, snapshot, delta, trade } = recorded;

describe('a loopback venue on the network', () => {
  let server: LoopbackServer | undefined;
  const errors: unknown[] = [];
  const serve = async (
    events: readonly MarketEvent[],
    options: Partial<LoopbackOptions> = {},
  ): Promise<LoopbackServer> => {
    const recording = recordingOf(events);
    const venue = new LoopbackVenue({
      recording,
      venue: VENUES.get('binance')!,
      clock: systemClock(),
      speed: 0,
      atEnd: 'stay',
      ...options,
    });
    server = await serveLoopback(venue, { host: '127.0.0.1', port: 0, onError: (error) => errors.push(error) });
    return server;
  };
  afterEach(async () => {
    await server?.close();
    server = undefined;
    expect(errors).to.deep.equal([]);
  });

  const plain = [defined(), snapshot(0, 9), delta(10, 12), trade(20, 1), delta(30, 13)];
  const open = async (path = '/stream'): Promise<WebSocket> => {
    const socket = new WebSocket(server!.endpoints.socket + path);
    await once(socket, 'open');
    return socket;
  };
  const next = async (socket: WebSocket): Promise<unknown> => {
    const [data] = (await once(socket, 'message')) as [Buffer];
    return JSON.parse(data.toString()) as unknown;
  };
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(server!.endpoints.rest + path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const subscribe = JSON.stringify({ method: 'SUBSCRIBE', params: ['aaabtc@depth', 'aaabtc@trade'], id: 1 });

  it('is spoken to by a plain client, and steps on command', async () => {
    const { endpoints } = await serve(plain);
    const reply = await fetch(`${endpoints.rest}/api/v3/depth?symbol=AAABTC&limit=5`);
    expect(reply.headers.get('content-type')).to.equal('application/json');
    expect(await reply.json()).to.deep.equal({ lastUpdateId: 9, bids: [['10', '1']], asks: [['11', '2']] });
    const socket = await open();
    socket.send(subscribe);
    expect(await next(socket)).to.deep.equal({ result: null, id: 1 });
    const message = next(socket);
    const told = (await (await post('/_loopback/step', { messages: 2 })).json()) as object;
    expect(told).to.include({ venue: 'binance', state: 'playing', played: 3, bookMessages: 1, clients: 1 });
    expect(await message).to.have.nested.property('data.u', 12);
  });

  it('tells how far it is, takes faults, and says what it cannot do', async () => {
    const { endpoints } = await serve(plain);
    const status = (await (await fetch(`${endpoints.rest}/_loopback`)).json()) as object;
    expect(status).to.deep.include({ state: 'waiting', instruments: ['AAABTC'], clients: 0, requests: 0 });
    const socket = await open();
    const closed = once(socket, 'close');
    expect((await post('/_loopback/faults', [{ fault: 'drop', at: 3 }, { fault: 'disconnect' }])).status).to.equal(200);
    expect((await closed)[0]).to.equal(1006);
    for (const [path, body, code, sentence] of [
      ['/_loopback/faults', '{', 400, /no JSON/],
      ['/_loopback/faults', { fault: 'corrupt' }, 400, /binance cannot have "corrupt"/],
      ['/_loopback/step', { messages: 0 }, 400, /"messages"/],
      ['/_loopback/step', 'null', 400, /"messages"/],
      ['/_loopback/dance', {}, 404, /there are GET/],
    ] as const) {
      const reply = await post(path, body);
      expect([reply.status, ((await reply.json()) as { error: string }).error], path).to.satisfy(
        ([got, error]: [number, string]) => got === code && sentence.test(error),
      );
    }
  });

  it('steps only at speed 0', async () => {
    await serve(plain, { speed: 1 });
    expect((await post('/_loopback/step', { messages: 1 })).status).to.equal(400);
  });

  it('has no other paths, and reads no large body', async () => {
    const { endpoints } = await serve(plain);
    expect((await fetch(`${endpoints.rest}/api/v3/orders`)).status).to.equal(404);
    expect((await fetch(`${endpoints.rest}/`)).status).to.equal(404);
    expect((await post('/api/v3/depth', 'x'.repeat(70_000))).status).to.equal(413);
  });

  it('lives on whatever a client sends', async () => {
    await serve(plain);
    const socket = await open();
    for (const sent of [
      '{',
      'null',
      '[]',
      '"',
      '\u0000',
      '{"method":{"a":[]},"params":{}}',
      '{"method":"SUBSCRIBE"}',
    ]) {
      socket.send(sent);
      expect(await next(socket), sent).to.have.any.keys('error', 'result');
    }
    socket.send(Buffer.from([0xff, 0xfe, 0x00]));
    await next(socket);
    const large = await open();
    large.on('error', () => undefined);
    large.send('x'.repeat(70_000));
    expect((await once(large, 'close'))[0]).to.equal(1009);
    const raw = connect(Number(new URL(server!.endpoints.rest).port), '127.0.0.1');
    raw.on('error', () => undefined);
    raw.end('this is no HTTP\r\n\r\n');
    await once(raw, 'close');
    socket.send(subscribe);
    expect(await next(socket)).to.deep.equal({ result: null, id: 1 });
  });

  it('turns connections away, and says for how long', async () => {
    const { endpoints } = await serve(plain);
    const refused = async (): Promise<unknown[]> => {
      const socket = new WebSocket(endpoints.socket);
      socket.on('error', () => undefined);
      const [, response] = (await once(socket, 'unexpected-response')) as [
        unknown,
        { statusCode: number; headers: Record<string, string> },
      ];
      return [response.statusCode, response.headers['retry-after']];
    };
    await post('/_loopback/faults', { fault: 'refuse' });
    expect(await refused()).to.deep.equal([503, undefined]);
    await post('/_loopback/faults', { fault: 'rate-limit', for: '1h' });
    expect(await refused()).to.deep.equal([429, '3600']);
    const reply = await fetch(`${endpoints.rest}/api/v3/ping`);
    expect([reply.status, reply.headers.get('retry-after')]).to.deep.equal([429, '3600']);
    expect((await fetch(`${endpoints.rest}/_loopback`)).status).to.equal(200);
  });

  it('does not wait for a client that asked for a book and went', async () => {
    const { endpoints } = await serve([defined(), trade(0, 1), snapshot(10, 9), delta(20, 12)]);
    const socket = await open('/ws/aaabtc@depth/aaabtc@trade');
    const first = next(socket);
    await post('/_loopback/step', { messages: 1 });
    await first;
    const asked = request(`${endpoints.rest}/api/v3/depth?symbol=AAABTC`).on('error', () => undefined);
    asked.end();
    while (!(await (await fetch(`${endpoints.rest}/_loopback`)).text()).includes('"requests":1')); // it has arrived
    asked.destroy();
    const message = next(socket);
    await post('/_loopback/step', { messages: 2 });
    expect(await message).to.have.property('u', 12);
  });

  it('drops a client that does not read', async () => {
    const level = Array.from({ length: 20_000 }, (_, n): [string, string] => [`${n + 1}.12345678`, '123456.12345678']);
    await serve([defined(), snapshot(0, 9), delta(0, 10, level)]);
    const socket = await open('/stream');
    const streams = Math.ceil((2 * MOST_UNREAD) / JSON.stringify(level).length);
    const params = Array.from({ length: streams }, (_, n) => `aaabtc@depth@${n}ms`); // the same so many times over
    socket.send(JSON.stringify({ method: 'SUBSCRIBE', params, id: 1 }));
    await next(socket);
    socket.pause();
    const told = (await (await post('/_loopback/step', { messages: 2 })).json()) as { clients: number };
    expect(told.clients).to.equal(0);
    socket.on('error', () => undefined);
    socket.terminate();
  });
});
