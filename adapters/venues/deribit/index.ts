import { isRecord } from '../mapping/fields.js';
import type { Venue } from '../venue.js';
import { readInstruments } from './instruments.js';
import { DeribitMapper } from './mapper.js';
import { DERIBIT, describe, HOSTS, RULES } from './rules.js';

/** Book, trades and ticker channels name the instrument. */
const CHANNEL = /^(?:book|trades|ticker|quote)\.([^.]+)(?:\.|$)/;

export const DERIBIT_VENUE: Venue = {
  name: DERIBIT,
  hosts: HOSTS,
  rules: RULES,
  newMapper: (sink) => new DeribitMapper(sink),
  readInstruments,
  describe,
  recognise: (message) => {
    if (!isRecord(message) || message['jsonrpc'] !== '2.0' || message['method'] !== 'subscription') return undefined;
    const { params } = message;
    const channel = isRecord(params) ? params['channel'] : undefined;
    const symbol = typeof channel === 'string' ? CHANNEL.exec(channel)?.[1] : undefined;
    return symbol === undefined ? undefined : { symbol };
  },
};
