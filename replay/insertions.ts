import { Flag, int64At, Kind, NO_COLUMNS, setInt64, type MarketColumns } from '../core/market/columns.js';
import type { InputBatch, OtherInput } from '../core/ports.js';
import type { EpochMicros } from '../core/time.js';
import type { RunSettings, RunStarted } from '../core/engine/inputs.js';
import { ENGINE_VERSION } from '../core/version.js';

/** An input to be put into a session's order: before the first input of its own instant, or before a given seq. */
export interface Insertion {
  readonly at: EpochMicros;
  /** The session's own seq to stand before; wins over `at`. */
  readonly beforeSeq?: number;
  readonly type: string;
  readonly data: OtherInput['data'];
}

export interface Rewrite {
  /** Commands and accounts to put in; given, those of the session are left out. */
  readonly insertions?: readonly Insertion[];
  /** Replaces the settings of every `RunStarted`, or opens the run where there is none. */
  readonly settings?: (recorded: RunSettings | undefined) => RunSettings;
  /** Whether the session has a `RunStarted` of its own. */
  readonly hasRun: boolean;
  /** When the session begins. */
  readonly from: EpochMicros;
}

/** Inputs that came from clients: left out when other orders are put in their place. */
const CLIENT_INPUTS: ReadonlySet<string> = new Set([
  'SubmitTwap',
  'AmendOrder',
  'StartOrder',
  'PauseOrder',
  'ResumeOrder',
  'StopOrder',
  'CancelOrder',
  'AccountOpened',
  'FundsDeposited',
  'LimitsSet',
]);

/**
 * A session's inputs with other orders or other settings, numbered anew from 1. A command stands before market inputs of its
 * own instant. Nothing is reordered otherwise.
 */
export async function* rewritten(inputs: AsyncIterable<InputBatch>, rewrite: Rewrite): AsyncGenerator<InputBatch> {
  const waiting = [...(rewrite.insertions ?? [])];
  let next = 1;
  let first = true;
  for await (const { market, others } of inputs) {
    const seqs = new Int32Array(market.seq.length);
    const out: OtherInput[] = [];
    const put = (insertion: Omit<Insertion, 'beforeSeq'>): void => {
      const { at, type, data } = insertion;
      out.push({ type, version: 1, at, seq: next++, data });
    };
    if (first && !rewrite.hasRun) put(openingRun(rewrite));
    first = false;
    const due = (seq: number, at: EpochMicros): void => {
      for (let head = waiting[0]; head !== undefined; head = waiting[0]) {
        if (head.beforeSeq === undefined ? head.at > at : head.beforeSeq > seq) return;
        put(head);
        waiting.shift();
      }
    };
    let other = 0;
    let row = 0;
    const passOthers = (until: number): void => {
      for (let input = others[other]; input !== undefined && input.seq < until; input = others[++other]) {
        if (rewrite.insertions !== undefined && CLIENT_INPUTS.has(input.type)) continue;
        due(input.seq, input.at);
        const data = input.type === 'RunStarted' ? resettled(input.data, rewrite, next) : input.data;
        out.push({ ...input, seq: next++, data });
      }
    };
    while (row < market.rows) {
      const seq = int64At(market.seq, row);
      passOthers(seq);
      // an instrument is known before anybody trades it, also when both happen at once
      if (market.kind[row] !== Kind.defined) due(seq, int64At(market.receivedAt, row));
      row = numberMessage(market, row, seqs, next++);
    }
    passOthers(Infinity);
    yield { market: { ...market, seq: seqs }, others: out };
  }
  // what comes after the last input, and still before the session's end
  const rest = waiting.map(({ at, type, data }) => ({ type, version: 1, at, seq: next++, data }));
  if (first && !rewrite.hasRun) rest.unshift({ ...openingRun(rewrite), version: 1, seq: 1 });
  if (rest.length > 0) yield { market: NO_COLUMNS, others: rest };
}

function numberMessage(market: MarketColumns, from: number, seqs: Int32Array, seq: number): number {
  let row = from;
  for (;;) {
    setInt64(seqs, row, seq);
    if ((market.flags[row++]! & Flag.messageEnd) !== 0) return row;
  }
}

function openingRun(rewrite: Rewrite): Omit<Insertion, 'beforeSeq'> {
  const settings = rewrite.settings?.(undefined);
  return {
    at: rewrite.from,
    type: 'RunStarted',
    data: { engineVersion: ENGINE_VERSION, settings, live: false, firstSeq: 1 } as OtherInput['data'],
  };
}

function resettled(data: OtherInput['data'], rewrite: Rewrite, seq: number): OtherInput['data'] {
  const { lost: _, ...run } = data as unknown as RunStarted['data']; // numbered anew, nothing is missing
  const settings = rewrite.settings?.(run.settings) ?? run.settings;
  return { ...run, engineVersion: ENGINE_VERSION, settings, firstSeq: seq } as unknown as OtherInput['data'];
}
