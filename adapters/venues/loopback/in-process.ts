import { setImmediate } from 'node:timers/promises';
import type { Rest, RestReply, Socket, SocketListener, Sockets } from '../connection/ports.js';
import type { Clock } from '../../clock/clock.js';
import type { Wire } from './client.js';
import type { LoopbackConnection, LoopbackVenue } from './loopback-venue.js';

/** Where an in-process client finds its venue; the hosts are nobody's. */
export const LOOPBACK_ENDPOINTS = { socket: 'ws://loopback.invalid', rest: 'http://loopback.invalid' } as const;

/** Sockets to a loopback venue in the same process. A message arrives in the turn in which it was sent, never within `send`. */
export function loopbackSockets(venue: LoopbackVenue, clock: Clock): Sockets {
  return {
    async open(url, listener) {
      await setImmediate(); // a connection takes its time
      venue.admit();
      const pipe = new Pipe(listener, clock);
      pipe.join(venue.connect(pathOf(url), pipe.wire));
      return pipe.socket;
    },
  };
}

/** REST of a loopback venue in the same process. */
export function loopbackRest(venue: LoopbackVenue, clock: Clock): Rest {
  return {
    async request(url, { method, body }): Promise<RestReply> {
      const request = { method, path: pathOf(url), ...(body === undefined ? {} : { body }) };
      const { status, text, retryAfter, handedOver } = await venue.request(request, LOOPBACK_ENDPOINTS);
      void setImmediate().then(handedOver);
      return { status, text, ...(retryAfter === undefined ? {} : { retryAfter }), receivedAt: clock.now() };
    },
  };
}

const pathOf = (url: string): string => url.replace(/^[a-z]+:\/\/[^/?]*/, '') || '/';

/** One connection: what one end sends the other hears in a later turn, in order. */
class Pipe {
  readonly #listener: SocketListener;
  readonly #clock: Clock;
  #connection: LoopbackConnection | undefined;
  /** What the client is to hear; nothing of it before `open` has resolved. */
  #toClient: (() => void)[] = [];
  #toVenue: string[] = [];
  #isOpening = true;
  #isOpen = true;

  /** What the venue holds. */
  readonly wire: Wire = {
    unread: 0,
    send: (text) => this.#tell(() => this.#listener.message(text, this.#clock.now())),
    ping: () => this.#tell(() => this.#listener.alive(this.#clock.now())),
    close: (reason) => this.#close(reason),
  };

  /** What the client holds. */
  readonly socket: Socket = {
    send: (text) => {
      if (this.#isOpen && this.#toVenue.push(text) === 1) queueMicrotask(() => this.#hear());
    },
    close: () => {
      this.#toClient = [];
      this.#close('closed by the client');
    },
  };

  constructor(listener: SocketListener, clock: Clock) {
    this.#listener = listener;
    this.#clock = clock;
  }

  join(connection: LoopbackConnection): void {
    this.#connection = connection;
    void setImmediate().then(() => {
      this.#isOpening = false;
      this.#deliver();
    });
  }

  #tell(say: () => void): void {
    if (!this.#isOpen) return;
    if (this.#toClient.push(say) === 1 && !this.#isOpening) queueMicrotask(() => this.#deliver());
  }

  #deliver(): void {
    for (const say of this.#toClient.splice(0)) say();
  }

  #hear(): void {
    for (const text of this.#toVenue.splice(0)) this.#connection?.receive(text);
  }

  #close(reason: string): void {
    if (!this.#isOpen) return;
    this.#tell(() => this.#listener.closed(reason));
    this.#isOpen = false;
    this.#connection?.gone();
  }
}
