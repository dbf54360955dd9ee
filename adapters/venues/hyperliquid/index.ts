import { isRecord } from '../mapping/fields.js';
import type { Venue } from '../venue.js';
import { describe, PUBLISHED_DEPTH, readInstruments, symbolOf } from './instruments.js';
import { HyperliquidMapper } from './mapper.js';

export const HYPERLIQUID: Venue = {
  name: 'hyperliquid',
  hosts: ['api.hyperliquid.xyz'],
  rules: {
    channels: 'l2Book, trades',
    snapshot: `every book message is the best ${PUBLISHED_DEPTH} levels a side`,
    sequence: 'none',
    checksum: 'none',
    limits: 'known from recordings only',
    ping: '{"method": "ping"}, answered on the channel "pong"',
    evidence: 'a recording of 2025-01-26; the venue’s documentation (2025) for steps of prices and sizes',
  },
  newMapper: (sink) => new HyperliquidMapper(sink),
  readInstruments,
  describe,
  recognise: (message) => {
    if (!isRecord(message)) return undefined;
    const { channel, data } = message;
    const first: unknown =
      channel === 'trades' && Array.isArray(data) ? data[0] : channel === 'l2Book' ? data : undefined;
    return isRecord(first) && typeof first['coin'] === 'string' ? { symbol: symbolOf(first['coin']) } : undefined;
  },
};
