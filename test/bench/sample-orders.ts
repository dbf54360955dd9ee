import { SAMPLE_INSTRUMENTS } from '../../adapters/venues/sample/instruments.js';
import type { TwapParameters } from '../../core/orders/parameters.js';
import { formatScaled } from '../../core/market/increments.js';

/** An order of the sample market that takes a little of what usually rests at the touch, sixty times. */
export function sampleOrder(number: number): TwapParameters & { readonly orderId: string } {
  const { definition, tradeLots } = SAMPLE_INSTRUMENTS[number % SAMPLE_INSTRUMENTS.length]!;
  const places = definition.lotSize.includes('.') ? definition.lotSize.length - 2 : 0;
  return {
    orderId: `bench-${number}`,
    instrument: definition.instrument,
    account: `bench-${number % 8}`,
    side: number % 2 === 0 ? 'buy' : 'sell',
    quantity: formatScaled(60 * tradeLots, places),
  };
}
