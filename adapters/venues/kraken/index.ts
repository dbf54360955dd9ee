import { isRecord } from '../mapping/fields.js';
import type { Venue, VenueRules } from '../venue.js';
import { CONNECTION } from './connection.js';
import { describe, readInstruments } from './instruments.js';
import { KrakenMapper } from './mapper.js';
import { isPair } from './messages.js';
import { SERVER } from './server.js';

const RULES: VenueRules = {
  channels: 'book (1000 levels a side), trade; heartbeat counts as a sign of life. v1 in recordings, v2 live',
  snapshot: 'first in the feed of each subscription; asked for anew by unsubscribing and subscribing',
  sequence: 'none: every change carries the checksum of the book after it',
  checksum: 'CRC-32 of the 10 best levels a side, texts as sent; v2 on snapshots too',
  limits: 'about 150 connects in 10 min; REST 1 request/s; after each change the book is cut to the subscribed depth',
  ping: 'heartbeat each second in which nothing else is sent; `ping` is answered by `pong`',
  evidence: 'recordings of 2021 (v1: 14,496 checksums); the venue’s documentation (2025) for v2 and limits',
};

/** Kraken's spot market. */
export const KRAKEN: Venue = {
  name: 'kraken',
  hosts: ['ws.kraken.com', 'beta-ws.kraken.com', 'api.kraken.com'],
  rules: RULES,
  newMapper: (sink) => new KrakenMapper(sink),
  readInstruments,
  describe,
  recognise,
  connection: CONNECTION,
  server: SERVER,
};

function recognise(message: unknown): { readonly symbol: string | undefined } | undefined {
  if (Array.isArray(message)) {
    const [channel, pair] = message.slice(-2) as unknown[];
    const isOurs = message.length >= 4 && typeof channel === 'string' && CHANNELS_V1.test(channel);
    return isOurs && isPair(pair) ? { symbol: pair } : undefined;
  }
  if (!isRecord(message) || (message['channel'] !== 'book' && message['channel'] !== 'trade')) return undefined;
  const { data } = message;
  const first: unknown = Array.isArray(data) ? data[0] : undefined;
  return isRecord(first) && isPair(first['symbol']) ? { symbol: first['symbol'] } : undefined;
}

const CHANNELS_V1 = /^(?:book-\d+|trade|ticker|spread|ohlc-\d+)$/;
