import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import type { Source } from '../../venues/venue.js';
import type { RowCursor } from '../rows/row-cursor.js';
import type { RowReader } from '../rows/row-file.js';
import type { VenueRows } from '../rows/venue-rows.js';
import { arrivedAt, COMMON_COLUMNS, happenedAt, Owner } from './owner.js';

/** Columns of one level: ask price and amount, bid price and amount. */
const PER_LEVEL = 4;

/** Rows of the best levels, a whole book each; the columns of levels that are not there are empty. */
export class BookRows implements RowReader {
  readonly columns: number;
  readonly #owner: Owner;
  #venueAt: EpochMicros = 0;
  #bids: LevelText[] = [];
  #asks: LevelText[] = [];

  constructor(
    exchange: string,
    readonly rows: VenueRows,
    readonly depth: number,
  ) {
    this.#owner = new Owner(exchange);
    this.columns = COMMON_COLUMNS + PER_LEVEL * depth;
  }

  at(row: RowCursor): EpochMicros {
    return arrivedAt(row);
  }

  begin(row: RowCursor): void {
    this.#owner.read(row);
    this.#venueAt = happenedAt(row);
    this.#asks = this.#side(row, COMMON_COLUMNS);
    this.#bids = this.#side(row, COMMON_COLUMNS + 2);
  }

  add(): boolean {
    return false;
  }

  take(receivedAt: EpochMicros, source: Source): boolean {
    const { symbol } = this.#owner;
    this.rows.depths.set(symbol, this.depth);
    const line = this.rows.lines.bookLine(symbol, receivedAt, source);
    line.snapshot({ receivedAt, venueAt: this.#venueAt }, this.#bids, this.#asks);
    return true;
  }

  #side(row: RowCursor, first: number): LevelText[] {
    const levels: LevelText[] = [];
    for (let column = first; column < this.columns; column += PER_LEVEL)
      if (!row.isEmpty(column) || !row.isEmpty(column + 1))
        levels.push([row.decimal(column, 'price'), row.decimal(column + 1, 'amount')]);
    return levels;
  }
}
