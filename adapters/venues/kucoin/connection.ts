import { MICROS } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, list, parsed, record, shown, text, whole } from '../mapping/fields.js';
import type { Connection } from '../venue.js';

/** Levels a side of the order book that anyone may ask for; the whole book is given to holders of a key only. */
export const LIVE_DEPTH = 100;

/** Instruments that one message may subscribe to. */
const MOST_SYMBOLS = 100;

/**
 * How KuCoin is reached: REST gives a token and the address of the socket, a snapshot over REST joins the changes by its
 * sequence.
 */
export const CONNECTION: Connection = {
  endpoints: { socket: 'wss://ws-api-spot.kucoin.com', rest: 'https://api.kucoin.com' },
  address: {
    request: { method: 'POST', path: '/api/v1/bullet-public', body: '' },
    read: (reply) => {
      const data = record('data', record('bullet', parsed(reply))['data']);
      const server = record('instanceServers', list('instanceServers', data['instanceServers'])[0]);
      const endpoint = text('endpoint', server['endpoint']);
      if (!/^wss?:\/\//.test(endpoint))
        throw new MessageFault('bad_message', `"endpoint" is no address of a socket: ${shown(endpoint)}`);
      return {
        url: `${endpoint}?token=${encodeURIComponent(text('token', data['token']))}`,
        pingEvery: whole('pingInterval', server['pingInterval']) * MICROS.ms,
      };
    },
  },
  subscribe: (symbols, id) =>
    ['level2', 'match'].flatMap((channel) =>
      inPortions(symbols).map((portion, index) =>
        JSON.stringify({
          id: `${id}-${channel}-${index}`,
          type: 'subscribe',
          topic: `/market/${channel}:${portion.join(',')}`,
          privateChannel: false,
          response: true,
        }),
      ),
    ),
  snapshot: (symbol) => ({
    path: `/api/v1/market/orderbook/level2_${LIVE_DEPTH}?symbol=${encodeURIComponent(symbol)}`,
  }),
  letters: 'upper',
  instruments: () => [{ path: '/api/v2/symbols' }],
  ping: { every: 18 * MICROS.s, text: (id) => JSON.stringify({ id: String(id), type: 'ping' }) },
  refusal,
  limits: {
    instrumentsPerConnection: 100,
    messages: { count: 50, within: 10 * MICROS.s },
    connects: { count: 15, within: MICROS.m },
    requests: { count: 5, within: MICROS.s },
    life: 24 * MICROS.h,
    silence: 25 * MICROS.s, // a pong comes every 18 s where nothing else does
  },
};

function inPortions(symbols: readonly string[]): (readonly string[])[] {
  const portions: (readonly string[])[] = [];
  for (let from = 0; from < symbols.length; from += MOST_SYMBOLS)
    portions.push(symbols.slice(from, from + MOST_SYMBOLS));
  return portions;
}

/** `{"id":"…","type":"error","code":404,"data":"…"}` */
function refusal(message: string): string | undefined {
  if (!message.includes('"error"')) return undefined;
  try {
    const answer = parsed(message);
    if (!isRecord(answer) || answer['type'] !== 'error') return undefined;
    return typeof answer['data'] === 'string' ? answer['data'] : 'no reason was given';
  } catch (error) {
    if (error instanceof MessageFault) return undefined; // the mapper says what is wrong with it
    throw error;
  }
}
