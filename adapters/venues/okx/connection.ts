import { MICROS } from '../../../core/time.js';
import { isRecord, parsed } from '../mapping/fields.js';
import type { Connection, Request } from '../venue.js';

type Op = 'subscribe' | 'unsubscribe';

const request = (op: Op, id: number, channels: readonly string[], symbols: readonly string[]): string =>
  JSON.stringify({
    id: String(id),
    op,
    args: symbols.flatMap((instId) => channels.map((channel) => ({ channel, instId }))),
  });

/** How the fifth version of the feed is reached; limits as of the documentation read in 2025. */
export const CONNECTION: Connection = {
  endpoints: { socket: 'wss://ws.okx.com:8443', rest: 'https://www.okx.com' },
  path: () => '/ws/v5/public',
  letters: 'upper',
  // `trades` tells the fills of one taker at one price as one; each of them stands in `trades-all`, on another address
  subscribe: (symbols, id) => [request('subscribe', id, ['books', 'trades'], symbols)],
  resubscribe: (symbol, id) => [
    request('unsubscribe', id, ['books'], [symbol]),
    request('subscribe', id, ['books'], [symbol]),
  ],
  instruments: (symbols) =>
    symbols.length === 0 ? ['SPOT', 'SWAP', 'FUTURES'].map(allOf) : symbols.map((symbol) => rulesOf(symbol)),
  // pings count among the messages, and nothing comes of a quiet instrument but the answers to them
  ping: { every: 20 * MICROS.s, text: () => 'ping' },
  refusal,
  limits: {
    instrumentsPerConnection: 25,
    messages: { count: 480, within: MICROS.h },
    connects: { count: 3, within: MICROS.s },
    requests: { count: 20, within: 2 * MICROS.s },
    silence: 30 * MICROS.s,
  },
};

const PATH = '/api/v5/public/instruments';

const allOf = (type: string): Request => ({ path: `${PATH}?instType=${type}` });

function rulesOf(symbol: string): Request {
  const parts = symbol.split('-');
  const id = `instId=${encodeURIComponent(symbol)}`;
  if (parts.length === 2) return { path: `${PATH}?instType=SPOT&${id}` };
  if (parts.length === 3) return { path: `${PATH}?instType=${parts[2] === 'SWAP' ? 'SWAP' : 'FUTURES'}&${id}` };
  return { path: `${PATH}?instType=OPTION&instFamily=${encodeURIComponent(parts.slice(0, 2).join('-'))}&${id}` };
}

function refusal(text: string): string | undefined {
  if (!text.includes('"event":"error"')) return undefined;
  const answer = parsed(text);
  return isRecord(answer) && typeof answer['msg'] === 'string' ? answer['msg'] : undefined;
}
