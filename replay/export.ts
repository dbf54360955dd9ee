import { readOutcome } from '../adapters/log/shapes.js';
import { Engine } from '../core/engine/engine.js';
import type { RunStarted } from '../core/engine/inputs.js';
import type { Json } from '../core/json.js';
import { levelTexts } from '../core/market/book-text.js';
import { ColumnEncoder } from '../core/market/column-codec.js';
import { Side } from '../core/market/columns.js';
import { isMarketEvent } from '../core/market/events.js';
import type { Market } from '../core/market/market.js';
import type { EventLog, InputBatch, LogEvent, OtherInput } from '../core/ports.js';
import type { EpochMicros } from '../core/time.js';
import { restoreCheckpoint } from './checkpoints.js';
import { Conclusions, type StoredOutcome } from './conclusions.js';
import { asBatch } from './epochs.js';
import { logPages } from './log-pages.js';
import { isBeyond, upToMoment, type Moment } from './moment.js';
import { nearestCheckpoint } from './nearest-checkpoint.js';

/** What an export is written to; a session writer is one. */
export interface ExportTarget {
  writeMarket(columns: ReturnType<ColumnEncoder['take']>): Promise<void>;
  writeInput(input: OtherInput): Promise<void>;
  writeOutcome(outcome: StoredOutcome): Promise<void>;
}

/** What was exported. */
export interface Exported {
  readonly engine: Engine;
  readonly inputs: number;
  readonly outcomes: number;
  readonly from: EpochMicros;
  readonly to: EpochMicros;
}

/** Nothing of the log lies between the two moments. */
export class NothingThere extends Error {
  override readonly name = 'NothingThere';
}

/**
 * Cuts a session out of a log. From the log's beginning it is the log itself: same seqs, and the outcomes as they are
 * stored. From a later moment it begins with a run, the instruments and their books as of then, is numbered from 1, and has
 * no outcomes: an order that was submitted before is not in it, nor are commands to it.
 *
 * @throws {NothingThere} when no input lies in the span
 */
export async function exportSession(
  log: EventLog,
  name: string,
  span: { readonly from?: Moment; readonly to?: Moment },
  target: ExportTarget,
): Promise<Exported> {
  return span.from === undefined
    ? await whole(log, name, span.to, target)
    : await cut(log, name, span.from, span.to, target);
}

async function whole(log: EventLog, name: string, to: Moment | undefined, target: ExportTarget): Promise<Exported> {
  const derived: StoredOutcome[] = [];
  const engine = new Engine(new Conclusions((outcome) => derived.push(outcome)).take);
  let written = 0;
  let began: EpochMicros | undefined;
  let ended = false;
  for await (const page of logPages(log, name)) {
    if (!ended) {
      const part = to === undefined ? page.events : upToMoment(page.events, to);
      ended = part !== page.events;
      const batch = asBatch(part);
      engine.fold(batch);
      began ??= part[0]?.at;
      await write(batch, target);
    }
    for (const outcome of page.outcomes) {
      if (ended && outcome.n! > engine.n) break;
      await target.writeOutcome(readOutcome(outcome));
      written = outcome.n!;
    }
    if (ended && written >= engine.n) break;
  }
  if (began === undefined) throw new NothingThere('the log holds no input there');
  // what a killed server had not stored yet follows from the inputs
  for (const outcome of derived) if (outcome.n! > written) await target.writeOutcome(outcome);
  return { engine, inputs: engine.seq, outcomes: engine.n, from: began, to: engine.clock };
}

async function cut(
  log: EventLog,
  name: string,
  from: Moment,
  to: Moment | undefined,
  target: ExportTarget,
): Promise<Exported> {
  const before = 'seq' in from ? { seq: from.seq - 1 } : { at: from.at - 1 };
  const found = await nearestCheckpoint(log, name, before);
  const engine = found === undefined ? new Engine(() => undefined) : restoreCheckpoint(found, () => undefined);
  const encoder = new ColumnEncoder();
  const submitted = new Set<string>();
  let seq = 0;
  let begun: EpochMicros | undefined;
  const put = async (event: LogEvent): Promise<void> => {
    const numbered = { ...gapless(event), seq: ++seq };
    if (isMarketEvent(numbered)) encoder.add(seq, numbered);
    else await target.writeInput(numbered);
  };
  for await (const page of logPages(log, name, { afterSeq: engine.seq })) {
    for (const event of page.events) {
      if (to !== undefined && isBeyond(to, { seq: event.seq!, at: event.at })) return await finished();
      if (begun === undefined && ('seq' in from ? event.seq! < from.seq : event.at < from.at)) {
        foldOne(engine, event);
        continue;
      }
      if (begun === undefined) {
        begun = event.at;
        for (const opening of openings(engine, begun)) await put(opening);
      }
      const { orderId } = event.data as { orderId?: string };
      if (event.type === 'SubmitTwap') submitted.add(orderId!);
      else if (orderId !== undefined && !submitted.has(orderId)) continue;
      foldOne(engine, event);
      await put(event);
    }
    if (encoder.length > 0) await target.writeMarket(encoder.take());
  }
  return await finished();

  async function finished(): Promise<Exported> {
    if (begun === undefined) throw new NothingThere('the log holds no input in that span');
    if (encoder.length > 0) await target.writeMarket(encoder.take());
    return { engine, inputs: seq, outcomes: 0, from: begun, to: engine.clock };
  }
}

function foldOne(engine: Engine, event: LogEvent): void {
  engine.fold(asBatch([{ ...gapless(event), seq: engine.seq + 1 }]));
}

/** An event that is numbered anew: nothing is missing before it. */
function gapless(event: LogEvent): LogEvent {
  if (event.type !== 'RunStarted') return event;
  const { lost: _, ...data } = event.data as unknown as RunStarted['data'];
  return { ...event, data: data as unknown as Json };
}

/** How a session that begins in the middle of a log stands on its own: the run, the instruments, the books. */
function openings(engine: Engine, at: EpochMicros): LogEvent[] {
  const run = { engineVersion: engine.engineVersion, settings: engine.settings, live: engine.live, firstSeq: 1 };
  const events: LogEvent[] = [{ type: 'RunStarted', version: 1, at, data: run as unknown as Json }];
  for (const [, market] of [...engine.markets].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    events.push({ type: 'InstrumentDefined', version: 1, at, data: market.instrument.definition as unknown as Json });
    if (market.effectiveTrust() === 'trusted') events.push(snapshotOf(market, at));
  }
  return events;
}

function snapshotOf(market: Market, at: EpochMicros): LogEvent {
  const { instrument } = market.units;
  const data = {
    instrument,
    ...(market.venueAt === 0 ? {} : { venueAt: market.venueAt }),
    ...(market.venueSeq === 0 ? {} : { venueSeq: market.venueSeq }),
    bids: [...levelTexts(market, Side.bid)],
    asks: [...levelTexts(market, Side.ask)],
  };
  return { type: 'BookSnapshot', version: 1, at, data: data };
}

async function write({ market, others }: InputBatch, target: ExportTarget): Promise<void> {
  if (market.rows > 0) await target.writeMarket(market);
  for (const other of others) await target.writeInput(other);
}
