import type { InstrumentDefinition } from '../../../core/market/events.js';
import { formatScaled } from '../../../core/market/increments.js';
import { MessageFault } from '../mapping/fault.js';
import { type Description, splitPair } from '../mapping/definitions.js';
import { isRecord, type JsonRecord, parsed, plainDecimal, text, whole } from '../mapping/fields.js';
import type { Frame } from '../venue.js';

/** Levels a side that `depth.step0` publishes. */
export const PUBLISHED_DEPTH = 150;

/** Base tier, both sides. */
const FEES: InstrumentDefinition['fees'] = { maker: '0.002', taker: '0.002' };

/** One that another ends in comes later. */
const QUOTES = [
  'USDT',
  'HUSD',
  'USDC',
  'USDD',
  'TUSD',
  'USD',
  'BTC',
  'ETH',
  'HT',
  'TRX',
  'EUR',
  'EURT',
  'BRL',
  'TRY',
  'UAH',
];

/** What a symbol says of its instrument. */
export function describe(symbol: string): Description {
  const { base, quote } = splitPair(symbol.toUpperCase(), QUOTES);
  return { kind: 'spot', base, quote, settlement: quote, multiplier: '1', fees: FEES, publishedDepth: PUBLISHED_DEPTH };
}

/** The names of one instrument's fields in each of the two replies that tell rules. */
const FIELDS = {
  '/common/symbols': {
    base: 'base-currency',
    quote: 'quote-currency',
    pricePlaces: 'price-precision',
    sizePlaces: 'amount-precision',
    minSize: 'limit-order-min-order-amt',
    minSizeBefore: 'min-order-amt',
    minValue: 'min-order-value',
  },
  '/settings/common/market-symbols': {
    base: 'bc',
    quote: 'qc',
    pricePlaces: 'pp',
    sizePlaces: 'ap',
    minSize: 'lominoa',
    minSizeBefore: 'minoa',
    minValue: 'minov',
  },
} as const;
type Fields = (typeof FIELDS)[keyof typeof FIELDS];

/**
 * Reads a reply of `/v1/common/symbols` or `/v1/settings/common/market-symbols`; undefined for any other.
 *
 * @throws {MessageFault}
 */
export function readInstruments({ text: body, url }: Frame): InstrumentDefinition[] | undefined {
  if (url !== undefined && !Object.keys(FIELDS).some((path) => url.includes(path))) return undefined;
  const reply = parsed(body);
  if (!isRecord(reply) || !Array.isArray(reply['data'])) return undefined;
  const rows = reply['data'].filter(isRecord);
  const fields = Object.values(FIELDS).find(({ sizePlaces }) => rows.some((row) => sizePlaces in row));
  return fields && rows.map((row) => define(row, fields));
}

function define(row: JsonRecord, fields: Fields): InstrumentDefinition {
  const symbol = text('symbol', row['symbol']).toUpperCase();
  const quote = text(fields.quote, row[fields.quote]).toUpperCase();
  return {
    instrument: `${symbol}@htx`,
    ...describe(symbol),
    base: text(fields.base, row[fields.base]).toUpperCase(),
    quote,
    settlement: quote,
    tickSize: step(fields.pricePlaces, row),
    lotSize: step(fields.sizePlaces, row),
    minQuantity: plainDecimal(fields.minSize, row[fields.minSize] ?? row[fields.minSizeBefore] ?? 0),
    minNotional: plainDecimal(fields.minValue, row[fields.minValue] ?? 0),
    rules: 'recording',
  };
}

function step(field: string, row: JsonRecord): string {
  const places = whole(field, row[field]);
  if (places > 18)
    throw new MessageFault('bad_message', `"${field}" is ${places}, more decimal places than are counted`);
  return formatScaled(1, places);
}
