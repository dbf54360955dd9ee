import { expect } from 'chai';
import { manualClock } from '../../../../../adapters/clock/manual-clock.js';
import { openVenueFeed } from '../../../../../adapters/venues/connection/open.js';
import type { Fault } from '../../../../../adapters/venues/loopback/faults.js';
import {
  LOOPBACK_ENDPOINTS,
  loopbackRest,
  loopbackSockets,
} from '../../../../../adapters/venues/loopback/in-process.js';
import { LoopbackVenue } from '../../../../../adapters/venues/loopback/loopback-venue.js';
import { KnownBook } from '../../../../../adapters/venues/session/known-book.js';
import { VENUES } from '../../../../../adapters/venues/venues.js';
import type { LevelText, MarketEvent } from '../../../../../core/market/events.js';
import { MICROS } from '../../../../../core/time.js';
import { pass, recordingOf, sampleAs } from '../../../../support/loopback.js';
import { MappedClient } from '../../../../support/mapped-client.js';
import { START } from '../../../../support/mini-recording.js';
import { carried } from '../../../../support/round-trip.js';

/** What a feed carries of an event of the recording: OKX's times are milliseconds, and Kraken numbers nothing. */
function told(event: MarketEvent, venue: string): object {
  const { venueAt } = event.data as { readonly venueAt?: number };
  const data =
    venue === 'okx' && venueAt !== undefined
      ? { ...event.data, venueAt: Math.floor(venueAt / 1_000) * 1_000 }
      : event.data;
  return carried({ ...event, data } as MarketEvent, venue === 'okx');
}

/** The best levels of a book whose events are given, as far as they are told to be right. */
function bestOf(events: readonly MarketEvent[], levels: number): string | undefined {
  const book = new KnownBook(events[0]!.data.instrument, false);
  for (const event of events) book.apply(event);
  if (!book.isKnown) return undefined;
  const side = (all: readonly LevelText[]): string => all.slice(0, levels).join(' ');
  const { bids, asks } = book.levels();
  return `${side(bids)} | ${side(asks)}`;
}

for (const [name, symbol, proven] of [
  ['kraken', 'BTC/USD', 10],
  ['okx', 'BTC-USD', Infinity],
] as const) {
  const venue = VENUES.get(name)!;
  const instrument = `${symbol}@${name}`;

  describe(`a loopback venue that speaks as ${name}`, () => {
    it("gives the venue's own mapper the events of the recording", async () => {
      const events = sampleAs({ instruments: [instrument] });
      const clock = manualClock(START);
      const loopback = new LoopbackVenue({ recording: recordingOf(events), venue, clock, speed: 1 });
      const client = new MappedClient({
        venue,
        symbols: [symbol],
        sockets: loopbackSockets(loopback, clock),
        rest: loopbackRest(loopback, clock),
        endpoints: LOOPBACK_ENDPOINTS,
      });
      await client.open();
      await pass(clock, START + 25 * MICROS.s);
      await loopback.done;
      expect(client.events.map((event) => carried(event, name === 'okx'))).to.deep.equal(
        events.slice(1).map((event) => told(event, name)),
      );
    });

    for (const kind of ['drop', 'duplicate', 'reorder', 'corrupt', 'garble', 'disconnect'] as const)
      it(`mends the books of our own connection after a "${kind}"`, async () => {
        const events = sampleAs({ instruments: [instrument], duration: 30 * MICROS.s, messagesPerSecond: 30 });
        const faults: Fault[] = [{ kind, at: 100 }];
        const clock = manualClock(START);
        const loopback = new LoopbackVenue({
          recording: recordingOf(events),
          venue,
          clock,
          speed: 1,
          atEnd: 'stay',
          faults,
        });
        const stopping = new AbortController();
        const feed = await openVenueFeed(
          {
            venue,
            symbols: [symbol],
            endpoints: LOOPBACK_ENDPOINTS,
            sockets: loopbackSockets(loopback, clock),
            rest: loopbackRest(loopback, clock),
            clock,
            jitter: () => 0,
          },
          stopping.signal,
        );
        const heard: MarketEvent[] = [];
        const reading = (async () => {
          for await (const batch of feed.watch(stopping.signal)) heard.push(...batch);
        })();
        await pass(clock, START + 40 * MICROS.s, 50 * MICROS.ms);
        stopping.abort();
        await reading;
        expect(bestOf(heard, proven)).to.equal(bestOf(events, proven));
        const breaks = heard.filter(({ type }) => type === 'FeedInterrupted').length;
        const mayPass = name === 'kraken' && ['drop', 'duplicate', 'reorder'].includes(kind);
        if (!mayPass) expect(breaks, 'breaks').to.be.greaterThan(0);
        expect(breaks).to.be.lessThan(4);
      });
  });
}
