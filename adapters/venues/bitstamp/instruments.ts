import type { InstrumentDefinition } from '../../../core/market/events.js';
import { formatScaled, MAX_SCALE } from '../../../core/market/increments.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, list, parsed, plainDecimal, record, text, whole, type JsonRecord } from '../mapping/fields.js';
import type { Frame } from '../venue.js';
import { BITSTAMP, FEES } from './rules.js';

/** `trading-pairs-info` is the form until 2024, `markets` the one since. */
const PATH = /\/api\/v2\/(trading-pairs-info|markets)(\/|\?|$)/;

/** Reads a reply of `trading-pairs-info` or `markets`; undefined for any other. @throws {MessageFault} */
export function readInstruments({ text: body, url }: Frame): InstrumentDefinition[] | undefined {
  if (url === undefined || !PATH.test(url)) return undefined;
  return list('markets', parsed(body))
    .map((entry) => record('markets', entry))
    .filter(isSpot)
    .map(define);
}

/** What a perpetual contract's numbers count is not known here: its rules are inferred. */
const isSpot = ({ market_type: type }: JsonRecord): boolean => type === undefined || type === 'SPOT';

function define(entry: JsonRecord): InstrumentDefinition {
  const [base, quote] = text('name', entry['name']).split('/');
  if (base === undefined || quote === undefined) throw new MessageFault('bad_message', '"name" is no BASE/QUOTE');
  const symbol = text('market_symbol', entry['market_symbol'] ?? entry['url_symbol']);
  return {
    instrument: `${symbol.toUpperCase()}@${BITSTAMP}`,
    kind: 'spot',
    base,
    quote,
    settlement: quote,
    tickSize: step('counter_decimals', entry),
    lotSize: step('base_decimals', entry),
    minQuantity: '0',
    minNotional: minNotional(entry),
    multiplier: '1',
    rules: 'recording',
    fees: FEES,
  };
}

function step(field: string, entry: JsonRecord): string {
  const places = whole(field, entry[field]);
  if (places <= MAX_SCALE) return formatScaled(1, places);
  throw new MessageFault('bad_message', `"${field}" is ${places}`);
}

/** `"20.0 USD"` of old, `"10"` since. */
function minNotional(entry: JsonRecord): string {
  const least = entry['minimum_order_value'] ?? entry['minimum_order'] ?? '0';
  return plainDecimal('minimum_order', typeof least === 'string' ? least.split(' ')[0] : least);
}

/** The pair whose whole book a REST reply holds, levels by price; undefined for any other request. */
export function bookPair({ url }: Frame): string | undefined {
  return url === undefined ? undefined : /\/api\/v2\/order_book\/([a-z0-9-]+)\/?(?:\?(?:group=1)?)?$/.exec(url)?.[1];
}

/** Whether it is the reply of `order_book`. */
export const isBook = (reply: unknown): reply is JsonRecord =>
  isRecord(reply) && 'microtimestamp' in reply && 'bids' in reply;
