import type { InstrumentDefinition } from '../../../core/market/events.js';
import { formatScaled } from '../../../core/market/increments.js';
import { MessageFault } from '../mapping/fault.js';
import type { Description } from '../mapping/definitions.js';
import { decimalText, isRecord, type JsonRecord, list, parsed, record, text, whole } from '../mapping/fields.js';
import type { Frame } from '../venue.js';

/** Levels a side that `l2Book` publishes. */
export const PUBLISHED_DEPTH = 20;

/** Base tier, as of 2025. */
const FEES = {
  linear: { maker: '0.00015', taker: '0.00045' },
  spot: { maker: '0.0004', taker: '0.0007' },
} as const;

/** Smallest order value, in dollars. */
const MIN_NOTIONAL = '10';

/**
 * The symbol of a coin as messages have it: perpetuals by name (`BTC`, `kPEPE`, `dex:TSLA`), spot by pair (`PURR/USDC`) or
 * by number (`@107`), which no symbol may begin with.
 */
export const symbolOf = (coin: string): string => (/^@\d+$/.test(coin) ? `SPOT-${coin.slice(1)}` : coin);

const isSpot = (symbol: string): boolean => symbol.includes('/') || symbol.startsWith('SPOT-');

/** What a symbol says of its instrument. */
export function describe(symbol: string): Description {
  const [base = symbol, quote = 'USDC'] = symbol.split('/');
  const what = { settlement: quote, multiplier: '1', publishedDepth: PUBLISHED_DEPTH } as const;
  return isSpot(symbol)
    ? { kind: 'spot', base, quote, ...what, fees: FEES.spot }
    : { kind: 'linear', base, quote: 'USD', ...what, fees: FEES.linear };
}

/**
 * Reads an answer of `/info` to `meta`, `metaAndAssetCtxs`, `spotMeta` or `spotMetaAndAssetCtxs`; undefined for any other.
 *
 * @throws {MessageFault}
 */
export function readInstruments({ text: body, url }: Frame): InstrumentDefinition[] | undefined {
  if (url !== undefined && !url.includes('/info')) return undefined;
  const reply = parsed(body);
  const [meta, contexts] = Array.isArray(reply) ? (reply as readonly unknown[]) : [reply];
  if (!isRecord(meta) || !Array.isArray(meta['universe'])) return undefined;
  const priceOf = pricesOf(contexts);
  const universe = meta['universe'].map((entry) => record('universe', entry));
  if (!Array.isArray(meta['tokens']))
    return universe.map((entry, index) => {
      const symbol = text('name', entry['name']);
      return { ...rules(symbol, 6, places(entry), priceOf(symbol, index)), ...perpetual(symbol) };
    });
  const tokens = new Map(
    meta['tokens'].map((entry) => [record('tokens', entry)['index'], record('tokens', entry)] as const),
  );
  return universe.flatMap((entry, index) => {
    const coin = text('name', entry['name']);
    const [base, quote] = list('tokens', entry['tokens']).map((token) => tokens.get(token));
    if (base === undefined || quote === undefined) return [];
    const names = { base: text('name', base['name']), quote: text('name', quote['name']) };
    return [
      {
        ...rules(symbolOf(coin), 8, places(base), priceOf(coin, index)),
        ...describe(symbolOf(coin)),
        ...names,
        kind: 'spot' as const,
        settlement: names.quote,
        fees: FEES.spot,
      },
    ];
  });
}

const perpetual = (symbol: string): Description => ({ ...describe(symbol), kind: 'linear' });

function places(entry: JsonRecord): number {
  const told = whole('szDecimals', entry['szDecimals']);
  if (told > 8) throw new MessageFault('bad_message', `"szDecimals" is ${told}, more than 8`);
  return told;
}

/** Prices have five significant digits and so many decimal places at most; whole prices are always allowed. */
const SIGNIFICANT = 5;

/**
 * @param mostPlaces  decimal places of prices and sizes together
 * @param price       what it trades at, where that was told: the step of a price depends on it
 */
function rules(
  symbol: string,
  mostPlaces: number,
  sizePlaces: number,
  price: string | undefined,
): Pick<InstrumentDefinition, 'instrument' | 'tickSize' | 'lotSize' | 'minQuantity' | 'minNotional' | 'rules'> {
  const finest = Math.max(0, mostPlaces - sizePlaces);
  const digits = price === undefined ? 0 : wholeDigits(price);
  const pricePlaces = price === undefined ? finest : Math.max(0, Math.min(finest, SIGNIFICANT - digits));
  const lotSize = formatScaled(1, sizePlaces);
  return {
    instrument: `${symbol.toUpperCase()}@hyperliquid`,
    tickSize: formatScaled(1, pricePlaces),
    lotSize,
    minQuantity: lotSize,
    minNotional: MIN_NOTIONAL,
    rules: 'recording',
  };
}

/** Digits before the point; below 1 the zeros behind it count against them: `0.0123` has -1. */
function wholeDigits(price: string): number {
  const [, before = '', zeros = ''] = /^0*(\d*)(?:\.(0*))?/.exec(price) ?? [];
  return before === '' ? -zeros.length : before.length;
}

/** Marked prices, which stand beside the universe in the same order, or name their coin. */
function pricesOf(contexts: unknown): (coin: string, index: number) => string | undefined {
  if (!Array.isArray(contexts)) return () => undefined;
  const rows = contexts.filter(isRecord);
  const byCoin = new Map(rows.map((row) => [row['coin'], row] as const));
  return (coin, index) => {
    const row = byCoin.get(coin) ?? rows[index];
    const told = row?.['markPx'];
    return told === undefined || told === null ? undefined : decimalText('markPx', told);
  };
}
