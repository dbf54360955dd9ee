import { systemClock } from '../../adapters/clock/system-clock.js';
import { openVenueFeed } from '../../adapters/venues/connection/open.js';
import { restFetch } from '../../adapters/venues/connection/rest-fetch.js';
import { wsSockets } from '../../adapters/venues/connection/ws-sockets.js';
import { LoopbackVenue } from '../../adapters/venues/loopback/loopback-venue.js';
import { serveLoopback } from '../../adapters/venues/loopback/server.js';
import type { Venue } from '../../adapters/venues/venue.js';
import { eventOf, messages } from '../../core/market/column-codec.js';
import type { BookDelta, BookSnapshot, MarketEvent, Traded } from '../../core/market/events.js';
import type { Recording } from '../../core/ports.js';
import { MICROS } from '../../core/time.js';
import { apart } from './loopback.js';

/** What a live feed makes of a recording that is served over real sockets, until the venue takes leave. */
export async function heardLive(venue: Venue, recording: Recording, speed: number): Promise<MarketEvent[]> {
  const clock = systemClock();
  const loopback = new LoopbackVenue({ recording, venue, clock, speed, waitFor: 'all' });
  const server = await serveLoopback(loopback, { host: '127.0.0.1', port: 0 });
  const stopping = new AbortController();
  // each connection hears all that was sent before it hears that it is closed
  let connections = venue.connection!.tradesApart === undefined ? 1 : 2;
  const tell = (sentence: string): void => {
    if (sentence.includes('the recording is at its end') && --connections === 0) stopping.abort();
  };
  try {
    const symbols = [...loopback.books.bySymbol.keys()];
    const network = { sockets: wsSockets(clock), rest: restFetch(clock, stopping.signal), endpoints: server.endpoints };
    const feed = await openVenueFeed({ venue, symbols, ...network, clock, jitter: Math.random, tell }, stopping.signal);
    const heard: MarketEvent[] = [];
    for await (const events of feed.watch(stopping.signal)) heard.push(...events);
    return heard;
  } finally {
    stopping.abort();
    await server.close();
  }
}

/** The market events of a recording. */
export async function eventsIn(recording: Recording): Promise<MarketEvent[]> {
  const events: MarketEvent[] = [];
  for await (const { market } of recording.inputs())
    for (const { from, to } of messages(market)) events.push(eventOf(market, from, to));
  return events;
}

type MarketData = BookSnapshot | BookDelta | Traded;

/** Books and trades of each instrument, each in its order: between the two a venue promises none. A trade is one event. */
export function marketData(events: readonly MarketEvent[]): Map<string, MarketData[]> {
  const data = new Map<string, MarketData[]>();
  for (const event of events.flatMap(apart)) {
    if (event.type !== 'BookSnapshot' && event.type !== 'BookDelta' && event.type !== 'Traded') continue;
    const key = `${event.type === 'Traded' ? 'trades' : 'book'} of ${event.data.instrument}`;
    const list = data.get(key);
    if (list === undefined) data.set(key, [event]);
    else list.push(event);
  }
  return data;
}

/**
 * What an event says, as far as another one can say it too: a recording may be of an older protocol than the one that is spoken
 * today, which has no numbers, checksums or times that the other has, or coarser ones.
 *
 * @param isNumbered  whether the numbers of both mean the same
 */
export function comparable(event: MarketData, other: MarketData, isNumbered: boolean): object {
  const { venueAt, venueSeq, checksum, ...data } = event.data as BookDelta['data'];
  return {
    ...data,
    ...(venueAt !== undefined && 'venueAt' in other.data ? { venueAt: Math.floor(venueAt / MICROS.ms) } : {}),
    ...(venueSeq !== undefined && isNumbered && 'venueSeq' in other.data ? { venueSeq } : {}),
    ...(checksum === 'failed' ? { checksum } : {}),
  };
}
