import { isRecord } from '../mapping/fields.js';
import type { Venue, VenueRules } from '../venue.js';
import { describe, readInstruments } from './instruments.js';
import { KrakenFuturesMapper } from './mapper.js';

const RULES: VenueRules = {
  channels: 'book, trade; ticker_lite counts as a sign of life',
  snapshot: 'book_snapshot, first in the feed of each subscription; trade_snapshot is history and not counted',
  sequence: 'seq = last seq + 1, for each product',
  checksum: 'none',
  limits: 'a message in 60 s at least keeps the connection',
  ping: 'by the client, as a ping frame of the socket',
  evidence: 'a recording of 2021 without a gap; the venue’s documentation (2025) for the types of trades',
};

/** Kraken's futures, known from recordings. */
export const KRAKEN_FUTURES: Venue = {
  name: 'kraken-futures',
  hosts: ['futures.kraken.com', 'www.cryptofacilities.com'],
  rules: RULES,
  newMapper: (sink) => new KrakenFuturesMapper(sink),
  readInstruments,
  describe,
  recognise: (message) => {
    if (!isRecord(message)) return undefined;
    const { feed, product_id: product } = message;
    return typeof feed === 'string' && typeof product === 'string' && /^[FP][A-Z]_/i.test(product)
      ? { symbol: product }
      : undefined;
  },
};
