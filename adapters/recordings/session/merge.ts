import { int64At, type MarketColumns, NO_COLUMNS, sliceColumns } from '../../../core/market/columns.js';
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
        yield { market: from === 0 ? columns : sliceColumns(columns, from, columns.rows), others: taken };
        break;
      }
      const to = rowAfter(columns, taken.at(-1)!.seq);
      yield { market: to > from ? sliceColumns(columns, from, to) : NO_COLUMNS, others: taken };
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
