import type { Venue, VenueRules } from '../venue.js';
import { connectionOf } from './connection.js';
import { readInstruments } from './instruments.js';
import { BinanceMapper } from './mapper.js';
import { describe, tableOf } from './rules.js';
import { serverOf } from './server.js';
import { BINANCE_VENUES, isSpot, recognise, type BinanceVenue } from './venue.js';

const HOSTS: Readonly<Record<BinanceVenue, readonly string[]>> = {
  binance: ['stream.binance.com', 'data-stream.binance.vision', 'api.binance.com', 'www.binance.com'],
  'binance-us': ['stream.binance.us', 'api.binance.us', 'www.binance.us'],
  'binance-usdm': ['fstream.binance.com', 'fapi.binance.com'],
  'binance-coinm': ['dstream.binance.com', 'dapi.binance.com'],
};

const rulesOf = (venue: BinanceVenue): VenueRules => ({
  channels: isSpot(venue)
    ? 'depth@100ms, trade (recordings: aggTrade too, where there is no trade)'
    : `depth@100ms, aggTrade${venue === 'binance-usdm' ? ', each over a connection of its own' : ''} (recordings: depth@0ms and trade too)`,
  snapshot: 'REST depth, 1000 levels a side; messages that come before it are held',
  sequence: isSpot(venue)
    ? 'U = last u + 1; first after the snapshot: U <= lastUpdateId + 1 <= u'
    : 'pu = last u; first after the snapshot: U <= lastUpdateId <= u',
  checksum: 'none',
  limits: isSpot(venue)
    ? '5 messages/s, 1024 streams a connection, 300 connects in 5 min, 6000 of weight a minute (a book is 50), a day of life'
    : '10 messages/s, 200 streams a connection, 2400 of weight a minute (a book is 20), a day of life',
  ping: `by the venue, as a ping frame of the socket each ${isSpot(venue) ? '20 s' : '3 min'}`,
  evidence:
    'sequence: recordings of 2021, 2023 and 2024 without a gap; channels, limits, pings and what comes over which connection: documentation (2026)',
});

/** Binance's four markets. Content tells three of them apart; Binance US speaks exactly as spot does, which comes first. */
export const BINANCE: readonly Venue[] = BINANCE_VENUES.map((name) => ({
  name,
  hosts: HOSTS[name],
  rules: rulesOf(name),
  newMapper: (sink) => new BinanceMapper(name, sink),
  readInstruments: (reply) => readInstruments(name, reply),
  describe: (symbol) => describe(name, symbol),
  table: tableOf(name),
  recognise: (message) => {
    const { venue, symbol } = recognise(message);
    return venue === (name === 'binance-us' ? 'binance' : name) ? { symbol } : undefined;
  },
  connection: connectionOf(name),
  server: serverOf(name),
}));
