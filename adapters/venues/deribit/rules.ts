import type { Description } from '../mapping/definitions.js';
import type { VenueRules } from '../venue.js';

export const DERIBIT = 'deribit';
export const HOSTS: readonly string[] = ['www.deribit.com', 'test.deribit.com', 'streams.deribit.com'];

export const RULES: VenueRules = {
  channels: 'book.INSTRUMENT.raw (or .100ms), trades.INSTRUMENT.raw (or .100ms); no books of combos',
  snapshot: 'first in the feed, whole',
  sequence: 'prev_change_id = last change_id',
  checksum: 'none',
  limits: '500 channels a subscription; raw channels ask for a login; 32 connections from one address',
  ping: 'public/set_heartbeat, then test_request is answered by public/test',
  evidence:
    'books and definitions: recording of 2021 without a gap; trades, limits and heartbeat: documentation (2025), no recording has a trade',
};

/** Public base tiers of 2025, fractions of notional, where the definition does not say; an option's fee is one of its underlying. */
export const FEES = {
  spot: { maker: '0', taker: '0' },
  future: { maker: '0', taker: '0.0005' },
  option: { maker: '0.0003', taker: '0.0003' },
} as const;

/**
 * `BTC_USDC` (spot), `BTC-PERPETUAL`, `BTC-30JUL21`, `BTC_USDC-PERPETUAL` (futures), `BTC-30JUL21-24000-P`,
 * `XRP_USDC-30JUN23-0d5-C` (options). Combos are named otherwise, and their prices may be below zero.
 */
const NAME = /^([A-Z0-9]+)(?:_([A-Z0-9]+))?(?:-(PERPETUAL|\d{1,2}[A-Z]{3}\d{2})(?:-\d+(?:d\d+)?-[CP])?)?$/;

/** Whether an instrument is one whose book can be kept. */
export function isKept(name: string): boolean {
  const [, , quote, expiry] = NAME.exec(name) ?? [];
  return quote !== undefined || expiry !== undefined;
}

/**
 * What an instrument is, by its name. Quantities are amounts as the venue gives them, not contracts: coins, and US dollars
 * for futures that are margined in the coin; so no multiplier is left.
 */
export function describe(name: string): Description {
  const [, base = name, quote, expiry] = NAME.exec(name) ?? [];
  const isOption = name.endsWith('-C') || name.endsWith('-P');
  if (expiry === undefined) return spot(base, quote ?? '');
  if (isOption) return option(base, quote ?? base);
  if (quote !== undefined) return linear(base, quote);
  return { kind: 'inverse', base, quote: 'USD', settlement: base, multiplier: '1', fees: FEES.future };
}

const spot = (base: string, quote: string): Description => ({
  kind: 'spot',
  base,
  quote,
  settlement: quote,
  multiplier: '1',
  fees: FEES.spot,
});

/** A premium is paid in what it is quoted in: the coin itself, or a stable coin. */
const option = (base: string, quote: string): Description => ({
  kind: 'linear',
  base,
  quote,
  settlement: quote,
  multiplier: '1',
  fees: FEES.option,
});

const linear = (base: string, quote: string): Description => ({
  kind: 'linear',
  base,
  quote,
  settlement: quote,
  multiplier: '1',
  fees: FEES.future,
});
