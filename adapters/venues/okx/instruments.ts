import type { InstrumentDefinition } from '../../../core/market/events.js';
import { formatScaled, parseScaled } from '../../../core/market/increments.js';
import type { Description } from '../mapping/definitions.js';
import { MessageFault } from '../mapping/fault.js';
import { isRecord, list, parsed, plainDecimal, record, text, type JsonRecord } from '../mapping/fields.js';
import type { Frame } from '../venue.js';
import { symbolOf } from './messages.js';

/** Levels a side that `books` publishes. */
const DEPTH = 400;

/** Public base tier (2025), fractions of notional. */
const SPOT_FEES: InstrumentDefinition['fees'] = { maker: '0.0008', taker: '0.001' };
const CONTRACT_FEES: InstrumentDefinition['fees'] = { maker: '0.0002', taker: '0.0005' };
const OPTION_FEES: InstrumentDefinition['fees'] = { maker: '0.0002', taker: '0.0003' };

/** The venue's answer for an instrument that it does not have. */
const NO_SUCH_INSTRUMENT = '51001';

/** Reads a reply of `public/instruments`; undefined for any other. @throws {MessageFault} */
export function readInstruments({ text: body, url }: Frame): InstrumentDefinition[] | undefined {
  if (url !== undefined && !url.includes('/public/instruments')) return undefined;
  const reply = parsed(body);
  if (!isRecord(reply) || typeof reply['code'] !== 'string' || !Array.isArray(reply['data'])) return undefined;
  if (reply['code'] === NO_SUCH_INSTRUMENT) return [];
  if (reply['code'] !== '0') return undefined;
  const definitions: InstrumentDefinition[] = [];
  for (const entry of list('data', reply['data'])) {
    const instrument = record('data', entry);
    if (typeof instrument['instType'] !== 'string') return undefined; // some other list
    const definition = define(instrument);
    if (definition !== undefined) definitions.push(definition);
  }
  return definitions;
}

/** Undefined for what is no instrument with a book of its own, and for one that is not open yet. */
function define(entry: JsonRecord): InstrumentDefinition | undefined {
  if (entry['tickSz'] === '' || entry['lotSz'] === '') return undefined;
  const what = whatIs(entry);
  return (
    what && {
      ...what,
      instrument: `${symbolOf(entry['instId']).toUpperCase()}@okx`,
      tickSize: plainDecimal('tickSz', entry['tickSz']),
      lotSize: plainDecimal('lotSz', entry['lotSz']),
      minQuantity: plainDecimal('minSz', entry['minSz']),
      minNotional: '0',
      rules: 'recording',
      publishedDepth: DEPTH,
    }
  );
}

function whatIs(entry: JsonRecord): Omit<Description, 'publishedDepth'> | undefined {
  const [base = '', quote = ''] = symbolOf(
    entry['uly'] === '' ? entry['instId'] : (entry['uly'] ?? entry['instId']),
  ).split('-');
  switch (entry['instType']) {
    case 'SPOT': {
      const quoteCcy = text('quoteCcy', entry['quoteCcy']);
      const baseCcy = text('baseCcy', entry['baseCcy']);
      return { kind: 'spot', base: baseCcy, quote: quoteCcy, settlement: quoteCcy, multiplier: '1', fees: SPOT_FEES };
    }
    case 'SWAP':
    case 'FUTURES': {
      const kind = text('ctType', entry['ctType']);
      if (kind !== 'linear' && kind !== 'inverse')
        throw new MessageFault('bad_message', `"ctType" of ${base}-${quote} is neither "linear" nor "inverse"`);
      const settlement = text('settleCcy', entry['settleCcy']);
      return { kind, base, quote, settlement, multiplier: multiplierOf(entry), fees: CONTRACT_FEES };
    }
    case 'OPTION': {
      // the premium is quoted and paid in the currency that the option is on
      const settlement = text('settleCcy', entry['settleCcy']);
      const multiplier = multiplierOf(entry);
      return { kind: 'linear', base, quote: settlement, settlement, multiplier, fees: OPTION_FEES };
    }
    default:
      return undefined;
  }
}

/** Contract value times contract multiplier. */
function multiplierOf({ ctVal, ctMult }: JsonRecord): string {
  const value = parseScaled(plainDecimal('ctVal', ctVal))!;
  const times = parseScaled(plainDecimal('ctMult', ctMult === '' ? '1' : (ctMult ?? '1')))!;
  return formatScaled(value.mantissa * times.mantissa, value.scale + times.scale);
}

/** What an instrument is, by its name; contract values are those of 2025 where they are known, else 1. */
export function describe(symbol: string): Description {
  const [base = symbol, quote = symbol, ...rest] = symbol.split('-');
  const publishedDepth = DEPTH;
  if (rest.length === 0)
    return { kind: 'spot', base, quote, settlement: quote, multiplier: '1', fees: SPOT_FEES, publishedDepth };
  if (rest.length === 3) {
    const multiplier = OPTION_VALUES[base] ?? '1';
    return { kind: 'linear', base, quote: base, settlement: base, multiplier, fees: OPTION_FEES, publishedDepth };
  }
  const isInverse = quote === 'USD';
  return {
    kind: isInverse ? 'inverse' : 'linear',
    base,
    quote,
    settlement: isInverse ? base : quote,
    multiplier: isInverse ? (base === 'BTC' ? '100' : '10') : (LINEAR_VALUES[base] ?? '1'),
    fees: CONTRACT_FEES,
    publishedDepth,
  };
}

const LINEAR_VALUES: Readonly<Partial<Record<string, string>>> = { BTC: '0.01', ETH: '0.1' };
const OPTION_VALUES: Readonly<Partial<Record<string, string>>> = { BTC: '0.01', ETH: '0.1' };
