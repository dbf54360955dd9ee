import { isRecord } from '../mapping/fields.js';
import type { Venue } from '../venue.js';
import { describe, readInstruments } from './instruments.js';
import { GeminiMapper } from './mapper.js';

export const GEMINI: Venue = {
  name: 'gemini',
  hosts: ['api.gemini.com'],
  rules: {
    channels: 'l2 of version 2: l2_updates and trade',
    snapshot: 'the first l2_updates, in the feed; it holds trades of before too',
    sequence: 'none',
    checksum: 'none',
    limits: 'known from recordings only',
    ping: 'a heartbeat message every five seconds',
    evidence:
      'a recording of 2021-06-24; the venue’s documentation (2025) for the side of a trade, which is the taker’s',
  },
  newMapper: (sink) => new GeminiMapper(sink),
  readInstruments,
  describe,
  recognise: (message) => {
    if (!isRecord(message) || typeof message['symbol'] !== 'string') return undefined;
    const { type, symbol } = message;
    const isTrade = type === 'trade' && 'event_id' in message;
    return isTrade || type === 'l2_updates' ? { symbol } : undefined;
  },
};
