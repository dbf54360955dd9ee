import { isRecord } from '../mapping/fields.js';
import type { Venue } from '../venue.js';
import { describe } from './contract.js';
import { readInstruments } from './instruments.js';
import { BitmexMapper } from './mapper.js';

export const BITMEX: Venue = {
  name: 'bitmex',
  hosts: ['www.bitmex.com', 'ws.bitmex.com'],
  rules: {
    channels: 'orderBookL2 (or orderBookL2_25), trade; quote counts as a sign of life',
    snapshot: 'the partial of the table, in the feed',
    sequence: 'none; a level id that nobody has told of is a gap',
    checksum: 'none',
    limits: 'known from recordings only',
    ping: 'the text "ping", answered by "pong"',
    evidence:
      'a recording of 2021-07-22, against the quotes in it; messages of 2022 and 2023 for timestamp and price in every row',
  },
  newMapper: (sink) => new BitmexMapper(sink),
  readInstruments,
  describe,
  recognise: (message) => {
    if (!isRecord(message) || typeof message['table'] !== 'string' || typeof message['action'] !== 'string')
      return undefined;
    const { data } = message;
    const row: unknown = Array.isArray(data) ? data[0] : undefined;
    if (!isRecord(row)) return undefined;
    return { symbol: typeof row['symbol'] === 'string' ? row['symbol'] : undefined };
  },
};
