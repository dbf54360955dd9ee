import type { Description } from '../mapping/definitions.js';
import type { VenueRules } from '../venue.js';

export const BITFINEX = 'bitfinex';
export const HOSTS: readonly string[] = ['api-pub.bitfinex.com', 'api.bitfinex.com'];

export const RULES: VenueRules = {
  channels: 'book (P0), trades (te); any message of the connection counts for the sequence',
  snapshot: 'first in the channel, as many levels a side as were asked for',
  sequence:
    'where flag 65536 was acknowledged: the number behind each array rises by 1 over all channels of the connection; a hole breaks all its books',
  checksum:
    'where flag 131072 was acknowledged: signed CRC-32 of price:amount of the 25 best levels, by messages of its own',
  limits: '25 channels a connection, 20 connections/min to the public host',
  ping: 'a heartbeat on each quiet channel every 15 s',
  evidence:
    'channels and sequence: recording of 2021; checksum, information codes and batches: documentation (2025), no recording has them; which side a trade is of: documentation',
};

/** Public base tiers of 2024, fractions of notional. */
const FEES = {
  exchange: { maker: '0.001', taker: '0.002' },
  derivative: { maker: '0.0002', taker: '0.00065' },
} as const;

/** What an instrument is, by its symbol: `tBTCUSD`, `tAVAX:USD`; perpetual contracts are `tBTCF0:USTF0`, sizes in coins. */
export function describe(symbol: string): Description {
  const pair = symbol.slice(1);
  const colon = pair.indexOf(':');
  const [base, quote] = colon < 0 ? [pair.slice(0, -3), pair.slice(-3)] : [pair.slice(0, colon), pair.slice(colon + 1)];
  const isDerivative = base.toUpperCase().endsWith('F0');
  return {
    kind: isDerivative ? 'linear' : 'spot',
    base: base.toUpperCase(),
    quote: quote.toUpperCase(),
    settlement: quote.toUpperCase(),
    multiplier: '1',
    fees: isDerivative ? FEES.derivative : FEES.exchange,
  };
}
