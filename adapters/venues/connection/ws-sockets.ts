import { gunzipSync } from 'node:zlib';
import WebSocket, { type RawData } from 'ws';
import { MICROS, type Micros } from '../../../core/time.js';
import { precisely, type Clock } from '../../clock/clock.js';
import type { SocketListener, Sockets } from './ports.js';

/** A message longer than this is none of a market's. */
const LONGEST_MESSAGE = 64 * 1024 * 1024;
/** A socket over which nothing came for so long is pinged: a quiet instrument's line must not look dead. */
const PING_EVERY: Micros = 2 * MICROS.s;

/** The machine's network. Pings of the socket are answered by the library, and sent where nothing else comes. */
export function wsSockets(clock: Clock): Sockets {
  return {
    open: (url, listener) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: LONGEST_MESSAGE });
        let problem: Error | undefined;
        let isOpen = false;
        socket.once('open', () => {
          isOpen = true;
          keepAlive(socket, clock);
          resolve({ send: (text) => socket.send(text), close: () => end(socket) });
        });
        hear(socket, listener, clock);
        socket.on('error', (error) => (problem ??= error));
        socket.once('close', (code, reason) => {
          const said = reason.toString('utf8');
          const why = problem?.message ?? (said === '' ? `code ${code}` : `code ${code}, ${said}`);
          if (isOpen) listener.closed(why);
          else reject(problem ?? new Error(`closed with ${why}`));
        });
      }),
  };
}

function hear(socket: WebSocket, listener: SocketListener, clock: Clock): void {
  socket.on('message', (data, isBinary) => {
    const { at, nanos } = precisely(clock);
    let text: string;
    try {
      text = isBinary ? textOf(bufferOf(data)) : bufferOf(data).toString('utf8');
    } catch (error) {
      text = `a binary message that cannot be unpacked (${(error as Error).message})`; // no venue's, as whoever reads it will say
    }
    listener.message(text, at, nanos);
  });
  socket.on('ping', () => listener.alive(clock.now()));
  socket.on('pong', () => listener.alive(clock.now()));
}

/** A binary message is text too, gzipped where it begins like gzip. */
function textOf(data: Buffer): string {
  const isZipped = data[0] === 0x1f && data[1] === 0x8b;
  return (isZipped ? gunzipSync(data, { maxOutputLength: LONGEST_MESSAGE }) : data).toString('utf8');
}

function bufferOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function keepAlive(socket: WebSocket, clock: Clock): void {
  let heardAt = clock.now();
  const heard = (): void => void (heardAt = clock.now());
  for (const sign of ['message', 'ping', 'pong'] as const) socket.on(sign, heard);
  const timer = setInterval(() => {
    if (clock.now() - heardAt >= PING_EVERY && socket.readyState === WebSocket.OPEN) socket.ping();
  }, PING_EVERY / MICROS.ms);
  socket.once('close', () => clearInterval(timer));
}

/** Closes politely, and at once where the other side does not answer. */
function end(socket: WebSocket): void {
  socket.close();
  setTimeout(() => socket.terminate(), 1_000).unref();
}
