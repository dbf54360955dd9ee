import { DEFAULT_VENUE } from '../../core/desk/settings.js';
import { Draws } from '../../core/draws.js';
import type { InstrumentDefinition } from '../../core/market/events.js';
import { formatScaled } from '../../core/market/increments.js';
import type { TwapParameters } from '../../core/orders/parameters.js';
import type { DeskPlan, SweptSession } from '../../replay/sweep/desks.js';

export type DeskKind = 'taker' | 'maker';

/** After its window an order is measured for another minute. */
const TAIL = 70_000_000;
const SLICES = 60;

/** Desks whose parameters and starts all differ; windows lie within the session. The same for the same count. */
export function benchDesks(
  kind: DeskKind,
  count: number,
  { from, to }: Pick<SweptSession, 'from' | 'to'>,
  definition: InstrumentDefinition,
): DeskPlan[] {
  const draws = new Draws(1, `bench ${kind}`);
  const span = to - from;
  const plans = Array.from({ length: count }, (_, set) => {
    // windows of a twentieth to a third of the session, in whole milliseconds a slice
    const windowMillis = Math.floor((span * (50 + draws.below(280))) / 1_000_000);
    const interval = Math.max(1, Math.floor(windowMillis / SLICES));
    const latest = span - interval * SLICES * 1000 - TAIL;
    const at = from + 2_000_000 + Math.floor((draws.below(1 << 20) / (1 << 20)) * (latest > 0 ? latest : 0));
    const parameters = (kind === 'taker' ? taker : maker)(definition, interval, draws);
    return { desk: 0, set, at, seed: 1, venue: DEFAULT_VENUE, orderId: `s${at - from}`, parameters };
  });
  plans.sort((a, b) => a.at - b.at || a.set - b.set);
  return plans.map((plan, desk) => ({ ...plan, desk }));
}

function taker(definition: InstrumentDefinition, interval: number, draws: Draws): TwapParameters {
  return {
    ...common(definition, draws, SLICES * (1 + draws.below(40))),
    duration: `${interval * SLICES}ms`,
    slices: SLICES,
    ...(draws.chance(0.3) ? { maxSpreadTicks: 20 + draws.below(50) } : {}),
  };
}

function maker(definition: InstrumentDefinition, interval: number, draws: Draws): TwapParameters {
  return {
    ...common(definition, draws, SLICES * (10 + draws.below(400))),
    duration: `${interval * SLICES}ms`,
    slices: SLICES,
    aggressionFloor: '100',
    quote: (['join', 'improve'] as const)[draws.below(2)]!,
    requoteInterval: `${1000 + draws.below(4000)}ms`,
  };
}

function common(
  { instrument, lotSize }: InstrumentDefinition,
  draws: Draws,
  lots: number,
): Pick<TwapParameters, 'instrument' | 'account' | 'side' | 'quantity'> {
  const places = lotSize.includes('.') ? lotSize.length - lotSize.indexOf('.') - 1 : 0;
  const scale = places > 2 ? places - 2 : 0; // hundreds of the smallest steps, so that minimums are met
  return {
    instrument,
    account: 'default',
    side: draws.chance(0.5) ? 'buy' : 'sell',
    quantity: formatScaled(lots, scale),
  };
}
