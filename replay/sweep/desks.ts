import type { VenueSettings } from '../../core/desk/settings.js';
import type { RunSettings } from '../../core/engine/inputs.js';
import type { Json } from '../../core/json.js';
import type { TwapParameters } from '../../core/orders/parameters.js';
import type { Recording } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';
import type { DeskTrace } from './trace.js';

/** One desk of a sweep: one order alone in a market, on its own terms. */
export interface DeskPlan {
  /** Its ordinal in the plan of its session, from 0. */
  readonly desk: number;
  /** Which parameter set: its ordinal in the grid. */
  readonly set: number;
  /** When the order is accepted: it stands before the first input received then or later. */
  readonly at: EpochMicros;
  readonly seed: number;
  /** Of this desk alone. */
  readonly venue: VenueSettings;
  /** Made of start and seed only, so that sets share their random numbers. */
  readonly orderId: string;
  /** No shares of volume any more. */
  readonly parameters: TwapParameters;
}

/** What became of it. */
export interface DeskResult {
  readonly desk: number;
  /** As a replay reports it (docs/commands.md); its `trust` and its rules are those of the moment from which on nothing about it could change. */
  readonly order: Readonly<Record<string, Json | undefined>>;
  /** What its desk concluded; what was said of the market's trust is not among it. */
  readonly outcomes: number;
  /** Only when asked for: the `outcomesHash` of a replay of this order alone. */
  readonly outcomesHash: string | null;
  readonly trace?: DeskTrace;
}

/** A session as a sweep needs it: it may be read more than once. */
export interface SweptSession extends Pick<Recording, 'from' | 'to' | 'inputs'> {
  /** Whether it has a `RunStarted` of its own. */
  readonly hasRun: boolean;
}

export interface PassOptions {
  /** Each desk's outcomes are hashed; all results come at the end then. */
  readonly hashes?: boolean;
  /** Desks that are to leave a trace for pictures, by ordinal. */
  readonly traces?: ReadonlySet<number>;
  /** What holds for all desks: rules and balances. Venue and seed are each desk's own. */
  readonly settings?: (recorded: RunSettings | undefined) => Pick<RunSettings, 'rules' | 'balances'>;
}
