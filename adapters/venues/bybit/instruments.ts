import type { InstrumentDefinition } from '../../../core/market/events.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, list, parsed, plainDecimal, record, shown, text, type JsonRecord } from '../mapping/fields.js';
import type { Frame } from '../venue.js';
import { LIVE_DEPTH } from './connection.js';
import { FEES } from './rules.js';
import { categoryOf, type BybitVenue, type Category } from './venue.js';

/**
 * Reads the reply of `/v5/market/instruments-info`, which is of one market, or of `/v2/public/symbols` (2021), which names
 * linear and inverse contracts together; undefined for any other, and for one of another market.
 *
 * @throws {MessageFault}
 */
export function readInstruments(venue: BybitVenue, { text: body, url }: Frame): InstrumentDefinition[] | undefined {
  if (url !== undefined && !/\/instruments-info|\/public\/symbols/.test(url)) return undefined;
  if (!body.includes('"result"')) return undefined;
  const reply = parsed(body);
  if (!isRecord(reply)) return undefined;
  const { result } = reply;
  const category = categoryOf(venue);
  if (Array.isArray(result)) {
    const entries = list('result', result).map((entry) => record('result', entry));
    return entries.filter((entry) => isOfV2(category, entry)).map((entry) => defineV2(venue, category, entry));
  }
  // an unknown symbol is refused with an empty result
  if (typeof reply['retCode'] === 'number' && reply['retCode'] !== 0) return url === undefined ? undefined : [];
  if (!isRecord(result) || !Array.isArray(result['list'])) return undefined;
  const told = result['category'] ?? (url === undefined ? undefined : /[?&]category=(\w+)/.exec(url)?.[1]);
  if (told !== undefined && told !== category) return undefined;
  const entries = list('list', result['list']).map((entry) => record('list', entry));
  return entries.every((entry) => isOfV5(category, entry))
    ? entries.map((entry) => defineV5(venue, category, entry))
    : undefined;
}

const isOfV5 = (category: Category, { symbol, contractType }: JsonRecord): boolean =>
  typeof symbol === 'string' &&
  (category === 'spot'
    ? contractType === undefined
    : typeof contractType === 'string' && contractType.toLowerCase().startsWith(category));

function defineV5(venue: BybitVenue, category: Category, entry: JsonRecord): InstrumentDefinition {
  const lots = record('lotSizeFilter', entry['lotSizeFilter']);
  const quote = text('quoteCoin', entry['quoteCoin']);
  return {
    instrument: `${text('symbol', entry['symbol'])}@${venue}`,
    kind: category,
    base: text('baseCoin', entry['baseCoin']),
    quote,
    settlement: category === 'spot' ? quote : text('settleCoin', entry['settleCoin']),
    tickSize: plainDecimal('tickSize', record('priceFilter', entry['priceFilter'])['tickSize']),
    lotSize: plainDecimal('qtyStep', category === 'spot' ? lots['basePrecision'] : lots['qtyStep']),
    minQuantity: plainDecimal('minOrderQty', lots['minOrderQty']),
    minNotional: plainDecimal('minNotionalValue', lots['minNotionalValue'] ?? lots['minOrderAmt'] ?? '0'),
    multiplier: '1',
    rules: 'recording',
    fees: FEES[category],
    publishedDepth: LIVE_DEPTH,
  };
}

const isOfV2 = (category: Category, { quote_currency: quote }: JsonRecord): boolean =>
  category === 'inverse' ? quote === 'USD' : category === 'linear' && quote === 'USDT';

function defineV2(venue: BybitVenue, category: Category, entry: JsonRecord): InstrumentDefinition {
  const lots = record('lot_size_filter', entry['lot_size_filter']);
  const base = text('base_currency', entry['base_currency']);
  const quote = text('quote_currency', entry['quote_currency']);
  return {
    instrument: `${text('name', entry['name'])}@${venue}`,
    kind: category,
    base,
    quote,
    settlement: category === 'inverse' ? base : quote,
    tickSize: plainDecimal('tick_size', record('price_filter', entry['price_filter'])['tick_size']),
    lotSize: plainDecimal('qty_step', lots['qty_step']),
    minQuantity: plainDecimal('min_trading_qty', lots['min_trading_qty']),
    minNotional: '0',
    multiplier: '1',
    rules: 'recording',
    fees: { maker: fee('maker_fee', entry['maker_fee']), taker: fee('taker_fee', entry['taker_fee']) },
  };
}

/** A fraction of notional; a maker's may be below zero. @throws {MessageFault} */
function fee(field: string, value: unknown): string {
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return value;
  throw new MessageFault('bad_message', `"${field}" is no fee: ${shown(value)}`);
}
