import { Flag, int64At, Kind, type MarketColumns } from '../../core/market/columns.js';
import { FastBook } from '../../core/market/fast-book.js';
import type { Session } from '../../adapters/recordings/session/session.js';

/** The least that a replay must do: reads a session by the reader that replay uses, into the book that it uses. */
export async function bareLoop(session: Session): Promise<FastBook> {
  const book = new FastBook();
  for await (const { market } of session.inputs()) applyAll(market, book);
  return book;
}

/** Applies a batch of one instrument to its book, row by row. */
export function applyAll({ rows, kind, flags, side, price, size }: MarketColumns, book: FastBook): void {
  let inSnapshot = false;
  for (let row = 0; row < rows; row++) {
    if (kind[row]! > Kind.snapshot) continue;
    if (kind[row] === Kind.snapshot && !inSnapshot) {
      book.beginSnapshot();
      inSnapshot = true;
    }
    if ((flags[row]! & Flag.noLevel) === 0) book.set(side[row] as 0 | 1, int64At(price, row), int64At(size, row));
    if (inSnapshot && (flags[row]! & Flag.messageEnd) !== 0) {
      book.endSnapshot();
      inSnapshot = false;
    }
  }
}

/** What could be done at best: the price is the index. */
export class TickArray {
  readonly bids: Float64Array;
  readonly asks: Float64Array;

  /** Spans prices from `lowest` to `highest`, in ticks. */
  constructor(
    readonly lowest: number,
    highest: number,
  ) {
    this.bids = new Float64Array(highest - lowest + 1);
    this.asks = new Float64Array(highest - lowest + 1);
  }

  applyAll({ rows, kind, flags, side, price, size }: MarketColumns): void {
    const { lowest, bids, asks } = this;
    for (let row = 0; row < rows; row++) {
      if (kind[row]! > Kind.snapshot || (flags[row]! & Flag.noLevel) !== 0) continue;
      (side[row] === 0 ? bids : asks)[int64At(price, row) - lowest] = int64At(size, row);
    }
  }
}
