import type { DeskContent } from './desk-content.js';
import type { RunSettings } from './inputs.js';
import type { MarketContent } from './market-content.js';
import type { SamplerContent } from './sampler-content.js';
import type { Timer } from './timers.js';

/** The head of a checkpoint: all of the engine's state but the levels of its books. */
export interface Head {
  readonly version: number;
  readonly seq: number;
  readonly n: number;
  readonly clock: number;
  readonly live: boolean;
  readonly late: number;
  readonly wasLate: boolean;
  readonly engineVersion: string;
  readonly settings: RunSettings;
  readonly markets: readonly MarketContent[];
  readonly desks: readonly DeskContent[];
  readonly timers: readonly Timer[];
  readonly marks: readonly Timer[];
  readonly samplers: readonly SamplerContent[];
  readonly revisions: Readonly<Record<string, number>>;
}
