import { isRecord } from '../mapping/fields.js';
import type { Venue } from '../venue.js';
import { CONNECTION } from './connection.js';
import { SERVER } from './dialect.js';
import { readInstruments } from './instruments.js';
import { CoinbaseMapper } from './mapper.js';
import { describe, VENUE } from './rules.js';

/** Coinbase: Advanced Trade live, the exchange's own feed in recordings of 2021 too. */
export const COINBASE: Venue = {
  name: VENUE,
  hosts: [
    'advanced-trade-ws.coinbase.com',
    'api.coinbase.com',
    'ws-feed.exchange.coinbase.com',
    'api.exchange.coinbase.com',
    'ws-feed.pro.coinbase.com',
    'api.pro.coinbase.com',
  ],
  rules: {
    channels: 'level2, market_trades, heartbeats; level2 and matches of the exchange’s feed (2021)',
    snapshot: 'the first message of a subscription to level2',
    sequence: 'sequence_num rises by 1 over all channels of a connection: a hole breaks all its books; none in 2021',
    checksum: 'none',
    limits: '8 messages/s and 8 connects/s; -USDC products come as those in -USD',
    ping: 'none: heartbeats every second',
    evidence:
      'a recording of 2021 (the exchange’s feed); the venue’s documentation (2025) for Advanced Trade, no recording; ' +
      'that market_trades names the maker’s side is read by others so, and said of the exchange’s feed only',
  },
  newMapper: (sink) => new CoinbaseMapper(sink),
  readInstruments,
  describe,
  recognise,
  connection: CONNECTION,
  server: SERVER,
};

const EXCHANGE: ReadonlySet<unknown> = new Set(['snapshot', 'l2update', 'match', 'last_match', 'ticker']);

function recognise(message: unknown): { readonly symbol: string | undefined } | undefined {
  if (!isRecord(message)) return undefined;
  const { type, product_id: id, channel, events } = message;
  if (EXCHANGE.has(type) && typeof id === 'string') return { symbol: id };
  if (typeof channel !== 'string' || !('sequence_num' in message) || !Array.isArray(events)) return undefined;
  const event: unknown = events[0];
  if (!isRecord(event)) return undefined;
  const trade: unknown = Array.isArray(event['trades']) ? event['trades'][0] : undefined;
  const symbol = event['product_id'] ?? (isRecord(trade) ? trade['product_id'] : undefined);
  return { symbol: typeof symbol === 'string' ? symbol : undefined };
}
