import type { InstrumentDefinition } from '../../../core/market/events.js';
import { formatScaled } from '../../../core/market/increments.js';
import { splitPair, type Description } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, list, parsed, plainDecimal, record, text, type JsonRecord } from '../mapping/fields.js';
import type { Frame } from '../venue.js';

/** Public base tier (2025), fractions of notional. */
const FEES: InstrumentDefinition['fees'] = { maker: '0.0002', taker: '0.0005' };

/** Currencies that contracts are quoted in; one that another ends in comes later. */
const QUOTES = ['USDT', 'USDC', 'USD', 'EUR', 'GBP', 'XBT'];

/** Reads a reply of `instruments`; undefined for any other. @throws {MessageFault} */
export function readInstruments({ text: body, url }: Frame): InstrumentDefinition[] | undefined {
  if (url !== undefined && !url.includes('/instruments')) return undefined;
  const reply = parsed(body);
  if (!isRecord(reply) || !Array.isArray(reply['instruments'])) return undefined;
  return list('instruments', reply['instruments'])
    .map((entry) => record('instruments', entry))
    .filter(({ tickSize }) => tickSize !== undefined) // indices have none
    .map(define);
}

function define(entry: JsonRecord): InstrumentDefinition {
  const symbol = text('symbol', entry['symbol']).toUpperCase();
  const { base, quote } = describe(symbol);
  const type = text('type', entry['type']);
  const isInverse = type === 'futures_inverse';
  const lotSize = lotOf(entry['contractValueTradePrecision']);
  return {
    instrument: `${symbol}@kraken-futures`,
    kind: isInverse ? 'inverse' : 'linear',
    base,
    quote,
    settlement: isInverse ? base : quote,
    tickSize: plainDecimal('tickSize', entry['tickSize']),
    lotSize,
    minQuantity: lotSize,
    minNotional: '0',
    multiplier: plainDecimal('contractSize', entry['contractSize']),
    rules: 'recording',
    fees: FEES,
  };
}

/** Decimal places of a quantity, below 0 for steps of ten and more; whole contracts where they are not told. */
function lotOf(places: unknown): string {
  if (places === undefined || places === null) return '1';
  if (typeof places !== 'number' || !Number.isInteger(places) || places < -12 || places > 12)
    throw new MessageFault('bad_message', '"contractValueTradePrecision" is no number of decimal places');
  return places >= 0 ? formatScaled(1, places) : `1${'0'.repeat(-places)}`;
}

/**
 * What an instrument is, by its name: `PI_XBTUSD` (inverse, no end), `FI_ETHUSD_210730` (inverse, until a day), `PF_XBTUSD`
 * and `FF_XBTUSD_240927` (linear, in the quote currency), `PV_XRPXBT` and `FV_…` (linear, in bitcoin).
 */
export function describe(symbol: string): Description {
  const [type = '', pair = symbol] = symbol.split('_');
  const { base, quote } = splitPair(pair, QUOTES);
  const isInverse = type === 'PI' || type === 'FI';
  return {
    kind: isInverse ? 'inverse' : 'linear',
    base,
    quote,
    settlement: isInverse ? base : quote,
    multiplier: '1',
    fees: FEES,
  };
}
