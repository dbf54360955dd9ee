import { Draws } from '../../core/draws.js';
import { MICROS } from '../../core/time.js';
import type { CostRow } from '../../replay/statistics/rows.js';

/** How the market of a drawn grid moves, step by step of half a minute. */
export type Weather = 'plain' | 'persistent' | 'changing' | 'skewed';

export interface DrawnGrid {
  readonly seed: number;
  readonly sets: number;
  readonly sessions: number;
  /** Starts in each session, half a minute apart. */
  readonly starts: number;
  /** Window in steps of half a minute: 20 by default, so that twenty windows overlap at every instant. */
  readonly window?: number;
  readonly weather?: Weather;
  /** Deviation of the noise that sets do not share, in bps of a window's cost; the shared one is 10. */
  readonly own?: number;
  /** The baseline has no luck of its own, so that differences are as skewed as the sets' luck. */
  readonly steadyBaseline?: boolean;
  /** In bps, by set: what its cost differs by in truth. */
  readonly truth?: (set: number) => number;
}

const STEP = 30 * MICROS.s;
const SHARED_BPS = 10;

/**
 * Rows of a grid whose truth is known. Every set's cost of a window is the sum of what the market and the set's own luck did
 * in its steps, so that the costs of overlapping windows share their steps, as those of real orders do. Set 0 is the baseline.
 */
export function drawnGrid(grid: DrawnGrid): CostRow[] {
  const { seed, sets, sessions, starts, window = 20, weather = 'plain', own = 4, truth = () => 0 } = grid;
  const shareOf = (set: number): number => (set === 0 && grid.steadyBaseline === true ? 0 : own);
  const rows: CostRow[] = [];
  for (let session = 0; session < sessions; session++) {
    const market = windowSums(new Draws(seed, `market/${session}`), starts, window, weather);
    for (let set = 0; set < sets; set++) {
      const luck = windowSums(new Draws(seed, `set/${set}/${session}`), starts, window, weather);
      for (let start = 0; start < starts; start++)
        rows.push({
          set,
          session: `day-${String(session).padStart(2, '0')}`,
          at: session * MICROS.d + start * STEP,
          seed: 1,
          assume: 'expected',
          windowMicros: window * STEP,
          cut: false,
          cost: SHARED_BPS * market[start]! + shareOf(set) * luck[start]! + truth(set),
        });
    }
  }
  return rows;
}

/** Sums of `window` steps from each start on, of deviation about 1 and mean 0. */
function windowSums(draws: Draws, starts: number, window: number, weather: Weather): Float64Array {
  const steps = new Float64Array(starts + window);
  let memory = 0;
  let volatility = 0;
  for (let step = 0; step < steps.length; step++) {
    if (weather === 'skewed') {
      steps[step] = draws.exponential() / 1e6 - 1;
      continue;
    }
    const noise = draws.normal() / 1e6;
    if (weather === 'plain') steps[step] = noise;
    else if (weather === 'persistent') {
      const kept = Math.exp(-2 / window); // half a window's memory
      memory = step === 0 ? noise : kept * memory + Math.sqrt(1 - kept ** 2) * noise;
      steps[step] = memory;
    } else {
      volatility = 0.97 * volatility + (0.2 * draws.normal()) / 1e6;
      steps[step] = noise * Math.exp(volatility);
    }
  }
  const sums = new Float64Array(starts);
  for (let start = 0; start < starts; start++) {
    let sum = 0;
    for (let step = start; step < start + window; step++) sum += steps[step]!;
    sums[start] = sum / Math.sqrt(window);
  }
  return sums;
}
