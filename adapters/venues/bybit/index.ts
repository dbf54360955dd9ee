import type { Venue, VenueRules } from '../venue.js';
import { connectionOf, LIVE_DEPTH } from './connection.js';
import { serverOf } from './dialect.js';
import { readInstruments } from './instruments.js';
import { BybitMapper } from './mapper.js';
import { describe } from './rules.js';
import { BYBIT_VENUES, categoryOf, recognise, type BybitVenue } from './venue.js';

/** All markets share hosts: the path of the socket tells them, and of REST only the reply does. */
const SOCKETS: Readonly<Record<BybitVenue, readonly string[]>> = {
  'bybit-linear': ['/v5/public/linear', '/realtime_public'],
  'bybit-spot': ['/v5/public/spot'],
  'bybit-inverse': ['/v5/public/inverse', '/realtime'],
};

const hostsOf = (venue: BybitVenue): readonly string[] => [
  ...SOCKETS[venue].flatMap((path) => [`stream.bybit.com${path}`, `stream.bytick.com${path}`]),
  'api.bybit.com',
  'api.bytick.com',
];

const rulesOf = (venue: BybitVenue): VenueRules => ({
  channels:
    `orderbook.${LIVE_DEPTH} (any depth in recordings), publicTrade` +
    (categoryOf(venue) === 'spot' ? '' : '; orderBookL2_25 and trade of v2 (2021)'),
  snapshot: 'the first message of a subscription; a later one replaces the book (u = 1: the service was restarted)',
  sequence: 'v5: u = last u + 1; v2: cross_seq never falls',
  checksum: 'none',
  limits: '10 arguments a subscription (spot), 500 connects in 5 min; the best levels only: a level beyond is unknown',
  ping: '{"op":"ping"} every 20 s, answered with a pong',
  evidence:
    'v2: recordings of 2021 (linear, inverse); v5: five seconds of 2024 (linear) and the venue’s documentation (2025); ' +
    'no recording of v5 trades, spot and inverse',
});

/** Bybit's markets: linear contracts (USDT and USDC), spot, inverse contracts. */
export const BYBIT: readonly Venue[] = BYBIT_VENUES.map((name) => ({
  name,
  hosts: hostsOf(name),
  rules: rulesOf(name),
  newMapper: (sink) => new BybitMapper(name, sink),
  readInstruments: (reply) => readInstruments(name, reply),
  describe: (symbol) => describe(name, symbol),
  recognise: (message) => recognise(name, message),
  sentAt,
  connection: connectionOf(name),
  server: serverOf(name),
}));

/** `ts` of v5 in milliseconds, which stands before the levels. */
function sentAt(message: string): number | undefined {
  const millis = /"ts":\s?(\d{13})\b/.exec(message)?.[1];
  return millis === undefined ? undefined : Number(millis) * 1_000;
}
