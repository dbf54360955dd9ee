import { expect } from 'chai';
import { manualClock } from '../../../../../adapters/clock/manual-clock.js';
import {
  LOOPBACK_ENDPOINTS,
  loopbackRest,
  loopbackSockets,
} from '../../../../../adapters/venues/loopback/in-process.js';
import { LoopbackVenue } from '../../../../../adapters/venues/loopback/loopback-venue.js';
import { VENUES } from '../../../../../adapters/venues/venues.js';
import { MICROS } from '../../../../../core/time.js';
import { pass, untimed, recordingOf, sampleAs, withoutReceipt } from '../../../../support/loopback.js';
import { MappedClient } from '../../../../support/mapped-client.js';
import { START } from '../../../../support/mini-recording.js';

describe('a loopback venue that speaks as Binance', () => {
  for (const [name, symbol] of [
    ['binance', 'BTCUSDT'],
    ['binance-us', 'BTCUSDT'],
    ['binance-usdm', 'BTCUSDT'],
    ['binance-coinm', 'BTCUSD_PERP'],
  ] as const)
    it(`gives ${name}'s own mapper the events of the recording`, async () => {
      const venue = VENUES.get(name)!;
      const events = sampleAs({ instruments: [`${symbol}@${name}`] });
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
      // spot's depth reply has no time of the venue
      const isBare = name === 'binance' || name === 'binance-us';
      const recorded = events.slice(1).map((event) => (isBare ? untimed(event) : event));
      expect(withoutReceipt(client.events)).to.deep.equal(withoutReceipt(recorded));
      expect(client.ended).to.equal('the recording is at its end');
    });
});
