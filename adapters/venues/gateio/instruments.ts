import type { InstrumentDefinition } from '../../../core/market/events.js';
import { formatScaled, MAX_SCALE, parseScaled } from '../../../core/market/increments.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, parsed, plainDecimal, record, text, whole, type JsonRecord } from '../mapping/fields.js';
import type { Frame } from '../venue.js';
import { DEPTH, FEES, GATEIO } from './rules.js';

/** All pairs, or one of them. */
const PATH = /\/api\/v4\/spot\/currency_pairs(\/|\?|$)/;

/** Reads a reply of `currency_pairs`; undefined for any other. @throws {MessageFault} */
export function readInstruments({ text: body, url }: Frame): InstrumentDefinition[] | undefined {
  if (url === undefined || !PATH.test(url)) return undefined;
  const reply = parsed(body);
  return (Array.isArray(reply) ? reply : [reply]).map((entry) => define(record('currency_pairs', entry)));
}

function define(entry: JsonRecord): InstrumentDefinition {
  const quote = text('quote', entry['quote']);
  const fee = entry['fee'] === undefined ? FEES.taker : ofPercent(plainDecimal('fee', entry['fee']));
  return {
    instrument: `${text('id', entry['id']).toUpperCase()}@${GATEIO}`,
    kind: 'spot',
    base: text('base', entry['base']),
    quote,
    settlement: quote,
    tickSize: step('precision', entry),
    lotSize: step('amount_precision', entry),
    minQuantity: plainDecimal('min_base_amount', entry['min_base_amount'] ?? '0'),
    minNotional: plainDecimal('min_quote_amount', entry['min_quote_amount'] ?? '0'),
    multiplier: '1',
    rules: 'recording',
    fees: { maker: fee, taker: fee },
    publishedDepth: DEPTH,
  };
}

function step(field: string, entry: JsonRecord): string {
  const places = whole(field, entry[field]);
  if (places <= MAX_SCALE) return formatScaled(1, places);
  throw new MessageFault('bad_message', `"${field}" is ${places}`);
}

function ofPercent(percent: string): string {
  const { mantissa, scale } = parseScaled(percent)!;
  return formatScaled(mantissa, scale + 2);
}

/** The pair whose numbered book a REST reply holds; undefined for any other request. */
export function bookPair({ url }: Frame): string | undefined {
  return url === undefined || !url.includes('/spot/order_book')
    ? undefined
    : /[?&]currency_pair=([^&]+)/.exec(url)?.[1]?.toUpperCase();
}

/** Whether it is the reply of `order_book` to a request `with_id`; without an id no message goes on from it. */
export const isBook = (reply: unknown): reply is JsonRecord => isRecord(reply) && 'id' in reply && 'asks' in reply;
