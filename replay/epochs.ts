import { readOutcome } from '../adapters/log/shapes.js';
import type { Engine } from '../core/engine/engine.js';
import { ColumnEncoder } from '../core/market/column-codec.js';
import { isMarketEvent } from '../core/market/events.js';
import type { InputBatch, LogEvent, OtherInput } from '../core/ports.js';
import { ENGINE_VERSION } from '../core/version.js';
import type { StoredOutcome } from './conclusions.js';
import type { LogPage } from './log-pages.js';

/** A stretch of a log that was made by one engine version. */
export type Stretch =
  | { readonly own: true; readonly events: readonly LogEvent[]; readonly outcomes: readonly StoredOutcome[] }
  /** A whole epoch of another version, or what a log holds of it: it must be folded as it was stored. */
  | {
      readonly own: false;
      readonly version: string;
      readonly events: readonly LogEvent[];
      readonly outcomes: readonly StoredOutcome[];
    };

/**
 * Cuts a log's pages where an epoch of another engine version begins or ends. Pages of this version pass as they are; an
 * epoch of another version is collected whole, because its outcomes are stored behind the inputs that they follow from.
 *
 * @param version  of the epoch that the first page belongs to; '' where that has none yet
 */
export async function* stretches(pages: AsyncIterable<LogPage>, version: string): AsyncGenerator<Stretch> {
  let now = version;
  let foreign: { version: string; events: LogEvent[]; outcomes: StoredOutcome[] } | undefined = isOwn(now)
    ? undefined
    : { version: now, events: [], outcomes: [] };
  for await (const page of pages) {
    let events = page.events;
    let outcomes = page.outcomes;
    for (let run = nextRun(events, now); run !== undefined; run = nextRun(events, now)) {
      const before = events.slice(0, run.index);
      const of = (outcome: StoredOutcome): boolean => outcome.n! < run.firstN;
      if (foreign === undefined) yield { own: true, events: before, outcomes: outcomes.filter(of) };
      else
        yield {
          own: false,
          ...foreign,
          events: [...foreign.events, ...before],
          outcomes: [...foreign.outcomes, ...outcomes.filter(of)],
        };
      events = events.slice(run.index);
      outcomes = outcomes.filter((outcome) => !of(outcome));
      now = run.version;
      foreign = isOwn(now) ? undefined : { version: now, events: [], outcomes: [] };
    }
    if (foreign === undefined) yield { own: true, events, outcomes };
    else {
      foreign.events.push(...events);
      foreign.outcomes.push(...outcomes);
    }
  }
  if (foreign !== undefined) yield { own: false, ...foreign };
}

const isOwn = (version: string): boolean => version === '' || version === ENGINE_VERSION;

/** The next input that opens an epoch of a version other than the present one. */
function nextRun(
  events: readonly LogEvent[],
  now: string,
): { index: number; version: string; firstN: number } | undefined {
  for (const [index, { type, data }] of events.entries()) {
    if (type !== 'RunStarted') continue;
    const { engineVersion: version, firstN = 1 } = data as { engineVersion: string; firstN?: number };
    if (now === '' ? !isOwn(version) : version !== now) return { index, version, firstN };
  }
  return undefined;
}

/** Events as the engine takes them. */
export function asBatch(events: readonly LogEvent[]): InputBatch {
  const encoder = new ColumnEncoder();
  const others: OtherInput[] = [];
  for (const event of events) {
    if (isMarketEvent(event)) encoder.add(event.seq!, event);
    else others.push(event as OtherInput);
  }
  return { market: encoder.take(), others };
}

/** The same events as several batches. */
export function* asBatches(events: readonly LogEvent[], atOnce: number): Generator<InputBatch> {
  for (let i = 0; i < events.length; i += atOnce) yield asBatch(events.slice(i, i + atOnce));
}

/**
 * Folds an epoch of another version as it was stored.
 *
 * @throws {LogFailure} `foreign` for an outcome that this version does not know
 */
export function foldForeign(engine: Engine, { events, outcomes }: Stretch & { own: false }): void {
  engine.foldAsStored(asBatch(events), outcomes.map(readOutcome));
}
