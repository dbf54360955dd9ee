import type { Rest, Socket, SocketListener, Sockets } from '../../adapters/venues/connection/ports.js';
import { MarketEvents } from '../../adapters/venues/mapping/market-events.js';
import type { Endpoints, Frame, Source, Venue, VenueMapper } from '../../adapters/venues/venue.js';
import type { MarketEvent } from '../../core/market/events.js';
import type { EpochMicros } from '../../core/time.js';

export interface MappedClientOptions {
  readonly venue: Venue;
  readonly symbols: readonly string[];
  readonly sockets: Sockets;
  readonly rest: Rest;
  readonly endpoints: Endpoints;
}

/**
 * The least that can be a client of a venue: subscribes once, fetches the books that its mapper wants, and reads. Nothing is
 * mended, so that what a test sees is what came.
 */
export class MappedClient implements Source, SocketListener {
  readonly isLive = true;
  readonly events: MarketEvent[] = [];
  readonly messages: string[] = [];
  /** Why the connection ended. */
  ended: string | undefined;
  signs = 0;
  readonly #options: MappedClientOptions;
  readonly #mapper: VenueMapper;
  /** The connection of the books. */
  socket!: Socket;

  constructor(options: MappedClientOptions) {
    this.#options = options;
    this.#mapper = options.venue.newMapper(new MarketEvents((event) => this.events.push(event)));
  }

  async open(): Promise<this> {
    const { venue, sockets, endpoints, symbols } = this.#options;
    const connection = venue.connection!;
    for (const channels of [connection.tradesApart, connection]) {
      if (channels === undefined) continue;
      this.socket = await sockets.open(endpoints.socket + (channels.path?.(symbols) ?? ''), this);
      for (const text of channels.subscribe(symbols, 1)) this.socket.send(text);
    }
    return this;
  }

  findAhead(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  wantSnapshot(symbol: string): void {
    const { venue, rest, endpoints } = this.#options;
    const request = venue.connection!.snapshot?.(symbol);
    if (request === undefined) return;
    const url = endpoints.rest + request.path;
    void rest.request(url, { method: 'GET' }).then(({ status, text, receivedAt }) => {
      if (status === 200) this.#read({ at: receivedAt, kind: 'reply', url, text });
    });
  }

  message(text: string, at: EpochMicros): void {
    this.messages.push(text);
    this.#read({ at, kind: 'message', text });
  }

  alive(): void {
    this.signs++;
  }

  closed(reason: string): void {
    this.ended = reason;
  }

  #read(frame: Frame): void {
    void this.#mapper.accept(frame, this);
  }
}
