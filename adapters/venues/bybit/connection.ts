import { MICROS } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, parsed } from '../mapping/fields.js';
import type { Connection } from '../venue.js';
import { categoryOf, type BybitVenue } from './venue.js';

/** Levels a side that we subscribe to: every 100 ms for contracts, every 200 ms for spot. */
export const LIVE_DEPTH = 200;

/** A subscription to spot takes so many arguments at most; the others take more. */
const MOST_ARGUMENTS = 10;

/** How a Bybit market is reached: each has a socket of its own, and a subscription to a book begins with its snapshot. */
export function connectionOf(venue: BybitVenue): Connection {
  const category = categoryOf(venue);
  return {
    endpoints: { socket: 'wss://stream.bybit.com', rest: 'https://api.bybit.com' },
    path: () => `/v5/public/${category}`,
    subscribe: (symbols, id) =>
      inPortions(symbols.flatMap((symbol) => [bookOf(symbol), `publicTrade.${symbol}`])).map((args, index) =>
        JSON.stringify({ req_id: `${id}-${index}`, op: 'subscribe', args }),
      ),
    resubscribe: (symbol, id) =>
      ['unsubscribe', 'subscribe'].map((op) => JSON.stringify({ req_id: `${id}-${op}`, op, args: [bookOf(symbol)] })),
    letters: 'upper',
    instruments: (symbols) =>
      symbols.length === 0
        ? [{ path: `${INSTRUMENTS}?category=${category}&limit=1000` }]
        : symbols.map((symbol) => ({
            path: `${INSTRUMENTS}?category=${category}&symbol=${encodeURIComponent(symbol)}`,
          })),
    ping: { every: 20 * MICROS.s, text: (id) => JSON.stringify({ req_id: String(id), op: 'ping' }) },
    refusal,
    limits: {
      instrumentsPerConnection: 100,
      messages: { count: 5, within: MICROS.s },
      connects: { count: 100, within: 5 * MICROS.m },
      requests: { count: 10, within: MICROS.s },
      silence: 25 * MICROS.s, // a pong comes every 20 s where nothing else does
    },
  };
}

const INSTRUMENTS = '/v5/market/instruments-info';

const bookOf = (symbol: string): string => `orderbook.${LIVE_DEPTH}.${symbol}`;

function inPortions(args: readonly string[]): string[][] {
  const portions: string[][] = [];
  for (let from = 0; from < args.length; from += MOST_ARGUMENTS) portions.push(args.slice(from, from + MOST_ARGUMENTS));
  return portions;
}

/** `{"success":false,"ret_msg":"…","op":"subscribe"}` */
function refusal(text: string): string | undefined {
  if (!text.includes('"success"')) return undefined;
  try {
    const message = parsed(text);
    if (!isRecord(message) || message['success'] !== false) return undefined;
    return typeof message['ret_msg'] === 'string' ? message['ret_msg'] : 'no reason was given';
  } catch (error) {
    if (error instanceof MessageFault) return undefined; // the mapper says what is wrong with it
    throw error;
  }
}
