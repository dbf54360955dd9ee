import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { binanceRules } from './fake-venue.js';
import { binance } from './mini-recording.js';

const BIDS = [['99.9', '1000']] as const;
const ASKS = [['100.1', '1000']] as const;

/** A spot market of Binance's on the loopback of the machine: one instrument, a book that changes ten times a second. */
export class ScriptedExchange {
  readonly #server: Server = createServer((request, response) => {
    const [status, body] = this.#isDown ? [503, ''] : (this.#answer(request.url ?? '') ?? [404, '']);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #subscribed = new Set<WebSocket>();
  /** What clients sent, in their order. */
  readonly heard: string[] = [];
  #isDown = false;
  #updateId = 100;
  #ticking: NodeJS.Timeout | undefined;

  constructor(readonly symbol: string) {
    this.#server.on('upgrade', (request, socket, head) => {
      if (this.#isDown || request.url !== '/stream') socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
      else
        this.#sockets.handleUpgrade(request, socket, head, (client) => {
          client.on('message', (data: Buffer) => this.#receive(client, data.toString('utf8')));
          client.on('close', () => this.#subscribed.delete(client));
        });
    });
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#ticking = setInterval(() => this.#tick(), 100);
  }

  /** As the settings file names it. */
  get endpoints(): { readonly socket: string; readonly rest: string } {
    const { port } = this.#server.address() as AddressInfo;
    return { socket: `ws://127.0.0.1:${port}`, rest: `http://127.0.0.1:${port}` };
  }

  /** Every connection is cut, and no new one is taken until it is back. */
  goDown(): void {
    this.#isDown = true;
    for (const client of this.#sockets.clients) client.terminate();
  }

  comeBack(): void {
    this.#isDown = false;
  }

  async close(): Promise<void> {
    clearInterval(this.#ticking);
    for (const client of this.#sockets.clients) client.terminate();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(url: string): readonly [number, object | string] | undefined {
    if (url.includes('/depth?')) return [200, binance.rest(this.#updateId, BIDS, ASKS)];
    return binanceRules(this.symbol)(url) as readonly [number, object] | undefined;
  }

  #receive(client: WebSocket, text: string): void {
    this.heard.push(text);
    const { id } = JSON.parse(text) as { readonly id: number };
    client.send(JSON.stringify({ result: null, id }));
    this.#subscribed.add(client);
  }

  #tick(): void {
    const id = ++this.#updateId;
    const E = Date.now();
    const change = [['99.8', String(1 + (id % 9))]] as const;
    const messages = [
      binance.depth(id, id, change, [], { E }, this.symbol),
      binance.trade(id, '100', '1', id % 2 === 0, { E }, this.symbol),
    ];
    for (const client of this.#subscribed) for (const message of messages) client.send(JSON.stringify(message));
  }
}
