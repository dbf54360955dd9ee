import type { Samplers } from '../measures/samplers.js';
import { countExactly, countHalves, halvesText } from '../measures/price-sum.js';
import type { EngineState } from './state.js';

/** A sampler in a checkpoint. */
export interface SamplerContent {
  readonly instrument: string;
  /** Of the second, in microseconds. */
  readonly phase: number;
  readonly users: number;
  readonly nextAt: number;
  readonly sum: string;
  readonly count: number;
  readonly last: string;
}

export function samplerContent(
  { instrument, phase, sampler }: ReturnType<Samplers['list']>[number],
  { markets }: EngineState,
): { [K in keyof SamplerContent]: SamplerContent[K] } {
  const { priceScale } = markets.get(instrument)!.units;
  return {
    instrument,
    phase,
    users: sampler.users,
    nextAt: sampler.nextAt,
    sum: halvesText(sampler.sum, priceScale),
    count: sampler.count,
    last: halvesText(sampler.last2, priceScale),
  };
}

export function restoreSampler(content: SamplerContent, { markets, samplers }: EngineState): void {
  const { priceScale } = markets.get(content.instrument)!.units;
  const sampler = samplers.begin(content.instrument, content.phase, content.nextAt, 0);
  sampler.users = content.users;
  const sum = countExactly(content.sum, priceScale + 1) / 5n;
  sampler.restore(sum, content.count, countHalves(content.last, priceScale));
}
