import { isRecord } from '../mapping/fields.js';
import type { Venue } from '../venue.js';
import { CONNECTION, LIVE_DEPTH } from './connection.js';
import { SERVER } from './dialect.js';
import { readInstruments } from './instruments.js';
import { KucoinMapper } from './mapper.js';
import { describe, VENUE } from './rules.js';

/** KuCoin spot. */
export const KUCOIN: Venue = {
  name: VENUE,
  hosts: [
    'ws-api-spot.kucoin.com',
    'ws-api.kucoin.com',
    'push-private.kucoin.com',
    'push1-v2.kucoin.com',
    'api.kucoin.com',
    'openapi-v2.kucoin.com',
  ],
  rules: {
    channels: '/market/level2, /market/match',
    snapshot:
      `REST orderbook/level2_${LIVE_DEPTH}, the most that needs no key; changes that come before it are held. Recordings ` +
      'have the whole book (level2)',
    sequence:
      'sequenceStart <= last sequenceEnd + 1 < sequenceEnd + 1; levels that are not newer are left out; price 0 moves the ' +
      'number only',
    checksum: 'none',
    limits: '100 instruments a subscription, 100 messages in 10 s, 30 connects a minute, a day of life',
    ping: 'as often as bullet-public says (18 s), answered with a pong',
    evidence: 'a recording of 2021 without a gap; the venue’s documentation (2025) for level2_100 and time',
  },
  newMapper: (sink) => new KucoinMapper(sink),
  readInstruments,
  describe,
  recognise,
  connection: CONNECTION,
  server: SERVER,
};

function recognise(message: unknown): { readonly symbol: string } | undefined {
  if (!isRecord(message) || message['type'] !== 'message' || typeof message['topic'] !== 'string') return undefined;
  const symbol = /^\/market\/(?:level2|match|ticker):([^,\s]+)$/.exec(message['topic'])?.[1];
  return symbol === undefined ? undefined : { symbol };
}
