import type { Clock } from '../../adapters/clock/clock.js';
import type { Rest, RestReply, Socket, SocketListener, Sockets } from '../../adapters/venues/connection/ports.js';
import { Side } from '../../core/market/columns.js';
import type { InstrumentDefinition } from '../../core/market/events.js';
import { MICROS } from '../../core/time.js';
import { Definitions } from '../../adapters/venues/mapping/definitions.js';
import { MessageFault } from '../../adapters/venues/mapping/fault.js';
import { isRecord, parsed, text, whole } from '../../adapters/venues/mapping/fields.js';
import { MarketLines } from '../../adapters/venues/mapping/market-lines.js';
import { WITHOUT_HOLES } from '../../adapters/venues/mapping/sequence.js';
import type { Connection, Venue, VenueMapper } from '../../adapters/venues/venue.js';
import { SPOT } from './market.js';

/** One socket as its venue sees it. */
export class FakeSocket implements Socket {
  readonly sent: string[] = [];
  isOpen = true;

  constructor(
    readonly url: string,
    readonly listener: SocketListener,
    readonly clock: Clock,
  ) {}

  send(message: string): void {
    if (!this.isOpen) throw new Error('the socket is closed');
    this.sent.push(message);
  }

  /** We close it. */
  close(): void {
    this.drop('by us');
  }

  /** The venue says something. */
  say(...messages: readonly (object | string)[]): void {
    for (const message of messages)
      this.listener.message(typeof message === 'string' ? message : JSON.stringify(message), this.clock.now());
  }

  alive(): void {
    this.listener.alive(this.clock.now());
  }

  /** The venue closes it. */
  drop(reason = 'going away'): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.listener.closed(reason);
  }
}

/** A network that does as it is told. */
export class FakeNetwork implements Sockets, Rest {
  readonly sockets: FakeSocket[] = [];
  /** When a socket was asked for, taken or not. */
  readonly openings: number[] = [];
  readonly requests: { readonly at: number; readonly url: string }[] = [];
  /** Sockets are refused with it. */
  refusal: string | undefined;
  /** Answers to requests, the first that knows the address; 404 where none does. */
  readonly answers: ((url: string) => Answer | undefined)[] = [];

  constructor(readonly clock: Clock) {}

  /** The latest socket. */
  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  open(url: string, listener: SocketListener): Promise<Socket> {
    this.openings.push(this.clock.now());
    if (this.refusal !== undefined) return Promise.reject(new Error(this.refusal));
    const socket = new FakeSocket(url, listener, this.clock);
    this.sockets.push(socket);
    return Promise.resolve(socket);
  }

  async request(url: string): Promise<RestReply> {
    this.requests.push({ at: this.clock.now(), url });
    for (const answer of this.answers) {
      const found = await answer(url);
      if (found === undefined) continue;
      if (found instanceof Error) throw found;
      const [status, body, retryAfter] = found;
      const told = typeof body === 'string' ? body : JSON.stringify(body);
      return { status, text: told, receivedAt: this.clock.now(), ...(retryAfter === undefined ? {} : { retryAfter }) };
    }
    return { status: 404, text: 'not here', receivedAt: this.clock.now() };
  }
}

type Answered = readonly [status: number, body: object | string, retryAfter?: number] | Error;
export type Answer = Answered | Promise<Answered>;

/**
 * A venue that there is nowhere, whose feed brings its snapshots: `{"book": SYMBOL, "n": 1, "b": […], "a": […]}`, then changes
 * `{"change": SYMBOL, "n": 2, …}` and trades `{"trade": SYMBOL, "p": …, "q": …}`. It pings, refuses, and wants to be pinged.
 */
