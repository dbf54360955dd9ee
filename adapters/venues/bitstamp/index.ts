import { isRecord } from '../mapping/fields.js';
import type { Venue } from '../venue.js';
import { readInstruments } from './instruments.js';
import { BitstampMapper } from './mapper.js';
import { BITSTAMP, describe, HOSTS, RULES } from './rules.js';

const CHANNEL = /^(?:diff_order_book|live_trades)_([a-z0-9-]+)$/;

export const BITSTAMP_VENUE: Venue = {
  name: BITSTAMP,
  hosts: HOSTS,
  rules: RULES,
  newMapper: (sink) => new BitstampMapper(sink),
  readInstruments,
  describe,
  recognise: (message) => {
    if (!isRecord(message) || typeof message['event'] !== 'string') return undefined;
    const symbol = typeof message['channel'] === 'string' ? CHANNEL.exec(message['channel'])?.[1] : undefined;
    return symbol === undefined ? undefined : { symbol };
  },
};
