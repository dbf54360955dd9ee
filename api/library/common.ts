import type { VenueLists } from '../../adapters/requests/grid-file.js';
import { VENUE_READERS } from '../../adapters/requests/venue-values.js';
import { DEFAULT_VENUE, type Assumption } from '../../core/desk/settings.js';
import type { RunSettings } from '../../core/engine/inputs.js';
import { SweepRefused } from '../../replay/sweep/refused.js';

/** Settings of the simulated venue, several of which are put side by side; spelled as on the command line. */
export interface VenueChoice {
  readonly assume?: readonly Assumption[];
  /** Durations such as `10ms`. */
  readonly latency?: readonly string[];
  /** `MAKER,TAKER`, fractions of notional. */
  readonly fees?: readonly string[];
  readonly takeSlack?: readonly number[];
  readonly allowPartialBook?: boolean;
}

/** What every run over sessions may be told. */
export interface Common {
  /** Folders of captured sessions. */
  readonly sessions: readonly string[];
  /** Folder of results; absent: only what is reported remains. */
  readonly out?: string;
  /** Whether results that are in the folder already may go. */
  readonly force?: boolean;
  readonly venue?: VenueChoice;
  readonly seed?: number;
  /** Rules by instrument that win over those of a recording. */
  readonly rules?: RunSettings['rules'];
  readonly signal?: AbortSignal;
  readonly onProgress?: (finished: number, desks: number) => void;
}

/** @throws {SweepRefused} naming the first value that cannot be read */
export function listsOf({ allowPartialBook, ...lists }: VenueChoice = {}): VenueLists {
  const read = Object.entries(lists).map(([key, values]) => [
    key,
    (values as readonly unknown[]).map((value) => {
      const { ok, problem } = VENUE_READERS[key as keyof typeof lists](value, `venue.${key}`);
      if (problem !== undefined) throw new SweepRefused(`${problem.where}: ${problem.what}; ${problem.mend}`);
      return ok;
    }),
  ]);
  const partial = allowPartialBook === undefined ? {} : { allowPartialBook: [allowPartialBook] };
  return { ...(Object.fromEntries(read) as VenueLists), ...partial };
}

/** What a session recorded holds again, unless something else was asked for. */
export function settingsOf({ seed, rules }: Pick<Common, 'seed' | 'rules'>) {
  return (recorded: RunSettings | undefined): RunSettings => ({
    ...recorded,
    venue: { ...DEFAULT_VENUE, ...recorded?.venue },
    seed: seed ?? recorded?.seed ?? 1,
    ...(rules === undefined ? {} : { rules }),
  });
}
