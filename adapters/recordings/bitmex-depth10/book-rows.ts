import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import type { Source } from '../../venues/venue.js';
import type { RowCursor } from '../rows/row-cursor.js';
import type { RowReader } from '../rows/row-file.js';
import type { VenueRows } from '../rows/venue-rows.js';
import { Seconds } from './seconds.js';

/** Levels a side in every row. */
export const DEPTH = 10;

const SECOND = 0;
const SYMBOL = 2;
const ASK_PRICES = 3;
const ASK_SIZES = ASK_PRICES + DEPTH;
const BID_PRICES = ASK_SIZES + DEPTH;
const BID_SIZES = BID_PRICES + DEPTH;

/** Rows of second, millisecond, symbol, ask prices (best first), ask sizes, bid prices, bid sizes: a whole book each. */
export class BookRows implements RowReader {
  readonly columns = BID_SIZES + DEPTH;
  readonly #seconds = new Seconds();
  #symbol = '';
  #bids: LevelText[] = [];
  #asks: LevelText[] = [];

  constructor(readonly rows: VenueRows) {}

  at(row: RowCursor): EpochMicros {
    return this.#seconds.at(row, SECOND);
  }

  begin(row: RowCursor): void {
    this.#symbol = row.word(SYMBOL);
    this.#bids = side(row, BID_PRICES, BID_SIZES);
    this.#asks = side(row, ASK_PRICES, ASK_SIZES);
  }

  add(): boolean {
    return false;
  }

  take(receivedAt: EpochMicros, source: Source): boolean {
    this.rows.depths.set(this.#symbol, DEPTH);
    const line = this.rows.lines.bookLine(this.#symbol, receivedAt, source);
    line.snapshot({ receivedAt, venueAt: receivedAt }, this.#bids, this.#asks);
    return true;
  }
}

/** A thin book leaves its last columns empty. */
function side(row: RowCursor, prices: number, sizes: number): LevelText[] {
  const levels: LevelText[] = [];
  for (let level = 0; level < DEPTH; level++) {
    if (row.isEmpty(prices + level) && row.isEmpty(sizes + level)) continue;
    levels.push([row.decimal(prices + level, 'price'), row.decimal(sizes + level, 'size')]);
  }
  return levels;
}
