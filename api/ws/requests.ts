import { isObject, readJson, type JsonSent } from '../../adapters/requests/json-text.js';
import { nearest } from '../../adapters/requests/nearest.js';
import { sentence, shortened } from '../../adapters/requests/problem.js';
import { parsePosition } from './position.js';

/** A client's message that will not be done, as an `{ "error": … }` frame tells it. */
export class StreamError extends Error {
  override readonly name = 'StreamError';
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly channel?: string,
  ) {
    super(detail);
  }
}

export type StreamRequest = { readonly subscribe: string; readonly from?: string } | { readonly unsubscribe: string };

const LONGEST_CHANNEL = 200;

/** @throws {StreamError} */
export function readRequest(text: string): StreamRequest {
  const read = readJson(text);
  if (read.problem !== undefined) throw new StreamError(read.problem.code, sentence(read.problem));
  const sent = read.ok;
  if (!isObject(sent)) throw new StreamError('wrong_type', 'a message is an object; send {"subscribe": "orders"}');
  for (const key of Object.keys(sent))
    if (key !== 'subscribe' && key !== 'unsubscribe' && key !== 'from')
      throw new StreamError(
        'unknown_key',
        `${JSON.stringify(shortened(key))} is no key of a message; did you mean "${nearest(key, ['subscribe', 'unsubscribe', 'from'])}"?`,
      );
  const { subscribe, unsubscribe, from } = sent;
  if ((subscribe === undefined) === (unsubscribe === undefined))
    throw new StreamError('malformed', 'a message subscribes or unsubscribes; send one of the two');
  if (unsubscribe !== undefined) {
    if (from !== undefined) throw new StreamError('malformed', 'from belongs to subscribe; leave it out');
    return { unsubscribe: channelText(unsubscribe) };
  }
  const channel = channelText(subscribe);
  return from === undefined ? { subscribe: channel } : { subscribe: channel, from: positionText(from, channel) };
}

function channelText(sent: JsonSent | undefined): string {
  if (typeof sent === 'string' && sent.length <= LONGEST_CHANNEL) return sent;
  throw new StreamError(
    'wrong_type',
    'a channel is a text; send "orders", "order:<id>", "book:<instrument>" or "trades:<instrument>"',
  );
}

function positionText(sent: JsonSent, channel: string): string {
  if (typeof sent === 'string' && parsePosition(sent) !== undefined) return sent;
  throw new StreamError(
    'malformed',
    'from is no position; send one as frames carry it, a text such as "120.7"',
    channel,
  );
}
