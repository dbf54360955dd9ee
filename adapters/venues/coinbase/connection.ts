import { MICROS } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, parsed } from '../mapping/fields.js';
import type { Connection } from '../venue.js';

/**
 * How Advanced Trade is reached: one message subscribes to one channel, a subscription to `level2` begins with the book,
 * and `heartbeats` keeps channels open on which little happens.
 */
export const CONNECTION: Connection = {
  endpoints: { socket: 'wss://advanced-trade-ws.coinbase.com', rest: 'https://api.coinbase.com' },
  subscribe: (symbols) => [
    JSON.stringify({ type: 'subscribe', channel: 'heartbeats' }),
    ask('subscribe', 'level2', symbols),
    ask('subscribe', 'market_trades', symbols),
  ],
  resubscribe: (symbol) => [ask('unsubscribe', 'level2', [symbol]), ask('subscribe', 'level2', [symbol])],
  letters: 'upper',
  instruments: (symbols) => {
    const query = symbols.map((symbol) => `product_ids=${encodeURIComponent(symbol)}`).join('&');
    return [{ path: `/api/v3/brokerage/market/products${query === '' ? '' : `?${query}`}` }];
  },
  refusal,
  limits: {
    instrumentsPerConnection: 10, // a lost message breaks every book of its connection
    messages: { count: 4, within: MICROS.s },
    connects: { count: 4, within: MICROS.s },
    requests: { count: 5, within: MICROS.s },
    silence: 5 * MICROS.s,
  },
};

const ask = (type: 'subscribe' | 'unsubscribe', channel: string, symbols: readonly string[]): string =>
  JSON.stringify({ type, product_ids: symbols, channel });

/** `{"type":"error","message":"…"}` */
function refusal(text: string): string | undefined {
  if (!text.includes('"error"')) return undefined;
  try {
    const message = parsed(text);
    if (!isRecord(message) || message['type'] !== 'error') return undefined;
    return typeof message['message'] === 'string' ? message['message'] : 'no reason was given';
  } catch (error) {
    if (error instanceof MessageFault) return undefined; // the mapper says what is wrong with it
    throw error;
  }
}
