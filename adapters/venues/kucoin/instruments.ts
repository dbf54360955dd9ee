import { Decimal } from '../../../core/decimal.js';
import type { InstrumentDefinition } from '../../../core/market/events.js';
import { isRecord, parsed, plainDecimal, text, whole, type JsonRecord } from '../mapping/fields.js';
import type { Frame } from '../venue.js';
import { LIVE_DEPTH } from './connection.js';
import { BASE_FEE, VENUE } from './rules.js';

/** Reads a list of symbols, of `/api/v1/symbols` (2021) or `/api/v2/symbols`; undefined for any other reply. @throws {MessageFault} */
export function readInstruments({ text: body, url }: Frame): InstrumentDefinition[] | undefined {
  if (url !== undefined && !/\/symbols(?:\/|\?|$)/.test(url)) return undefined;
  if (!body.includes('"priceIncrement"')) return undefined;
  const reply = parsed(body);
  if (!isRecord(reply)) return undefined;
  const { data } = reply;
  const entries: readonly unknown[] = Array.isArray(data) ? data : [data];
  return entries.length > 0 && entries.every(isSymbol) ? entries.map(define) : undefined;
}

const isSymbol = (entry: unknown): entry is JsonRecord =>
  isRecord(entry) && typeof entry['symbol'] === 'string' && 'priceIncrement' in entry && 'baseIncrement' in entry;

function define(entry: JsonRecord): InstrumentDefinition {
  const quote = text('quoteCurrency', entry['quoteCurrency']);
  return {
    instrument: `${text('symbol', entry['symbol'])}@${VENUE}`,
    kind: 'spot',
    base: text('baseCurrency', entry['baseCurrency']),
    quote,
    settlement: quote,
    tickSize: plainDecimal('priceIncrement', entry['priceIncrement']),
    lotSize: plainDecimal('baseIncrement', entry['baseIncrement']),
    minQuantity: plainDecimal('baseMinSize', entry['baseMinSize']),
    minNotional: plainDecimal('minFunds', entry['minFunds'] ?? '0'),
    multiplier: '1',
    rules: 'recording',
    fees: { maker: feeOf(entry, 'makerFeeCoefficient'), taker: feeOf(entry, 'takerFeeCoefficient') },
    publishedDepth: LIVE_DEPTH,
  };
}

/** The base tier of the second class is twice that of the first, of the third three times; some pairs have a discount. */
function feeOf(entry: JsonRecord, coefficient: string): string {
  const category = whole('feeCategory', entry['feeCategory'] ?? 1);
  const discount = plainDecimal(coefficient, entry[coefficient] ?? '1');
  return new Decimal(BASE_FEE).times(category).times(discount).toString();
}
