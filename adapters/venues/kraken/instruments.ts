import type { InstrumentDefinition } from '../../../core/market/events.js';
import { formatScaled, parseScaled } from '../../../core/market/increments.js';
import type { Description } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, list, parsed, plainDecimal, whole, type JsonRecord } from '../mapping/fields.js';
import type { Frame } from '../venue.js';
import { DEPTH, pairOf } from './messages.js';
import { newerName } from './symbols.js';

/** Public base tier (2025), fractions of notional, where the venue does not tell it of the pair. */
export const FEES: InstrumentDefinition['fees'] = { maker: '0.0025', taker: '0.004' };

/**
 * Reads a reply of `AssetPairs`; undefined for any other. A pair that the two versions of the feed call by two names
 * (`XBT/USD`, `BTC/USD`) is an instrument under each.
 *
 * @throws {MessageFault}
 */
export function readInstruments({ text: body, url }: Frame): InstrumentDefinition[] | undefined {
  if (url !== undefined && !url.includes('/AssetPairs')) return undefined;
  const reply = parsed(body);
  if (!isRecord(reply) || !Array.isArray(reply['error']) || !isRecord(reply['result'])) return undefined;
  const definitions: InstrumentDefinition[] = [];
  for (const entry of Object.values(reply['result'])) {
    if (!isRecord(entry) || entry['pair_decimals'] === undefined) return undefined; // some other result
    if (entry['wsname'] === undefined) continue; // no public feed (dark pools)
    const name = pairOf(entry['wsname']);
    for (const symbol of new Set([name, newerName(name)])) definitions.push(define(symbol, entry));
  }
  return definitions;
}

/** What a pair is, by its name. */
export function describe(symbol: string): Description {
  const [base = symbol, quote = symbol] = symbol.split('/');
  return { kind: 'spot', base, quote, settlement: quote, multiplier: '1', fees: FEES, publishedDepth: DEPTH };
}

function define(symbol: string, pair: JsonRecord): InstrumentDefinition {
  const { tick_size: tick, costmin = '0', fees, fees_maker: makerFees = fees } = pair;
  return {
    ...describe(symbol),
    instrument: `${symbol.toUpperCase()}@kraken`,
    tickSize: tick === undefined ? step('pair_decimals', pair['pair_decimals']) : plainDecimal('tick_size', tick),
    lotSize: step('lot_decimals', pair['lot_decimals']),
    minQuantity: plainDecimal('ordermin', pair['ordermin'] ?? '0'),
    minNotional: plainDecimal('costmin', costmin),
    rules: 'recording',
    fees: { maker: baseTier('fees_maker', makerFees), taker: baseTier('fees', fees) },
  };
}

function step(field: string, value: unknown): string {
  const places = whole(field, value);
  if (places > 18) throw new MessageFault('bad_message', `"${field}" is ${places}`);
  return formatScaled(1, places);
}

/** The first of `[[volume, per cent], …]`, as a fraction. */
function baseTier(field: string, tiers: unknown): string {
  const percent = parseScaled(plainDecimal(field, list(field, list(field, tiers)[0])[1]));
  return formatScaled(percent!.mantissa, percent!.scale + 2);
}
