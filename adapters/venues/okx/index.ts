import { isRecord } from '../mapping/fields.js';
import type { Venue, VenueRules } from '../venue.js';
import { CONNECTION } from './connection.js';
import { describe, readInstruments } from './instruments.js';
import { OkxMapper } from './mapper.js';
import { SERVER } from './server.js';

const RULES: VenueRules = {
  channels: 'books (400 levels a side, each 100 ms), trades; in recordings also books-l2-tbt and the tables of v3',
  snapshot: 'first in the feed of each subscription; asked for anew by unsubscribing and subscribing',
  sequence:
    'prevSeqId = last seqId, the snapshot’s too; equal numbers without changes; seqId falls after a maintenance',
  checksum: 'signed CRC-32 of the 25 best levels a side, texts as sent, where it is sent (recordings); 0 live',
  limits: '480 subscribe and unsubscribe requests an hour, 3 connects/s, less than 30 books a connection',
  ping: '`ping` as text in less than 30 s, answered by `pong`',
  evidence: 'recordings of 2021 and 2022 (1,794 checksums); the venue’s documentation (2025) for numbers and limits',
};

/** OKX: spot, swaps, futures and options on one feed. */
export const OKX: Venue = {
  name: 'okx',
  hosts: ['ws.okx.com', 'wsaws.okx.com', 'ws.okex.com', 'real.okex.com', 'www.okx.com', 'www.okex.com', 'aws.okx.com'],
  rules: RULES,
  newMapper: (sink) => new OkxMapper(sink),
  readInstruments,
  describe,
  recognise,
  connection: CONNECTION,
  server: SERVER,
};

function recognise(message: unknown): { readonly symbol: string | undefined } | undefined {
  if (!isRecord(message)) return undefined;
  const { arg, table, data } = message;
  if (isRecord(arg) && typeof arg['channel'] === 'string' && typeof arg['instId'] === 'string')
    return { symbol: arg['instId'] };
  if (typeof table !== 'string' || !/^(?:spot|swap|futures|option)\//.test(table)) return undefined;
  const first: unknown = Array.isArray(data) ? data[0] : undefined;
  return isRecord(first) && typeof first['instrument_id'] === 'string' ? { symbol: first['instrument_id'] } : undefined;
}
