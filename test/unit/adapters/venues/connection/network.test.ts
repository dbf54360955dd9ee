import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { WebSocketServer, type WebSocket } from 'ws';
import { systemClock } from '../../../../../adapters/clock/system-clock.js';
import { restFetch } from '../../../../../adapters/venues/connection/rest-fetch.js';
import { reasonOf } from '../../../../../adapters/venues/connection/requests.js';
import { wsSockets } from '../../../../../adapters/venues/connection/ws-sockets.js';
import { refusalOf } from '../../../../support/log-events.js';

const clock = systemClock();

describe('the network of a live feed', () => {
  let server: Server;
  let answer: RequestListener;
  beforeEach(async () => {
    server = createServer((request, response) => answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = (scheme: string): string => `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;

  describe('by sockets', () => {
    /** Opens one, and tells what is heard over it in words; `next` waits for the next of them. */
    async function open(): Promise<{
      client: WebSocket;
      socket: Awaited<ReturnType<ReturnType<typeof wsSockets>['open']>>;
      next: () => Promise<string>;
    }> {
      const sockets = new WebSocketServer({ server });
      const connected = once(sockets, 'connection') as Promise<[WebSocket]>;
      const heard: string[] = [];
      let wake = (): void => undefined;
      const hear = (what: string): void => {
        heard.push(what);
        wake();
      };
      const before = clock.now();
      const socket = await wsSockets(clock).open(`${address('ws')}/stream`, {
        message: (text, at) => hear(at >= before && at <= clock.now() ? text : `at ${at}: ${text}`),
        alive: () => hear('alive'),
        closed: (reason) => hear(`closed: ${reason}`),
      });
      const next = async (): Promise<string> => {
        while (heard.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        return heard.shift()!;
      };
      return { client: (await connected)[0], socket, next };
    }

    it('sends and hears text, also as bytes and gzipped, and pings', async () => {
      const { client, socket, next } = await open();
      const received = once(client, 'message') as Promise<[Buffer]>;
      socket.send('{"a":1}');
      expect((await received)[0].toString()).to.equal('{"a":1}');
      client.send('{"é":1}');
      expect(await next()).to.equal('{"é":1}');
      client.send(Buffer.from('{"é":2}'));
      expect(await next()).to.equal('{"é":2}');
      client.send(gzipSync('{"é":3}'));
      expect(await next()).to.equal('{"é":3}');
      client.send(Buffer.from([0x1f, 0x8b, 1, 2, 3]));
      expect(await next()).to.match(/^a binary message that cannot be unpacked/);
      client.ping();
      expect(await next()).to.equal('alive');
      socket.close();
      expect(await next()).to.equal('closed: code 1005');
    });

    it('hears why one was closed', async () => {
      const { client, next } = await open();
      client.close(1008, 'too many requests');
      expect(await next()).to.equal('closed: code 1008, too many requests');
    });

    it('hears that one is just gone', async () => {
      const { client, next } = await open();
      client.terminate();
      expect(await next()).to.equal('closed: code 1006');
    });

    it('opens none where the venue does not take it', async () => {
      answer = (_, response) => response.writeHead(503).end();
      server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 429 Too Many Requests\r\n\r\n'));
      const told: string[] = [];
      const refused = wsSockets(clock).open(address('ws'), {
        message: () => told.push('message'),
        alive: () => told.push('alive'),
        closed: () => told.push('closed'),
      });
      expect(reasonOf(await refusalOf(refused))).to.match(/429/);
      expect(told).to.deep.equal([]);
    });
  });

  describe('by requests', () => {
    it('asks with a method and a body, and tells what was answered', async () => {
      answer = (request, response) => {
        request.setEncoding('utf8');
        request.on('data', (body: string) => {
          response.writeHead(429, { 'retry-after': '3' });
          response.end(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
        });
      };
      const { receivedAt, nanos, ...reply } = await restFetch(clock, new AbortController().signal).request(
        `${address('http')}/info?a=1`,
        {
          method: 'POST',
          body: '{}',
        },
      );
      expect(reply).to.deep.equal({ status: 429, retryAfter: 3, text: 'POST /info?a=1 application/json {}' });
      expect(receivedAt).to.be.at.most(clock.now());
      expect(nanos).to.be.within(0, 999);
    });

    it('waits for no answer once it is stopped', async () => {
      const stopping = new AbortController();
      answer = () => stopping.abort();
      const stopped = await refusalOf(restFetch(clock, stopping.signal).request(address('http'), { method: 'GET' }));
      expect(stopped).to.have.property('name', 'AbortError');
    });

    it('says what kept it from an answer', async () => {
      answer = (request) => request.socket.destroy();
      const failed = await refusalOf(
        restFetch(clock, new AbortController().signal).request(address('http'), { method: 'GET' }),
      );
      expect(reasonOf(failed)).to.match(/other side closed|ECONNRESET/);
    });
  });
});
