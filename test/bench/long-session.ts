import { openSession, type Session } from '../../adapters/recordings/session/session.js';
import { createSession } from '../../adapters/recordings/session/writer.js';
import { DEFAULT_VENUE } from '../../core/desk/settings.js';
import { Flag, int64At, Kind, setInt64, sliceColumns, type MarketColumns } from '../../core/market/columns.js';
import type { OtherInput } from '../../core/ports.js';
import { formatInstant, MICROS } from '../../core/time.js';
import { ENGINE_VERSION } from '../../core/version.js';

/** What was written. */
export interface LongSession {
  readonly path: string;
  readonly rows: number;
  readonly levelChanges: number;
}

/**
 * Writes a session in which the market of another happens again and again, each time behind the time before, with `seq` and
 * both times going on. One TWAP works in it from beginning to end.
 */
export async function repeatedSession(
  source: string,
  path: string,
  times: number,
  order: { readonly slices: number; readonly quantity: string },
): Promise<LongSession> {
  const session = await openSession(source, { verify: false });
  const writer = await createSession(path, { force: true });
  const span = session.to - session.from + 1;
  const to = session.from + times * span;
  await writer.writeInput(runOpening(session));
  let seq = 1;
  let rows = 0;
  let levelChanges = 0;
  for (let time = 0; time < times; time++) {
    let past = seq;
    for await (const columns of session.market()) {
      let from = 0;
      if (rows === 0) {
        // an instrument's definition is one row, and an order stands behind it
        await writer.writeMarket(shifted(sliceColumns(columns, 0, 1), past, 0));
        await writer.writeInput(submission(session, to, order, seq + 2));
        past++;
        from = 1;
      }
      await writer.writeMarket(shifted(sliceColumns(columns, from, columns.rows), past, time * span));
      seq = past + int64At(columns.seq, columns.rows - 1);
      rows += columns.rows;
      levelChanges += changesIn(columns);
    }
  }
  await writer.close({ engineVersion: ENGINE_VERSION, from: session.from, to });
  return { path, rows, levelChanges };
}

function runOpening({ from }: Session): OtherInput {
  const settings = { venue: { ...DEFAULT_VENUE }, seed: 1 };
  const data = { engineVersion: ENGINE_VERSION, settings, live: false, firstSeq: 1 };
  return { type: 'RunStarted', version: 1, at: from, seq: 1, data };
}

function submission(
  { instruments, from }: Session,
  to: number,
  { slices, quantity }: { readonly slices: number; readonly quantity: string },
  seq: number,
): OtherInput {
  const { instrument } = instruments[0]!;
  const window = { startTime: formatInstant(from + 10 * MICROS.s), endTime: formatInstant(to - MICROS.s) };
  const data = { orderId: 'o1', instrument, account: 'default', side: 'buy', quantity, slices, ...window };
  return { type: 'SubmitTwap', version: 1, at: from, seq, data };
}

function changesIn({ rows, kind, flags }: MarketColumns): number {
  let changes = 0;
  for (let row = 0; row < rows; row++) if (kind[row]! <= Kind.snapshot && (flags[row]! & Flag.noLevel) === 0) changes++;
  return changes;
}

function shifted(columns: MarketColumns, seqs: number, span: number): MarketColumns {
  const add = (words: Int32Array, more: number): Int32Array => {
    const sum = new Int32Array(words.length);
    for (let row = 0; row < columns.rows; row++) {
      const value = int64At(words, row);
      setInt64(sum, row, value === 0 ? 0 : value + more); // an absent time stays absent
    }
    return sum;
  };
  return {
    ...columns,
    seq: add(columns.seq, seqs),
    receivedAt: add(columns.receivedAt, span),
    venueAt: add(columns.venueAt, span),
  };
}
