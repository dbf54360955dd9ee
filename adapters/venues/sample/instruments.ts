import type { InstrumentDefinition } from '../../../core/market/events.js';

/** An instrument of the sample venue: its rules, and the character of its market. */
export interface SampleInstrument {
  readonly definition: InstrumentDefinition;
  /** Price that the market comes back to in the long run, in ticks. */
  readonly homeTicks: number;
  /** Deviation of the fair price over one second of an ordinary hour, in ticks. */
  readonly volatilityTicks: number;
  /** What usually rests on a level near the touch, in lots. */
  readonly levelLots: number;
  /** What a taker usually takes, in lots. */
  readonly tradeLots: number;
}

const common = {
  quote: 'USD',
  rules: 'table',
  rulesAsOf: '2024-01-01',
  fees: { maker: '0.0002', taker: '0.0005' },
} as const;

const BTC_USD: SampleInstrument = {
  definition: {
    instrument: 'BTC-USD@sample',
    kind: 'spot',
    base: 'BTC',
    settlement: 'USD',
    tickSize: '0.5',
    lotSize: '0.0001',
    minQuantity: '0.0001',
    minNotional: '1',
    multiplier: '1',
    ...common,
  },
  homeTicks: 120_000, // 60,000 USD
  volatilityTicks: 4.8,
  levelLots: 3_000,
  tradeLots: 400,
};

const ETH_USD: SampleInstrument = {
  definition: {
    instrument: 'ETH-USD@sample',
    kind: 'spot',
    base: 'ETH',
    settlement: 'USD',
    tickSize: '0.05',
    lotSize: '0.001',
    minQuantity: '0.001',
    minNotional: '1',
    multiplier: '1',
    ...common,
  },
  homeTicks: 60_000, // 3,000 USD
  volatilityTicks: 3.2,
  levelLots: 4_000,
  tradeLots: 600,
};

/** Linear: contracts of 0.01 ETH, settled in USD. */
const ETH_PERP: SampleInstrument = {
  definition: {
    instrument: 'ETH-PERP@sample',
    kind: 'linear',
    base: 'ETH',
    settlement: 'USD',
    tickSize: '0.05',
    lotSize: '1',
    minQuantity: '1',
    minNotional: '5',
    multiplier: '0.01',
    ...common,
  },
  homeTicks: 60_000,
  volatilityTicks: 3.2,
  levelLots: 900,
  tradeLots: 120,
};

/** Inverse: contracts of 100 USD, settled in BTC. */
const BTC_PERP: SampleInstrument = {
  definition: {
    instrument: 'BTC-PERP@sample',
    kind: 'inverse',
    base: 'BTC',
    settlement: 'BTC',
    tickSize: '0.5',
    lotSize: '1',
    minQuantity: '1',
    minNotional: '100',
    multiplier: '100',
    ...common,
  },
  homeTicks: 120_000,
  volatilityTicks: 4.8,
  levelLots: 500,
  tradeLots: 60,
};

export const SAMPLE_INSTRUMENTS: readonly SampleInstrument[] = [BTC_USD, ETH_USD, BTC_PERP, ETH_PERP];

/** @throws {RangeError} for a name that the sample venue does not trade, naming those that it does */
export function sampleInstrument(name: string): SampleInstrument {
  const found = SAMPLE_INSTRUMENTS.find(({ definition }) => definition.instrument === name);
  if (found !== undefined) return found;
  const traded = SAMPLE_INSTRUMENTS.map(({ definition }) => definition.instrument).join(', ');
  throw new RangeError(`${name} is not traded on the sample venue: choose one of ${traded}`);
}
