import { int64At, NO_COLUMNS, type MarketColumns } from '../../../core/market/columns.js';
import type { InputBatch, OtherInput } from '../../../core/ports.js';
import type { LineReader } from './line-reader.js';

/** Other inputs that one batch carries at most; where there are more, the market's rows are cut between two messages. */
export const OTHERS_AT_ONCE = 4096;

/**
 * Market rows and other inputs as one order, by `seq` alone. A batch holds all inputs from the end of the one before up to
 * its own last `seq`.
 */
export async function* mergeBySeq(
  market: AsyncIterable<MarketColumns>,
  others: LineReader<OtherInput>,
): AsyncGenerator<InputBatch> {
  for await (const columns of market) {
    const lastSeq = int64At(columns.seq, columns.rows - 1);
    let from = 0;
    for (;;) {
      const taken = await others.take(({ seq }) => seq < lastSeq, OTHERS_AT_ONCE);
      if (taken.length < OTHERS_AT_ONCE) {
        yield { market: from === 0 ? columns : cut(columns, from, columns.rows), others: taken };
        break;
      }
      const to = rowAfter(columns, taken.at(-1)!.seq);
      yield { market: to > from ? cut(columns, from, to) : NO_COLUMNS, others: taken };
      from = to;
    }
  }
  for (;;) {
    const taken = await others.take(() => true, OTHERS_AT_ONCE);
    if (taken.length === 0) return;
    yield { market: NO_COLUMNS, others: taken };
  }
}

/** First row whose `seq` is above the given one. */
function rowAfter(columns: MarketColumns, seq: number): number {
  let low = 0;
  let high = columns.rows;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (int64At(columns.seq, middle) > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Rows `from` to `to` (exclusive), over the same memory. */
function cut(columns: MarketColumns, from: number, to: number): MarketColumns {
  return {
    rows: to - from,
    instruments: columns.instruments,
    seq: columns.seq.subarray(2 * from, 2 * to),
    receivedAt: columns.receivedAt.subarray(2 * from, 2 * to),
    venueAt: columns.venueAt.subarray(2 * from, 2 * to),
    instrument: columns.instrument.subarray(from, to),
    kind: columns.kind.subarray(from, to),
    side: columns.side.subarray(from, to),
    price: columns.price.subarray(2 * from, 2 * to),
    size: columns.size.subarray(2 * from, 2 * to),
    flags: columns.flags.subarray(from, to),
    venueSeq: columns.venueSeq.subarray(2 * from, 2 * to),
    text: (row) => columns.text(from + row),
  };
}
