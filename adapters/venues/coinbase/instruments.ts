import type { InstrumentDefinition } from '../../../core/market/events.js';
import { isRecord, list, parsed, plainDecimal, record, text, type JsonRecord } from '../mapping/fields.js';
import type { Frame } from '../venue.js';
import { FEES, VENUE } from './rules.js';

/**
 * Reads a list of products: `/api/v3/brokerage/market/products` of Advanced Trade, or `/products` of the exchange (2021);
 * undefined for any other reply.
 *
 * @throws {MessageFault}
 */
export function readInstruments({ text: body, url }: Frame): InstrumentDefinition[] | undefined {
  if (url !== undefined && !/\/products(?:\?|$)/.test(url)) return undefined;
  if (!body.includes('"base_increment"') && !body.includes('"products"')) return undefined;
  const reply = parsed(body);
  if (isRecord(reply) && Array.isArray(reply['products']))
    return list('products', reply['products']).map((entry) => defineAdvanced(record('products', entry)));
  if (!Array.isArray(reply) || reply.length === 0 || !reply.every(isProduct)) return undefined;
  return reply.map(defineExchange);
}

const isProduct = (entry: unknown): entry is JsonRecord =>
  isRecord(entry) && typeof entry['id'] === 'string' && 'base_increment' in entry && 'quote_increment' in entry;

function defineExchange(entry: JsonRecord): InstrumentDefinition {
  const quote = text('quote_currency', entry['quote_currency']);
  return {
    instrument: `${text('id', entry['id'])}@${VENUE}`,
    kind: 'spot',
    base: text('base_currency', entry['base_currency']),
    quote,
    settlement: quote,
    tickSize: plainDecimal('quote_increment', entry['quote_increment']),
    lotSize: plainDecimal('base_increment', entry['base_increment']),
    minQuantity: plainDecimal('base_min_size', entry['base_min_size'] ?? '0'),
    minNotional: plainDecimal('min_market_funds', entry['min_market_funds'] ?? '0'),
    multiplier: '1',
    rules: 'recording',
    fees: FEES,
  };
}

/** A future names what one contract is; its own base currency is empty. */
function defineAdvanced(entry: JsonRecord): InstrumentDefinition {
  const quote = text('quote_currency_id', entry['quote_currency_id']);
  const isFuture = entry['product_type'] === 'FUTURE';
  const contract = isFuture ? record('future_product_details', entry['future_product_details']) : {};
  return {
    instrument: `${text('product_id', entry['product_id'])}@${VENUE}`,
    kind: isFuture ? 'linear' : 'spot',
    base: isFuture
      ? text('contract_root_unit', contract['contract_root_unit'])
      : text('base_currency_id', entry['base_currency_id']),
    quote,
    settlement: quote,
    tickSize: plainDecimal('price_increment', entry['price_increment'] ?? entry['quote_increment']),
    lotSize: plainDecimal('base_increment', entry['base_increment']),
    minQuantity: plainDecimal('base_min_size', entry['base_min_size'] ?? '0'),
    minNotional: plainDecimal('quote_min_size', entry['quote_min_size'] ?? '0'),
    multiplier: isFuture ? plainDecimal('contract_size', contract['contract_size']) : '1',
    rules: 'recording',
    fees: FEES,
  };
}
