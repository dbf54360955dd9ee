import type { InstrumentDefinition } from '../../../core/market/events.js';
import type { Description } from '../mapping/definitions.js';
import type { VenueRules } from '../venue.js';

export const GATEIO = 'gateio';
export const HOSTS: readonly string[] = ['api.gateio.ws', 'ws.gate.io'];

/** Levels a side that the REST book of `limit=100` and the 100 ms updates keep. */
export const DEPTH = 100;

export const RULES: VenueRules = {
  channels: 'spot.order_book_update (100ms), spot.trades',
  snapshot: `REST spot/order_book with its id, ${DEPTH} levels a side; messages that come before it are held`,
  sequence: 'U = last u + 1; first after the snapshot: U <= id + 1 <= u',
  checksum: 'none',
  limits: '200 requests in 10 s by endpoint; 300 connections from one address',
  ping: 'spot.ping, answered by spot.pong; the ping frame of the socket',
  evidence:
    'channels, sides and times: recording of 2021; sequence: recording and documentation; limits and ping: documentation (2025)',
};

/** Public base tier: `fee` of `currency_pairs`, which says 0.2 percent for nearly every pair. */
export const FEES: InstrumentDefinition['fees'] = { maker: '0.002', taker: '0.002' };

/** What an instrument is, by its symbol: `BTC_USDT`. */
export function describe(symbol: string): Description {
  const [base = symbol, quote = ''] = symbol.split('_');
  return { kind: 'spot', base, quote, settlement: quote, multiplier: '1', fees: FEES, publishedDepth: DEPTH };
}
