import { ColumnEncoder } from '../core/market/column-codec.js';
import { isMarketEvent, type MarketEvent } from '../core/market/events.js';
import { LogFailure, type EventLog, type InputBatch, type LogEvent, type OtherInput, type Position } from '../core/ports.js';
import { readShape } from '../adapters/log/shapes.js';
import type { StoredOutcome } from './conclusions.js';

/** A stretch of a log: its inputs as the engine takes them, and the outcomes that stood between them. */
export interface LogPage {
  readonly inputs: InputBatch;
  /** The inputs as events, for digests and for writing them elsewhere. */
  readonly events: readonly LogEvent[];
  readonly outcomes: readonly StoredOutcome[];
  readonly position: Position;
}

export interface LogPagesOptions {
  /** Read what stands after this position. */
  readonly after?: Position;
  /** Inputs up to and including this seq are passed over. */
  readonly afterSeq?: number;
  /** Outcomes up to and including this ordinal are passed over. */
  readonly afterN?: number;
}

/**
 * Reads a log as pages in its one order. A hole in the order is an error: nothing is folded past an input that is missing.
 *
 * @param name  how the engine's streams begin
 * @throws {LogFailure} `damaged` where the store's record is, or where a seq is missing
 */
export async function* logPages(log: EventLog, name: string, options: LogPagesOptions = {}): AsyncGenerator<LogPage> {
  const encoder = new ColumnEncoder();
  let seq = options.afterSeq;
  const passed = options.afterN ?? 0;
  const from = options.after === undefined ? {} : { after: options.after };
  for await (const stored of log.readAll({ ...from, prefixes: [name] })) {
    const others: OtherInput[] = [];
    const events: LogEvent[] = [];
    const outcomes: StoredOutcome[] = [];
    for (const { stream, revision, event } of stored) {
      if (event.n !== undefined) {
        if (event.n > passed) outcomes.push({ ...readShape(event), stream: stream.slice(name.length), revision });
        continue;
      }
      if (event.seq === undefined || (options.afterSeq !== undefined && event.seq <= options.afterSeq)) continue;
      if (seq !== undefined && event.seq !== seq + 1)
        throw new LogFailure(
          'damaged',
          `stream ${stream}: after input ${seq} comes ${event.seq}: ${event.seq > seq ? 'inputs are missing' : 'the order is broken'}; restore the log from a copy`,
          { stream, revision, seq: event.seq },
        );
      ({ seq } = event);
      const shaped = readShape(event);
      events.push(shaped);
      if (isMarketEvent(shaped)) encoder.add(event.seq, shaped as unknown as MarketEvent);
      else others.push(shaped as OtherInput);
    }
    yield { inputs: { market: encoder.take(), others }, events, outcomes, position: stored.at(-1)!.position };
  }
}
