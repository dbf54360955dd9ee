import { isRecord } from '../mapping/fields.js';

/** What a client asked for. */
export interface Asked {
  readonly method: 'subscribe' | 'unsubscribe' | 'ping';
  readonly channel: 'book' | 'trade';
  readonly symbols: readonly string[];
  readonly depth: number | undefined;
  /** The client's number of the request, as the answer repeats it. */
  readonly tag: { readonly req_id?: number };
}

/** Reads a client's message. @returns a text for what cannot be done: the answer */
export function askedIn(text: string): Asked | string {
  const message = jsonIn(text);
  if (!isRecord(message)) return problem('Malformed request', undefined, {});
  const { method, params, req_id: id } = message;
  const tag = typeof id === 'number' && Number.isSafeInteger(id) ? { req_id: id } : {};
  if (method === 'ping') return { method, channel: 'book', symbols: [], depth: undefined, tag };
  if (method !== 'subscribe' && method !== 'unsubscribe') return problem('Method not supported', method, tag);
  if (!isRecord(params)) return problem('Malformed request: no params', method, tag);
  const { channel, symbol, depth } = params;
  if (channel !== 'book' && channel !== 'trade') return problem('Channel not supported', method, tag);
  if (!Array.isArray(symbol) || !symbol.every((one): one is string => typeof one === 'string'))
    return problem('Malformed request: symbol is no list of pairs', method, tag);
  return { method, channel, symbols: symbol, depth: typeof depth === 'number' ? depth : undefined, tag };
}

const problem = (error: string, method: unknown, tag: Asked['tag']): string =>
  JSON.stringify({ error, ...(typeof method === 'string' ? { method } : {}), success: false, ...tag });

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
