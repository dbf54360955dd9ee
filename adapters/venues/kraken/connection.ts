import { MICROS } from '../../../core/time.js';
import { isRecord, parsed } from '../mapping/fields.js';
import type { Connection } from '../venue.js';
import { DEPTH } from './messages.js';

const request = (method: string, id: number, params?: object): string =>
  JSON.stringify({ method, ...(params === undefined ? {} : { params }), req_id: id });

const book = (symbols: readonly string[]): object => ({ channel: 'book', symbol: symbols, depth: DEPTH });

/** How the second version of the feed is reached; limits as of the documentation read in 2025. */
export const CONNECTION: Connection = {
  endpoints: { socket: 'wss://ws.kraken.com', rest: 'https://api.kraken.com' },
  path: () => '/v2',
  letters: 'upper',
  subscribe: (symbols, id) => [
    request('subscribe', id, { ...book(symbols), snapshot: true }),
    request('subscribe', id, { channel: 'trade', symbol: symbols, snapshot: false }),
  ],
  resubscribe: (symbol, id) => [
    request('unsubscribe', id, book([symbol])),
    request('subscribe', id, { ...book([symbol]), snapshot: true }),
  ],
  // pairs go by other names there (`XBTUSD`), and one that is unknown costs the whole answer
  instruments: () => [{ path: '/0/public/AssetPairs' }],
  ping: { every: 30 * MICROS.s, text: (id) => request('ping', id) },
  refusal,
  limits: {
    instrumentsPerConnection: 50,
    messages: { count: 5, within: MICROS.s },
    connects: { count: 100, within: 10 * MICROS.m },
    requests: { count: 1, within: MICROS.s },
    silence: 5 * MICROS.s,
  },
};

function refusal(text: string): string | undefined {
  if (!text.includes('"success":false') || !text.includes('"subscribe"')) return undefined;
  const answer = parsed(text);
  if (!isRecord(answer) || answer['method'] !== 'subscribe' || typeof answer['error'] !== 'string') return undefined;
  const { error, symbol } = answer;
  if (/already subscribed/i.test(error)) return undefined; // it is open as it was
  return typeof symbol === 'string' && !error.includes(symbol) ? `${symbol}: ${error}` : error;
}
