import { isRecord } from '../mapping/fields.js';
import type { Venue } from '../venue.js';
import { readInstruments } from './instruments.js';
import { BitfinexMapper } from './mapper.js';
import { BITFINEX, describe, HOSTS, RULES } from './rules.js';

export const BITFINEX_VENUE: Venue = {
  name: BITFINEX,
  hosts: HOSTS,
  rules: RULES,
  newMapper: (sink) => new BitfinexMapper(sink),
  readInstruments,
  describe,
  // its data are bare arrays: only the opening of a channel tells
  recognise: (message) => {
    if (!isRecord(message) || message['event'] !== 'subscribed' || typeof message['chanId'] !== 'number')
      return undefined;
    const { symbol } = message;
    return typeof symbol === 'string' && symbol.startsWith('t') ? { symbol } : undefined;
  },
};
