import type { InstrumentDefinition } from '../../../core/market/events.js';
import { formatScaled, parseScaled } from '../../../core/market/increments.js';
import { decimalText, list, parsed, plainDecimal, text } from '../mapping/fields.js';
import type { Frame } from '../venue.js';
import { BITFINEX, describe } from './rules.js';

/** Every price has at most so many significant digits; no reply tells a step. */
const SIGNIFICANT = 5;
const LOT = '0.00000001';
const LAST_PRICE = 7;
const LEAST_SIZE = 3;

/**
 * Reads a reply of `tickers`: the step of a price follows from how great it is. Replies of `conf` are known too, and tell
 * nothing but names and least sizes (`readLeastSizes`).
 *
 * @returns undefined for any other reply; @throws {MessageFault}
 */
export function readInstruments({ text: body, url }: Frame): InstrumentDefinition[] | undefined {
  if (url === undefined) return undefined;
  if (url.includes('/v2/conf/pub:')) return [];
  if (!url.includes('/v2/tickers?')) return undefined;
  return list('tickers', parsed(body)).flatMap((entry) => {
    const ticker = list('ticker', entry);
    const symbol = text('symbol', ticker[0]);
    const last = symbol.startsWith('t') ? ticker[LAST_PRICE] : undefined;
    if (last === undefined || last === null || Number(last) === 0) return []; // a currency, or never traded
    return [define(symbol, stepOf(plainDecimal('last price', last)))];
  });
}

const define = (symbol: string, tickSize: string): InstrumentDefinition => ({
  ...describe(symbol),
  instrument: `${symbol.toUpperCase()}@${BITFINEX}`,
  tickSize,
  lotSize: LOT,
  minQuantity: '0',
  minNotional: '0',
  rules: 'recording',
});

/** The step of a price of five significant digits: 1 for 60417, 0.1 for 3802.9. */
function stepOf(price: string): string {
  const { mantissa, scale } = parseScaled(price)!;
  const places = scale - String(mantissa).length + SIGNIFICANT;
  return places >= 0 ? formatScaled(1, places) : `1${'0'.repeat(-places)}`;
}

/** Least order sizes by pair, out of a reply of `pub:info:pair`; none in any other. @throws {MessageFault} */
export function readLeastSizes({ text: body, url }: Frame): ReadonlyMap<string, string> {
  const sizes = new Map<string, string>();
  if (url?.includes('pub:info:pair') !== true) return sizes;
  for (const group of list('conf', parsed(body)))
    for (const entry of list('conf', group)) {
      const [pair, info] = list('conf', entry);
      const least = Array.isArray(info) ? (info as readonly unknown[])[LEAST_SIZE] : undefined;
      if (typeof pair !== 'string' || least === undefined || least === null) continue;
      sizes.set(`T${pair.toUpperCase()}`, plainDecimal('least order size', decimalText('least order size', least)));
    }
  return sizes;
}
