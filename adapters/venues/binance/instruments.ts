import type { InstrumentDefinition } from '../../../core/market/events.js';
import { isRecord, list, parsed, plainDecimal, record, text, type JsonRecord } from '../mapping/fields.js';
import type { Frame } from '../venue.js';
import { FEES } from './rules.js';
import { isSpot, type BinanceVenue } from './venue.js';

/** Reads a reply of `exchangeInfo`; undefined for any other. @throws {MessageFault} */
export function readInstruments(venue: BinanceVenue, { text: body, url }: Frame): InstrumentDefinition[] | undefined {
  if (url !== undefined && !url.includes('/exchangeInfo')) return undefined;
  const reply = parsed(body);
  if (!isRecord(reply) || !Array.isArray(reply['symbols'])) return undefined;
  return list('symbols', reply['symbols']).map((entry) => define(venue, record('symbols', entry)));
}

function define(venue: BinanceVenue, entry: JsonRecord): InstrumentDefinition {
  const symbol = text('symbol', entry['symbol']);
  const base = text('baseAsset', entry['baseAsset']);
  const quote = text('quoteAsset', entry['quoteAsset']);
  const filters = new Map<unknown, JsonRecord>(
    list('filters', entry['filters']).map((filter) => {
      const rules = record('filters', filter);
      return [rules['filterType'], rules];
    }),
  );
  const lot = filters.get('LOT_SIZE');
  const notional = filters.get('NOTIONAL') ?? filters.get('MIN_NOTIONAL');
  return {
    instrument: `${symbol}@${venue}`,
    kind: isSpot(venue) ? 'spot' : venue === 'binance-usdm' ? 'linear' : 'inverse',
    base,
    quote,
    settlement: isSpot(venue) ? quote : text('marginAsset', entry['marginAsset']),
    tickSize: plainDecimal('tickSize', filters.get('PRICE_FILTER')?.['tickSize']),
    lotSize: plainDecimal('stepSize', lot?.['stepSize']),
    minQuantity: plainDecimal('minQty', lot?.['minQty']),
    minNotional: plainDecimal('minNotional', notional?.['minNotional'] ?? notional?.['notional'] ?? '0'),
    multiplier: venue === 'binance-coinm' ? plainDecimal('contractSize', entry['contractSize']) : '1',
    rules: 'recording',
    fees: FEES[venue],
  };
}
