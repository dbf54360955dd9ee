import { expect } from 'chai';
import { manualClock } from '../../../../../adapters/clock/manual-clock.js';
import {
  LOOPBACK_ENDPOINTS,
  loopbackRest,
  loopbackSockets,
} from '../../../../../adapters/venues/loopback/in-process.js';
import { LoopbackVenue } from '../../../../../adapters/venues/loopback/loopback-venue.js';
import { VENUES } from '../../../../../adapters/venues/venues.js';
import type { MarketEvent } from '../../../../../core/market/events.js';
import { MICROS } from '../../../../../core/time.js';
import { pass, recordingOf, sampleAs, withoutReceipt } from '../../../../support/loopback.js';
import { MappedClient } from '../../../../support/mapped-client.js';
import { START } from '../../../../support/mini-recording.js';

/** As a venue tells it that counts in whole milliseconds. */
function inMillis(event: MarketEvent): MarketEvent {
  if (!('venueAt' in event.data)) return event;
  const { venueAt } = event.data;
  return { ...event, data: { ...event.data, venueAt: venueAt - (venueAt % MICROS.ms) } } as MarketEvent;
}

/** As a venue tells it that numbers no books. */
function unnumbered(event: MarketEvent): MarketEvent {
  if (event.type !== 'BookSnapshot' && event.type !== 'BookDelta') return event;
  const { venueSeq: _, ...data } = event.data;
  return { ...event, data };
}

describe('a loopback venue', () => {
  for (const [name, symbol, asTold] of [
    ['coinbase', 'BTC-USD', unnumbered],
    ['bybit-linear', 'BTCUSDT', inMillis],
    ['bybit-spot', 'BTCUSDT', inMillis],
    ['bybit-inverse', 'BTCUSD', inMillis],
    ['kucoin', 'BTC-USDT', inMillis],
  ] as const)
    it(`that speaks as ${name} gives the venue's own mapper the events of the recording`, async () => {
      const venue = VENUES.get(name)!;
      const events = sampleAs({ instruments: [`${symbol}@${name}`] }).map(asTold);
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
      expect(withoutReceipt(client.events)).to.deep.equal(withoutReceipt(events.slice(1)));
      expect(client.ended).to.equal('the recording is at its end');
    });
});
