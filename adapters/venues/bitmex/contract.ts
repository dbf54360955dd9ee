import type { InstrumentDefinition } from '../../../core/market/events.js';
import { formatScaled, parseScaled } from '../../../core/market/increments.js';
import type { Description } from '../mapping/definitions.js';
import type { JsonRecord } from '../mapping/fields.js';

/**
 * What one contract is worth. `linear`: price x multiplier in the settlement currency, which is the base for contracts that
 * settle in their quote currency; a quanto contract (ETHUSD, settled in bitcoin at a fixed rate) is the same with the
 * fixed rate as multiplier, so that money is exact and "base units per contract" is not to be taken at its word.
 * `inverse`: multiplier / price.
 */
export type Contract = Pick<InstrumentDefinition, 'kind' | 'settlement' | 'multiplier'>;

/** Currencies as the venue counts them: whole smallest units, so many decimal places below the currency that we say. */
const UNITS: Readonly<Partial<Record<string, readonly [currency: string, places: number]>>> = {
  XBt: ['XBT', 8],
  USDt: ['USDT', 6],
  Gwei: ['ETH', 9],
};

/**
 * The contract of an instrument's row: its `multiplier` is what a contract is worth at price 1, in the smallest unit of
 * `settlCurrency`, and below zero for inverse ones.
 *
 * @returns undefined for what is no contract that we can count
 */
export function contractOf(row: JsonRecord): Contract | undefined {
  const { settlCurrency, multiplier, isInverse } = row;
  const unit = typeof settlCurrency === 'string' ? UNITS[settlCurrency] : undefined;
  if (unit === undefined || typeof multiplier !== 'number' || !Number.isSafeInteger(multiplier) || multiplier === 0)
    return undefined;
  const [settlement, places] = unit;
  return {
    kind: isInverse === true ? 'inverse' : 'linear',
    settlement,
    multiplier: formatScaled(Math.abs(multiplier), places),
  };
}

/**
 * What a trade tells about its contract: `grossValue` is its size x price x multiplier, whole, in the settlement's
 * smallest unit.
 *
 * @returns undefined for an inverse contract, and where the numbers do not say
 */
export function contractOfTrade(row: JsonRecord): Contract | undefined {
  const { grossValue, size, foreignNotional } = row;
  const price = parseScaled(String(row['price']));
  if (!isCount(grossValue) || !isCount(size) || price === undefined || price.mantissa === 0) return undefined;
  const dividend = BigInt(grossValue) * 10n ** BigInt(price.scale);
  const divisor = BigInt(size) * BigInt(price.mantissa);
  if (dividend % divisor !== 0n) return undefined;
  // both count millionths of a dollar where the contract settles in them; with bitcoin they are apart by its price
  const isInDollars =
    typeof foreignNotional === 'number' && Math.abs(foreignNotional * 1e6 - grossValue) < 1 + grossValue / 1e9;
  const [settlement, places] = isInDollars ? UNITS['USDt']! : UNITS['XBt']!;
  return { kind: 'linear', settlement, multiplier: formatScaled(dividend / divisor, places) };
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0;

/** Base tier, as the venue's instrument rows had it in January 2025. */
export const FEES: InstrumentDefinition['fees'] = { maker: '0.0005', taker: '0.0005' };

/** Quanto contracts on the dollar, by base: bitcoin per contract at price 1 (instrument rows of 2021-07-22). */
const QUANTOS: Readonly<Partial<Record<string, string>>> = {
  ETH: '0.000001',
  BCH: '0.000001',
  LTC: '0.000002',
  XRP: '0.0002',
};

const FUTURE = /^([A-Z0-9_]+?)[FGHJKMNQUVXZ]\d\d$/;
const PAIR = /^([A-Z0-9]+?)_?(USDT|USDC|USD|EUR|XBT|ETH)$/;

/**
 * What a symbol says of its instrument. It does not say what a contract is worth, which is `1` where nothing else does.
 *
 * @param told  what a trade of the recording has told about the contract
 */
export function describe(symbol: string, told?: Contract): Description {
  const root = FUTURE.exec(symbol)?.[1] ?? symbol;
  const [, pairBase, pairQuote] = PAIR.exec(root) ?? [];
  const base = pairBase ?? root;
  const quote = pairQuote ?? (base === 'XBT' ? 'USD' : 'XBT'); // XBTU21 is bitcoin in dollars, XRPU21 ripple in bitcoin
  return { base, quote, ...(told ?? guessed(base, quote)), fees: FEES };
}

function guessed(base: string, quote: string): Contract {
  if (base === 'XBT' && (quote === 'USD' || quote === 'EUR'))
    return { kind: 'inverse', settlement: 'XBT', multiplier: '1' };
  if (quote === 'USD') return { kind: 'linear', settlement: 'XBT', multiplier: QUANTOS[base] ?? '1' };
  return { kind: 'linear', settlement: quote, multiplier: '1' };
}
