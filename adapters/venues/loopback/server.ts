import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import WebSocket, { type RawData, WebSocketServer } from 'ws';
import type { Endpoints, Request } from '../venue.js';
import { control, CONTROL_PATH } from './control.js';
import type { LoopbackVenue } from './loopback-venue.js';
import { VenueRefuses } from './troubles.js';

export interface LoopbackServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Told of failures that are ours. */
  readonly onError?: (error: unknown) => void;
}

/** A loopback venue on the network. */
export interface LoopbackServer {
  /** Where a client finds it, in place of the venue's own addresses. */
  readonly endpoints: Endpoints;
  /** Takes leave of every client, and frees the port. */
  close(): Promise<void>;
}

/** Largest body or message of a client, in bytes. */
const MOST_BYTES = 65_536;
/** How long a client may take to answer when leave is taken of it. */
const PATIENCE_MS = 2_000;
/** The status of a connection that is closed because the venue goes away (RFC 6455). */
const GOING_AWAY = 1001;

/** Serves a loopback venue over HTTP and WebSocket. @throws where the port cannot be had */
export async function serveLoopback(venue: LoopbackVenue, options: LoopbackServerOptions): Promise<LoopbackServer> {
  const { host, port, onError = () => undefined } = options;
  let endpoints: Endpoints = { socket: '', rest: '' };
  const server = createServer((request, response) => {
    answer(venue, endpoints, request, response).catch((error: unknown) => {
      onError(error);
      response.destroy();
    });
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    try {
      venue.admit();
    } catch (error) {
      socket.end(error instanceof VenueRefuses ? refusal(error) : '');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => carry(venue, client, request.url ?? '/', onError));
  });
  server.listen(port, host);
  await once(server, 'listening'); // rejects with the server's error, a port in use for instance
  endpoints = endpointsOf(server);
  return {
    endpoints,
    close: async () => {
      await venue.close();
      const closed = new Promise((resolve) => server.close(resolve));
      await gone(sockets);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Waits until leave has been taken of everybody, and not for those who do not answer. */
async function gone(sockets: WebSocketServer): Promise<void> {
  const clients = [...sockets.clients].filter(({ readyState }) => readyState !== WebSocket.CLOSED);
  const impatience = setTimeout(() => {
    for (const client of clients) client.terminate();
  }, PATIENCE_MS);
  await Promise.all(clients.map((client) => new Promise((resolve) => client.once('close', resolve))));
  clearTimeout(impatience);
}

/** Carries one client's messages to and fro. */
function carry(venue: LoopbackVenue, client: WebSocket, path: string, onError: (error: unknown) => void): void {
  const sent = (): void => undefined; // a client that is gone says so itself
  const connection = venue.connect(path, {
    get unread() {
      return client.bufferedAmount;
    },
    send: (text) => client.send(text, sent),
    ping: () => client.ping(undefined, undefined, sent),
    close: (reason, isClean) => {
      if (isClean) client.close(GOING_AWAY, reason);
      else client.terminate();
    },
  });
  client.on('message', (data: RawData) => {
    try {
      connection.receive(textOf(data));
    } catch (error) {
      onError(error); // what a client sends never ends more than its own connection
      client.terminate();
    }
  });
  client.on('error', () => client.terminate());
  client.on('close', () => connection.gone());
}

async function answer(
  venue: LoopbackVenue,
  endpoints: Endpoints,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  const path = request.url ?? '/';
  if (body === undefined) {
    reply(response, 413, `{"msg":"a body of more than ${MOST_BYTES} bytes"}`);
    return;
  }
  const asked: Request = { method: request.method === 'POST' ? 'POST' : 'GET', path, body };
  if (path === CONTROL_PATH || path.startsWith(`${CONTROL_PATH}/`)) {
    const { status, text } = await control(venue, asked);
    reply(response, status, text);
    return;
  }
  const { status, text, retryAfter, handedOver } = await venue.request(asked, endpoints);
  if (response.closed) {
    handedOver(); // the client did not wait for it
    return;
  }
  response.on('close', handedOver); // sent, or the client is gone
  reply(response, status, text, retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) });
}

function reply(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(text);
}

/** Undefined for one that is too large. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MOST_BYTES) chunks.push(chunk);
  }
  return bytes > MOST_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

const textOf = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)).toString('utf8');

function refusal({ status, retryAfter }: VenueRefuses): string {
  const line = status === 429 ? '429 Too Many Requests' : '503 Service Unavailable';
  const wait = retryAfter === undefined ? '' : `Retry-After: ${retryAfter}\r\n`;
  return `HTTP/1.1 ${line}\r\nConnection: close\r\n${wait}Content-Length: 0\r\n\r\n`;
}

function endpointsOf(server: Server): Endpoints {
  const { address, port, family } = server.address() as AddressInfo;
  const host = `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  return { socket: `ws://${host}`, rest: `http://${host}` };
}