export const plainVenue = (more: Partial<Connection> = {}): Venue => ({
  name: 'plain',
  hosts: ['plain.test'],
  rules: { channels: '', snapshot: '', sequence: '', checksum: '', limits: '', ping: '', evidence: '' },
  newMapper: (sink): VenueMapper => {
    const lines = new MarketLines('plain', sink, () => ({ sequence: WITHOUT_HOLES, snapshots: 'feed' }));
    const definitions = new Definitions('plain', () => SPOT);
    return {
      accept: (frame, source) => {
        if (frame.kind === 'reply') return false;
        const message = parsed(frame.text);
        if (!isRecord(message)) throw new MessageFault('bad_line', 'no object');
        const n = (): { readonly first: number; readonly last: number } => {
          const number = whole('n', message['n']);
          return { first: number, last: number };
        };
        const times = { receivedAt: frame.at, venueAt: typeof message['t'] === 'number' ? message['t'] : 0 };
        if ('book' in message)
          lines
            .bookLine(message['book'], frame.at, source)
            .snapshot({ ...times, range: n() }, message['b'], message['a']);
        else if ('change' in message)
          void lines
            .bookLine(message['change'], frame.at, source)
            .delta({ ...times, range: n() }, message['b'], message['a']);
        else if ('trade' in message)
          lines
            .line(message['trade'], frame.at, source)
            .trade(times, [{ side: Side.buy, price: message['p'], size: message['q'], id: 0, flags: 0 }]);
        else return false;
        return true;
      },
      interrupt: (...args) => lines.interrupt(...args),
      finish: () => lines.finish((symbol, seen) => definitions.define(symbol, seen)),
    };
  },
  readInstruments: ({ text: body }) => {
    const told = parsed(body);
    return Array.isArray(told) ? told.map((entry) => ({ ...SPOT, ...(entry as InstrumentDefinition) })) : undefined;
  },
  connection: {
    endpoints: { socket: 'wss://plain.test', rest: 'https://plain.test' },
    path: () => '/feed',
    subscribe: (symbols, id) => symbols.map((symbol) => JSON.stringify({ ask: symbol, id })),
    resubscribe: (symbol, id) => [JSON.stringify({ leave: symbol, id }), JSON.stringify({ ask: symbol, id })],
    instruments: () => [{ path: '/instruments' }],
    ping: { every: 20 * MICROS.s, text: (id) => `ping ${id}` },
    answer: (told) => (told === 'ping?' ? 'pong!' : undefined),
    refusal: (told) =>
      told.startsWith('{"refused"') ? text('refused', (JSON.parse(told) as Refused).refused) : undefined,
    limits: {
      instrumentsPerConnection: 2,
      messages: { count: 10, within: MICROS.s },
      connects: { count: 100, within: MICROS.m },
      requests: { count: 100, within: MICROS.m },
      silence: 30 * MICROS.s,
    },
    ...more,
  },
});

interface Refused {
  readonly refused: string;
}

/** Rules of instruments as `plainVenue` tells them. */
export const plainRules =
  (...symbols: readonly string[]) =>
  (url: string): Answer | undefined =>
    url.endsWith('/instruments') ? [200, symbols.map((symbol) => ({ instrument: `${symbol}@plain` }))] : undefined;

/** Rules of instruments as Binance's spot market tells them; quotes are BTC. */
export const binanceRules =
  (...symbols: readonly string[]) =>
  (url: string): Answer | undefined => {
    if (!url.includes('/exchangeInfo')) return undefined;
    const filters = [
      { filterType: 'PRICE_FILTER', tickSize: '0.1' },
      { filterType: 'LOT_SIZE', stepSize: '1', minQty: '1' },
    ];
    const told = symbols.map((symbol) => ({
      symbol,
      baseAsset: symbol.slice(0, -3),
      quoteAsset: symbol.slice(-3),
      marginAsset: symbol.slice(-3),
      filters,
    }));
    return [200, { symbols: told }];
  };

/** Answers depth requests with these, one after the other. */
export function depths(...snapshots: readonly Answer[]): (url: string) => Answer | undefined {
  const left = [...snapshots];
  return (url) => (url.includes('/depth?') ? left.shift() : undefined);
}
