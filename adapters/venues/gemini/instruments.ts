import type { InstrumentDefinition } from '../../../core/market/events.js';
import { type Description, splitPair } from '../mapping/definitions.js';
import { isRecord, type JsonRecord, parsed, plainDecimal, text } from '../mapping/fields.js';
import type { Frame } from '../venue.js';

/** Base tier of the venue's schedule for its API, as of June 2022; perpetuals have their own. */
const FEES: InstrumentDefinition['fees'] = { maker: '0.002', taker: '0.004' };
const PERPETUAL_FEES: InstrumentDefinition['fees'] = { maker: '0.0002', taker: '0.0007' };

/** One that another ends in comes later. */
const QUOTES = ['GUSD', 'USDT', 'USDC', 'USD', 'DAI', 'BTC', 'ETH', 'BCH', 'LTC', 'FIL', 'EUR', 'GBP', 'SGD'];
const PERPETUAL = /PERP$/;

/** What a symbol says of its instrument. */
export function describe(symbol: string): Description {
  const name = symbol.toUpperCase();
  const { base, quote } = splitPair(name.replace(PERPETUAL, ''), QUOTES);
  const pair = { base, quote, settlement: quote, multiplier: '1' };
  return PERPETUAL.test(name)
    ? { kind: 'linear', ...pair, fees: PERPETUAL_FEES }
    : { kind: 'spot', ...pair, fees: FEES };
}

/** Reads a reply of `/v1/symbols/details/…`; undefined for any other. @throws {MessageFault} */
export function readInstruments({ text: body, url }: Frame): InstrumentDefinition[] | undefined {
  if (url !== undefined && !url.includes('/symbols/details')) return undefined;
  const reply = parsed(body);
  const rows: readonly unknown[] = Array.isArray(reply) ? reply : [reply];
  if (!rows.every((row) => isRecord(row) && 'quote_increment' in row) || rows.length === 0) return undefined;
  return rows.map((row) => define(row as JsonRecord));
}

/** The venue calls the smallest step of the quantity `tick_size`, and that of the price `quote_increment`. */
function define(row: JsonRecord): InstrumentDefinition {
  const symbol = text('symbol', row['symbol']).toUpperCase();
  const quote = text('quote_currency', row['quote_currency']);
  const { contract_price_currency: settled } = row;
  return {
    instrument: `${symbol}@gemini`,
    ...describe(symbol),
    base: text('base_currency', row['base_currency']),
    quote,
    settlement: typeof settled === 'string' && settled !== '' ? settled : quote,
    tickSize: plainDecimal('quote_increment', row['quote_increment']),
    lotSize: plainDecimal('tick_size', row['tick_size']),
    minQuantity: plainDecimal('min_order_size', row['min_order_size']),
    minNotional: '0',
    rules: 'recording',
  };
}
