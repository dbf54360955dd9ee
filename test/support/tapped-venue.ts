import type { FrameTap } from '../../adapters/venues/connection/ports.js';
import { MessageFault } from '../../adapters/venues/mapping/fault.js';
import { MarketEvents } from '../../adapters/venues/mapping/market-events.js';
import type { Source, VenueMapper } from '../../adapters/venues/venue.js';
import { VENUES } from '../../adapters/venues/venues.js';
import type { InstrumentDefinition, MarketEvent } from '../../core/market/events.js';
import type { MarketFeed, StopSignal } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';

/** A venue's feed whose connections say what a test tells them to, read as a live feed reads: by the venue's own mapper. */
export class TappedVenue implements MarketFeed {
  snapshotsAsked = 0;
  /** Where it tells its frames; a feed that is recorded has one. */
  tap: FrameTap | undefined;
  readonly #mapper: VenueMapper;
  readonly #sources = new Map<number, Source>();
  #events: MarketEvent[] = [];
  #wake: (() => void) | undefined;
  #isOver = false;

  constructor(
    readonly instruments: readonly InstrumentDefinition[],
    venue = 'binance',
  ) {
    const asked = new Set(instruments.map(({ instrument }) => instrument));
    const sink = new MarketEvents((event) => this.#tell(event));
    const define = sink.define.bind(sink);
    sink.define = (instrument) => {
      if (!asked.has(instrument))
        throw new MessageFault('bad_message', `a message of ${instrument}, which was not asked for`);
      return define(instrument);
    };
    this.#mapper = VENUES.get(venue)!.newMapper(sink);
  }

  requestSnapshots(): void {
    this.snapshotsAsked++;
  }

  opens(at: EpochMicros, connection = 1, url = 'wss://stream.binance.com:9443/stream'): void {
    this.tap?.opened?.(at, connection, url);
  }

  says(at: EpochMicros, message: object | string, connection = 1): void {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    this.#read({ at, nanos: at % 1_000, kind: 'message', text }, connection);
  }

  replies(at: EpochMicros, path: string, reply: object | string, connection = 1): void {
    const text = typeof reply === 'string' ? reply : JSON.stringify(reply);
    this.#read({ at, kind: 'reply', url: `https://api.binance.com${path}`, text }, connection);
  }

  breaks(at: EpochMicros, reason: string, connection = 1, symbols?: readonly string[]): void {
    this.tap?.interrupted(at, connection, reason, `it was ${reason}`, symbols);
    this.#mapper.interrupt(this.#source(connection), at, reason, `it was ${reason}`, symbols);
  }

  end(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  async *watch(signal: StopSignal): AsyncGenerator<readonly MarketEvent[]> {
    signal.addEventListener('abort', () => this.#wake?.());
    while (!signal.aborted) {
      const events = this.#events;
      this.#events = [];
      if (events.length > 0) yield events;
      else if (this.#isOver) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #read(frame: Parameters<FrameTap['frame']>[0], connection: number): void {
    this.tap?.frame(frame, connection);
    try {
      void this.#mapper.accept(frame, this.#source(connection));
    } catch (error) {
      const { message } = error as Error;
      this.tap?.interrupted(frame.at, connection, 'bad_message', message);
      this.#mapper.interrupt(this.#source(connection), frame.at, 'bad_message', message);
    }
  }

  #tell(event: MarketEvent): void {
    this.#events.push(event);
    this.#wake?.();
  }

  #source(connection: number): Source {
    const known = this.#sources.get(connection);
    if (known !== undefined) return known;
    const source: Source = {
      isLive: true,
      findAhead: () => Promise.resolve(undefined),
      wantSnapshot: () => undefined,
    };
    this.#sources.set(connection, source);
    return source;
  }
}
