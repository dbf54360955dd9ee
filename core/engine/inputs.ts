import type { Event } from '../market/events.js';
import type { InstrumentDefinition } from '../market/events.js';
import type { VenueSettings } from '../desk/settings.js';
import type { Command } from '../orders/commands.js';

/** What holds for a whole run and is recorded with it: the venue's settings, the seed, rules that win over the feed's. */
export interface RunSettings {
  readonly venue: VenueSettings;
  readonly seed: number;
  /** Rules from `--rules`, by instrument: they replace the matching keys of a definition. */
  readonly rules?: { readonly [instrument: string]: Partial<InstrumentDefinition> };
  /** What an account that opens itself begins with, by currency; absent: no limits. */
  readonly balances?: { readonly [currency: string]: string };
}

/** Opens an epoch. `live`: this log is written as it happens, so a hole in it means that the engine was dead. */
export type RunStarted = Event<
  'RunStarted',
  1,
  {
    readonly engineVersion: string;
    readonly settings: RunSettings;
    readonly live: boolean;
    /** The seq of this very event. */
    readonly firstSeq: number;
    /** Ordinal of the first outcome that this epoch concludes; a log's outcomes are told apart by it. */
    readonly firstN?: number;
    /** Seqs before this one that nobody folds, as inclusive ranges: given out by a run that died, not or not all stored. */
    readonly lost?: readonly (readonly [from: number, to: number])[];
  }
>;
/** The clock of a live log: moves the engine's time on, and says nothing else. */
export type ClockTicked = Event<'ClockTicked', 1, Record<string, never>>;
/** `balances` absent: the account has no limits. */
export type AccountOpened = Event<
  'AccountOpened',
  1,
  { readonly account: string; readonly balances?: { readonly [currency: string]: string } }
>;
export type FundsDeposited = Event<
  'FundsDeposited',
  1,
  { readonly account: string; readonly currency: string; readonly amount: string }
>;

/** Inputs that are no market data. */
export type AnyOtherInput = RunStarted | ClockTicked | AccountOpened | FundsDeposited | Command;
