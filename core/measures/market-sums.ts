import type { Market } from '../market/market.js';
import type { EpochMicros, Micros } from '../time.js';
import type { Sampler } from './sampler.js';

/** A market's running sums as of an instant; what lies between two instants is their difference. */
export interface MarketSums {
  /** Mid2 x microseconds. */
  readonly integral: bigint;
  /** For how long there was a mid, and for how long the book was untrusted. */
  readonly heldMicros: Micros;
  readonly untrustedMicros: Micros;
  /** Of market trades: lots, and ticks x lots. */
  readonly volumeLots: bigint;
  readonly notional: bigint;
  /** Sum and count of the mids sampled each second before the instant. */
  readonly samples: bigint;
  readonly sampled: number;
}

/**
 * @param at        not before the last change of the mid
 * @param exclusive whether a sample of `at` itself is left out
 */
export function marketSums(market: Market, sampler: Sampler, at: EpochMicros, exclusive = false): MarketSums {
  const { mids, tape } = market;
  const { sum, count } = exclusive ? sampler.before(at) : sampler;
  return {
    integral: mids.integral(at),
    heldMicros: mids.heldMicros(at),
    untrustedMicros: mids.untrustedMicros(at),
    volumeLots: tape.volumeLots,
    notional: tape.notional,
    samples: sum,
    sampled: count,
  };
}

export function difference(to: MarketSums, from: MarketSums): MarketSums {
  return {
    integral: to.integral - from.integral,
    heldMicros: to.heldMicros - from.heldMicros,
    untrustedMicros: to.untrustedMicros - from.untrustedMicros,
    volumeLots: to.volumeLots - from.volumeLots,
    notional: to.notional - from.notional,
    samples: to.samples - from.samples,
    sampled: to.sampled - from.sampled,
  };
}

export function rescaledSums(sums: MarketSums, priceFactor: number, sizeFactor: number): MarketSums {
  const [price, size] = [BigInt(priceFactor), BigInt(sizeFactor)];
  return {
    ...sums,
    integral: sums.integral * price,
    volumeLots: sums.volumeLots * size,
    notional: sums.notional * price * size,
    samples: sums.samples * price,
  };
}
