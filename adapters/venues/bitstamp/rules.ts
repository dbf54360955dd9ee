import type { InstrumentDefinition } from '../../../core/market/events.js';
import { splitPair, type Description } from '../mapping/definitions.js';
import type { VenueRules } from '../venue.js';

export const BITSTAMP = 'bitstamp';
export const HOSTS: readonly string[] = ['ws.bitstamp.net', 'www.bitstamp.net'];

export const RULES: VenueRules = {
  channels:
    'diff_order_book_PAIR, live_trades_PAIR; the log of 2015: order_book (20 levels a side, whole each time), trade',
  snapshot: 'REST order_book, whole; messages that come before it are held',
  sequence:
    'the microtimestamp never falls; what is not newer than the snapshot is left out. Nothing shows that a message is missing',
  checksum: 'none',
  limits: '400 requests/s and 10,000 in 10 min; a connection lives 90 days',
  ping: 'bts:heartbeat, and the ping frame of the socket',
  evidence:
    'channels, sides and times: recording of 2022; the log: recording of 2015; limits, heartbeat and the form of `markets`: documentation and public clients (2025)',
};

/** Public base tier of 2025, fractions of notional. */
export const FEES: InstrumentDefinition['fees'] = { maker: '0.003', taker: '0.004' };

/** Quote currencies; one that another ends in comes later. */
const QUOTES = 'USDT USDC PYUSD EURC EURR PAX USD EUR GBP BTC ETH'.split(' ');

/** What an instrument is, by its symbol: `btcusd`; `btcusd-perp` for a perpetual contract. */
export function describe(symbol: string): Description {
  const [pair = '', suffix] = symbol.toUpperCase().split('-');
  const { base, quote } = splitPair(pair, QUOTES);
  const kind = suffix === 'PERP' ? 'linear' : 'spot';
  return { kind, base, quote, settlement: quote, multiplier: '1', fees: FEES };
}
