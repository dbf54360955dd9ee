import { isRecord } from '../mapping/fields.js';
import type { Venue } from '../venue.js';
import { describe, PUBLISHED_DEPTH, readInstruments } from './instruments.js';
import { HtxMapper } from './mapper.js';

export const HTX: Venue = {
  name: 'htx',
  hosts: ['api.huobi.pro', 'api-aws.huobi.pro', 'api.htx.com', 'api-aws.htx.com'],
  rules: {
    channels: 'market.$symbol.depth.step0, market.$symbol.trade.detail',
    snapshot: `every book message is the best ${PUBLISHED_DEPTH} levels a side, about once a second`,
    sequence: 'none that the messages must keep; the version of a book is recorded',
    checksum: 'none',
    limits: 'known from recordings only',
    ping: '{"ping": t} by the venue every five seconds, answered by {"pong": t}',
    evidence: 'a recording of 2021-04-17 with the venue’s list of symbols of that day',
  },
  newMapper: (sink) => new HtxMapper(sink),
  readInstruments,
  describe,
  recognise: (message) => {
    if (!isRecord(message) || typeof message['ch'] !== 'string') return undefined;
    const symbol = /^market\.([a-z0-9]+)\.(?:depth\.step\d+|trade\.detail|mbp\.)/.exec(message['ch'])?.[1];
    return symbol === undefined ? undefined : { symbol };
  },
};
