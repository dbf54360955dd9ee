import { isRecord } from '../mapping/fields.js';
import type { Venue } from '../venue.js';
import { readInstruments } from './instruments.js';
import { GateioMapper } from './mapper.js';
import { GATEIO, describe, HOSTS, RULES } from './rules.js';

export const GATEIO_VENUE: Venue = {
  name: GATEIO,
  hosts: HOSTS,
  rules: RULES,
  newMapper: (sink) => new GateioMapper(sink),
  readInstruments,
  describe,
  recognise: (message) => {
    if (!isRecord(message) || message['event'] !== 'update' || !isRecord(message['result'])) return undefined;
    const { channel, result } = message;
    if (channel !== 'spot.order_book_update' && channel !== 'spot.trades') return undefined;
    const symbol = result['s'] ?? result['currency_pair'];
    return typeof symbol === 'string' ? { symbol } : undefined;
  },
};
