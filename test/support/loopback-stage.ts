import { manualClock, type ManualClock } from '../../adapters/clock/manual-clock.js';
import type { RestReply } from '../../adapters/venues/connection/ports.js';
import { LOOPBACK_ENDPOINTS, loopbackRest, loopbackSockets } from '../../adapters/venues/loopback/in-process.js';
import { LoopbackVenue, type LoopbackOptions } from '../../adapters/venues/loopback/loopback-venue.js';
import { VENUES } from '../../adapters/venues/venues.js';
import type { LevelText, MarketEvent, Trade } from '../../core/market/events.js';
import { MICROS } from '../../core/time.js';
import { pass, recordingOf, turns } from './loopback.js';
import { MappedClient } from './mapped-client.js';
import { defined, SPOT } from './market.js';
import { START } from './mini-recording.js';

/** A recording of one instrument, `AAABTC`, told line by line: milliseconds after `START`. */
export const recorded = {
  defined: (more: object = {}, instrument = 'AAABTC@binance'): MarketEvent =>
    defined({ ...SPOT, instrument, ...more }, START),
  snapshot: (afterMs: number, venueSeq: number, bids: readonly LevelText[] = [['10', '1']], instrument?: string) =>
    book('BookSnapshot', afterMs, venueSeq, bids, instrument),
  delta: (afterMs: number, venueSeq: number, bids: readonly LevelText[] = [], instrument?: string) =>
    book('BookDelta', afterMs, venueSeq, bids, instrument),
  dropped: (afterMs: number, venueSeq: number): MarketEvent => {
    const { data, ...event } = book('BookDelta', afterMs, venueSeq, [], undefined);
    return { ...event, data: { ...data, dropped: true } } as MarketEvent;
  },
  trade: (afterMs: number, tradeId: number, more: Partial<Trade> = {}): MarketEvent => ({
    type: 'Traded',
    version: 1,
    at: START + afterMs * MICROS.ms,
    data: { instrument: 'AAABTC@binance', trades: [{ side: 'buy', price: '10.5', quantity: '2', tradeId, ...more }] },
  }),
  interrupted: (afterMs: number, reason: string): MarketEvent => ({
    type: 'FeedInterrupted',
    version: 1,
    at: START + afterMs * MICROS.ms,
    data: { instrument: 'AAABTC@binance', reason },
  }),
};

function book(
  type: 'BookSnapshot' | 'BookDelta',
  afterMs: number,
  venueSeq: number,
  bids: readonly LevelText[],
  instrument = 'AAABTC@binance',
): MarketEvent {
  const asks: LevelText[] = type === 'BookSnapshot' ? [['11', '2']] : [];
  return { type, version: 1, at: START + afterMs * MICROS.ms, data: { instrument, venueSeq, bids, asks } };
}

/** A loopback venue in this process, its clients, and a clock that only we move. */
export class LoopbackStage {
  readonly clock: ManualClock = manualClock(START);
  readonly venue: LoopbackVenue;

  constructor(events: readonly MarketEvent[], options: Partial<LoopbackOptions> = {}, name = 'binance') {
    this.venue = new LoopbackVenue({
      recording: recordingOf(events),
      venue: VENUES.get(name)!,
      clock: this.clock,
      speed: 1,
      ...options,
    });
  }

  /** A client that has subscribed. */
  async client(...symbols: readonly string[]): Promise<MappedClient> {
    const client = new MappedClient({
      venue: this.venue.options.venue,
      symbols,
      sockets: loopbackSockets(this.venue, this.clock),
      rest: loopbackRest(this.venue, this.clock),
      endpoints: LOOPBACK_ENDPOINTS,
    });
    await client.open();
    await turns();
    return client;
  }

  /** A connection whose messages nobody maps. */
  async bare(path: string): Promise<BareClient> {
    const client = new BareClient();
    client.socket = await loopbackSockets(this.venue, this.clock).open(LOOPBACK_ENDPOINTS.socket + path, client);
    await turns();
    return client;
  }

  ask(path: string): Promise<RestReply> {
    return loopbackRest(this.venue, this.clock).request(LOOPBACK_ENDPOINTS.rest + path, { method: 'GET' });
  }

  /** Moves the clock to so many milliseconds after the start. */
  async pass(afterMs: number): Promise<void> {
    await pass(this.clock, START + afterMs * MICROS.ms);
  }
}

/** What came over one connection. */
export class BareClient {
  readonly messages: string[] = [];
  signs = 0;
  ended: string | undefined;
  socket!: { send(text: string): void; close(): void };

  message(text: string): void {
    this.messages.push(text);
  }

  alive(): void {
    this.signs++;
  }

  closed(reason: string): void {
    this.ended = reason;
  }

  /** What was heard since it was asked last, as JSON. */
  heard(): unknown[] {
    return this.messages.splice(0).map((text) => JSON.parse(text) as unknown);
  }
}
