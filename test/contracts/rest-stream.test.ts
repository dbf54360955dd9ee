import { expect } from 'chai';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import type { Frame } from '../../api/live/live-run.js';
import type { Timers } from '../../api/ws/heartbeat.js';
import { serve, type Served } from '../support/api-client.js';
import { FakeLiveRun } from '../support/fake-live-run.js';
import { BTC, delta, traded } from '../support/market.js';
import { TestClient } from '../support/stream-client.js';

const ORDER = { orderId: 'o1', instrument: BTC, side: 'buy', quantity: '0.6', duration: '30s', slices: 3 };
const KB = 1024;

describe('the stream', () => {
  let api: Served;
  const clients: TestClient[] = [];
  const client = async (): Promise<TestClient> => {
    const one = await TestClient.connect(api.port);
    clients.push(one);
    return one;
  };
  const trade = (price: string): void =>
    api.run.happen(traded(api.run.now + 1000, { side: 'buy', price, quantity: '1' }));
  const prices = (of: TestClient, channel = `trades:${BTC}`): string[] =>
    of.frames(channel).map(({ data }) => (data!['trades'] as { price: string }[])[0]!.price);

  beforeEach(async () => {
    api = await serve();
  });
  afterEach(async () => {
    for (const one of clients.splice(0)) one.socket.terminate();
    await api.stop();
  });

  describe('shows', () => {
    it('every change of every order', async () => {
      const one = await client();
      await one.follow('orders');
      await api.send('POST', '/v1/orders', ORDER);
      for (let i = 0; i < 4; i++) api.run.pass(10);
      await one.until(() => one.frames('orders').at(-1)?.type === 'OrderCompleted');
      expect(
        one
          .frames('orders')
          .slice(0, 3)
          .map(({ type }) => type),
      ).to.deep.equal(['OrderAccepted', 'OrderStarted', 'SliceReleased']);
      const last = one.frames('orders').at(-1)!;
      expect(last.data).to.include({ orderId: 'o1', state: 'completed', reason: 'filled' });
      expect(last.position).to.match(/^\d+\.\d+$/);
      expect(JSON.stringify(one.told)).to.not.match(/17040672\d{8}/, 'times carry Z');
    });

    it('the outcomes of one order, and of no other', async () => {
      await api.send('POST', '/v1/orders', { ...ORDER, startTime: 'manual' });
      await api.send('POST', '/v1/orders', { ...ORDER, orderId: 'o2', startTime: 'manual' });
      const one = await client();
      await one.follow('order:o1');
      await api.send('POST', '/v1/orders/o2/start');
      await api.send('DELETE', '/v1/orders/o1');
      await one.until(() => one.frames('order:o1').length > 1);
      expect(one.told.flatMap(({ type = [] }) => type)).to.deep.equal(['OrderCancelled', 'OrderMeasured']);
    });

    it('a book as it stands, then as it changes', async () => {
      const one = await client();
      await one.follow(`book:${BTC}`);
      await one.until(() => one.frames(`book:${BTC}`).length === 1);
      api.run.happen(delta(api.run.now + 1, [['100.5', '3']], []));
      await one.until(() => one.frames(`book:${BTC}`).length === 2);
      const [before, after] = one.frames(`book:${BTC}`).map(({ data }) => (data!['bids'] as string[][])[0]);
      expect([before, after]).to.deep.equal([
        ['100', '5'],
        ['100.5', '3'],
      ]);
      expect(one.frames(`book:${BTC}`)[0]!.data).to.include({ trust: 'trusted', bookAt: '2024-01-01T00:00:00Z' });
    });

    it('trades', async () => {
      const one = await client();
      await one.follow(`trades:${BTC}`);
      trade('101');
      trade('101.5');
      await one.until(() => prices(one).length === 2);
      expect(prices(one)).to.deep.equal(['101', '101.5']);
    });

    it('nothing more once it is told to stop', async () => {
      const one = await client();
      await one.follow(`trades:${BTC}`);
      await one.follow('orders');
      one.say({ unsubscribe: `trades:${BTC}` });
      await one.until(() => one.told.some(({ unsubscribed }) => unsubscribed === `trades:${BTC}`));
      trade('101');
      await api.send('POST', '/v1/orders', ORDER);
      await one.until(() => one.frames('orders').length > 0);
      expect(prices(one)).to.deep.equal([]);
    });
  });

  describe('turns away', () => {
    it('what it does not know, and goes on', async () => {
      const one = await client();
      for (const [message, code] of [
        ['hello', 'not_json'],
        [{ subscribe: 'order' }, 'unknown_channel'],
        [{ subscribe: 'books:x' }, 'unknown_channel'],
        [{ subscribe: 'order:o9' }, 'order_unknown'],
        [{ subscribe: 'book:ETH-USD@test' }, 'instrument_unknown'],
        [{ subscribe: 'trades:' }, 'instrument_unknown'],
        [{ subscribe: 'orders', from: '99.99' }, 'position_ahead'],
        [{ subscribe: 'orders', from: 7 }, 'malformed'],
        [{ unsubscribe: 'orders' }, 'not_subscribed'],
      ] as const) {
        one.say(message);
        const before = one.told.length;
        await one.until(() => one.told.length > before);
        expect(one.told.at(-1)?.error?.code).to.equal(code);
        expect(one.told.at(-1)?.error?.detail).to.match(/;/);
      }
      expect((await one.follow('orders')).subscribed).to.equal('orders');
    });

    it('bytes that are no text', async () => {
      const one = await client();
      one.socket.send(Buffer.from('{"subscribe":"orders"}'), { binary: true });
      await one.until(() => one.told.length > 0);
      expect(one.told[0]?.error?.code).to.equal('wrong_type');
    });

    it('a message beyond 64 KiB, with the connection', async () => {
      const one = await client();
      one.say('x'.repeat(70 * KB));
      await one.until(() => one.closed !== undefined);
      expect(one.closed?.code).to.equal(1009);
      expect(api.failures).to.deep.equal([]);
    });

    it('more subscriptions than a client may have', async () => {
      await api.stop();
      api = await serve(new FakeLiveRun(), { stream: { mostSubscriptions: 1 } });
      const one = await client();
      await one.follow('orders');
      expect((await one.follow(`book:${BTC}`)).error?.code).to.equal('too_many_subscriptions');
      expect((await one.follow('orders')).subscribed).to.equal('orders'); // again is no further one
      expect(api.run.watched.get(BTC) ?? 0).to.equal(0);
    });

    it('upgrades at any other path, from pages of other sites, and beyond the clients that it can serve', async () => {
      await api.stop();
      api = await serve(new FakeLiveRun(), { stream: { mostClients: 1 } });
      const upgrade = (path: string, more = ''): Promise<string> =>
        new Promise((resolve, reject) => {
          const socket = connect(api.port, '127.0.0.1', () =>
            socket.write(
              `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
                `Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${more}\r\n`,
            ),
          );
          let answer = '';
          socket.on('data', (chunk) => (answer += chunk.toString()));
          socket.on('close', () => resolve(answer));
          socket.on('error', reject);
        });
      expect(await upgrade('/v1/orders')).to.match(/^HTTP\/1\.1 404 [^]*problem\+json[^]*route_unknown/);
      expect(await upgrade('/v1/stream', 'Origin: http://evil.example\r\n')).to.match(/^HTTP\/1\.1 403 /);
      await client();
      expect(await upgrade('/v1/stream?a=b')).to.match(/^HTTP\/1\.1 503 [^]*Retry-After/);
      expect((await api.get('/health')).status).to.equal(200);
    });
  });

  describe('to a client that lost its line', () => {
    it('hands what came after its position, exclusive, and then goes on', async () => {
      const one = await client();
      await one.follow(`trades:${BTC}`);
      for (const price of ['101', '101.5', '102']) trade(price);
      await one.until(() => prices(one).length === 3);
      const { position } = one.frames(`trades:${BTC}`)[0]!;
      await one.leave();
      trade('102.5');
      const other = await client();
      await other.follow(`trades:${BTC}`, position);
      trade('103');
      await other.until(() => prices(other).length === 4);
      expect(prices(other)).to.deep.equal(['101.5', '102', '102.5', '103']);
    });

    it('leaves out nothing and says nothing twice while more happens', async () => {
      for (let i = 0; i < 50; i++) trade(String(200 + i));
      // after each frame that is handed over, something new happens: it is kept, and it is shown
      const { run } = api;
      const past = run.framesAfter.bind(run);
      let more = 0;
      run.framesAfter = async function* (channel: string, position: string): AsyncGenerator<Frame> {
        for await (const frame of past(channel, position)) {
          yield frame;
          if (more < 40) trade(String(300 + more++));
        }
        for (let i = 0; i < 5; i++) trade(String(400 + i)); // after the last look into the past
      };
      const one = await client();
      await one.follow(`trades:${BTC}`, '0.0');
      await one.until(() => prices(one).length >= 95);
      trade('500');
      await one.until(() => prices(one).at(-1) === '500');
      const expected = [
        ...Array.from({ length: 50 }, (_, i) => String(200 + i)),
        ...Array.from({ length: 40 }, (_, i) => String(300 + i)),
        ...Array.from({ length: 5 }, (_, i) => String(400 + i)),
        '500',
      ];
      expect(prices(one)).to.deep.equal(expected);
    });

    it('reads again what did not find room while it caught up', async () => {
      await api.stop();
      api = await serve(new FakeLiveRun(), { stream: { cap: 16 * KB } });
      const { run } = api;
      const past = run.framesAfter.bind(run);
      let passes = 0;
      run.framesAfter = async function* (channel: string, position: string): AsyncGenerator<Frame> {
        const kept = [];
        for await (const frame of past(channel, position)) kept.push(frame);
        if (passes++ < 3) for (let i = 0; i < 200; i++) trade(String(1000 * passes + i)); // far more than may wait
        yield* kept;
      };
      trade('100');
      const one = await client();
      await one.follow(`trades:${BTC}`, '0.0');
      await one.until(() => prices(one).length >= 601);
      expect(prices(one)).to.deep.equal([
        '100',
        ...[1000, 2000, 3000].flatMap((base) => Array.from({ length: 200 }, (_, i) => String(base + i))),
      ]);
      expect(passes).to.be.above(3);
      expect(one.told.filter(({ lost }) => lost !== undefined)).to.deep.equal([]);
    });

    it('says so when it cannot', async () => {
      api.run.framesAfter = () => {
        throw new Error('the log is away');
      };
      const one = await client();
      await one.follow('orders', '0.0');
      await one.until(() => one.told.some(({ error }) => error !== undefined));
      expect(one.told.at(-1)?.error).to.include({ code: 'internal_error', channel: 'orders' });
      expect(api.failures).to.have.length(1);
    });
  });

  describe('of a client that does not read', () => {
    const big = 'x'.repeat(32 * KB);
    /** Shows frames until the client's outbox and the network's own buffers are full. */
    const flood = (frames: number, channel: string, from = 0): void => {
      for (let i = from; i < from + frames; i++) api.run.show(channel, 'Big', { i, big }, `${1000 + i}.${1000 + i}`);
    };
    const numbers = (of: TestClient, channel: string): number[] =>
      of.frames(channel).map(({ data }) => data!['i'] as number);

    it('is told what it lost, and can ask again from there', async () => {
      const slow = await client();
      const fast = await client();
      await slow.follow('orders');
      await fast.follow('orders');
      slow.socket.pause();
      for (let i = 0; i < 1000; i++) {
        flood(1, 'orders', i);
        await fast.until(() => fast.frames('orders').length === i + 1); // who reads misses nothing
      }
      slow.socket.resume();
      await slow.until(() => slow.told.some(({ lost }) => lost !== undefined));
      const { lost } = slow.told.find((told) => told.lost !== undefined)!;
      const got = numbers(slow, 'orders');
      expect(got.length).to.be.within(1, 999);
      expect(got).to.deep.equal(Array.from({ length: got.length }, (_, i) => i));
      expect(lost).to.deep.equal({ channel: 'orders', after: slow.frames('orders').at(-1)!.position });
      const clock = { at: 0, wallAt: 0, speed: 1 };
      api.run.health = () => ({ status: 'ok', clock, engine: { seq: 9999, n: 9999, lagMs: 0 }, feeds: [] });
      await slow.follow('orders', lost!.after);
      await slow.until(() => numbers(slow, 'orders').length >= 1000);
      expect(numbers(slow, 'orders')).to.deep.equal(Array.from({ length: 1000 }, (_, i) => i));
    });

    it('shows the newest book, and no older one that waited', async () => {
      const slow = await client();
      await slow.follow(`book:${BTC}`);
      await slow.until(() => slow.frames(`book:${BTC}`).length === 1);
      slow.socket.pause();
      flood(2000, `book:${BTC}`);
      slow.socket.resume();
      await slow.until(() => slow.frames(`book:${BTC}`).at(-1)?.data?.['i'] === 1999);
      expect(slow.frames(`book:${BTC}`).length).to.be.below(1000);
      expect(slow.told.filter(({ lost }) => lost !== undefined)).to.deep.equal([]);
    });

    it('is sent away when it never catches up, and told from where to ask', async () => {
      await api.stop();
      api = await serve(new FakeLiveRun(), { stream: { cap: 256 * KB, patience: 50 } });
      const slow = await client();
      await slow.follow('orders');
      slow.socket.pause();
      flood(2000, 'orders');
      expect(api.run.subject.observed).to.equal(false);
      slow.socket.resume();
      await slow.until(() => slow.closed !== undefined);
      expect(slow.closed?.code).to.equal(1013);
      expect(slow.closed?.reason).to.equal(
        `too slow: subscribe orders again from ${slow.frames('orders').at(-1)!.position}`,
      );
    });

    it('that asks and asks all the same is sent away', async () => {
      await api.stop();
      api = await serve(new FakeLiveRun(), { stream: { cap: 64 * KB } });
      const slow = await client();
      await slow.follow('orders');
      slow.socket.pause();
      for (let i = 0; i < 60_000; i++) slow.say({ subscribe: 'z'.repeat(60) });
      while (api.run.subject.observed) await api.get('/health');
      slow.socket.resume();
      await slow.until(() => slow.closed !== undefined);
      expect(slow.closed?.code).to.be.oneOf([1013, 1006]);
    });

    it('costs no more memory than its cap', async () => {
      const slow = await client();
      await slow.follow('orders');
      slow.socket.pause();
      flood(500, 'orders');
      const before = process.memoryUsage();
      flood(500, 'orders', 500);
      const after = process.memoryUsage();
      expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).to.be.below(4 * KB * KB);
    });
  });

  describe('keeps nothing', () => {
    it('of clients that came and went', async () => {
      for (let round = 0; round < 5; round++) {
        const some = await Promise.all(Array.from({ length: 10 }, client));
        await Promise.all(some.map((one) => one.follow('orders')));
        await Promise.all(some.map((one) => one.follow(`book:${BTC}`)));
        await Promise.all(some.map((one) => one.follow(`trades:${BTC}`, '0.0')));
        expect(api.run.subject.observed).to.equal(true);
        expect(api.run.watched.get(BTC)).to.equal(10);
        for (const [i, one] of some.entries())
          if (i % 2 === 0) await one.leave();
          else one.socket.terminate();
        await gone(api);
        expect(api.run.subject.observed).to.equal(false);
        expect(api.run.watched.get(BTC)).to.equal(0);
      }
    });

    it('of subscriptions that came and went', async () => {
      const one = await client();
      for (let i = 0; i < 100; i++) {
        await one.follow(`book:${BTC}`);
        await one.follow('orders');
        one.say({ unsubscribe: `book:${BTC}` });
        one.say({ unsubscribe: 'orders' });
      }
      await one.until(() => one.told.filter(({ unsubscribed }) => unsubscribed === 'orders').length === 100);
      expect([api.run.subject.observed, api.run.watched.get(BTC)]).to.deep.equal([false, 0]);
    });
  });

  describe('asks whether its clients are there', () => {
    it('every 15 s, and cuts off who missed two answers', async () => {
      const ticks: { tick: () => void; ms: number }[] = [];
      const timers: Timers = {
        setInterval: (tick, ms) => ticks.push({ tick, ms }),
        clearInterval: () => ticks.splice(0),
      };
      await api.stop();
      api = await serve(new FakeLiveRun(), { stream: { timers } });
      const lively = await client();
      const deaf = await TestClient.connect(api.port, { autoPong: false });
      clients.push(deaf);
      expect(ticks.map(({ ms }) => ms)).to.deep.equal([15_000]);
      for (let beat = 0; beat < 4; beat++) {
        const asked = new Promise((resolve) => lively.socket.once('ping', resolve));
        ticks[0]!.tick();
        await asked;
        lively.say({ unsubscribe: 'nothing' }); // its answer comes after the pong
        await lively.until(() => lively.told.length === beat + 1);
      }
      await deaf.until(() => deaf.closed !== undefined);
      expect([deaf.closed?.code, lively.closed]).to.deep.equal([1006, undefined]);
      await api.stop();
      expect(ticks).to.deep.equal([]);
      api = await serve();
    });
  });

  it('takes leave of its clients when the server stops', async () => {
    const one = await client();
    await one.follow('orders');
    await api.stop();
    await one.until(() => one.closed !== undefined);
    expect(one.closed).to.deep.equal({ code: 1001, reason: 'the server stops' });
    expect(api.run.subject.observed).to.equal(false);
    api = await serve();
  });

  it('takes leave of its clients when the run ends', async () => {
    const one = await client();
    await one.follow('orders');
    api.run.subject.complete();
    await one.until(() => one.closed !== undefined);
    expect(one.closed?.code).to.equal(1001);
  });

  it('is not disturbed by a frame that cannot be written', async () => {
    const [one, other] = [await client(), await client()];
    await one.follow('orders');
    await other.follow(`trades:${BTC}`);
    api.run.subject.next({ channel: 'orders', position: '1.1', type: 'Odd', data: 1n as never });
    trade('101');
    await other.until(() => prices(other).length === 1);
    expect(api.failures).to.have.length(1);
    expect(other.socket.readyState).to.equal(WebSocket.OPEN);
  });
});

/** Waits until the server has seen all its clients leave. */
async function gone(api: Served): Promise<void> {
  while (api.run.subject.observed) await api.get('/health');
}
