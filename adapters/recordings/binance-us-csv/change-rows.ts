import { Side } from '../../../core/market/columns.js';
import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../../venues/mapping/fault.js';
import { fromNanos, shown } from '../../venues/mapping/fields.js';
import type { MarketLines } from '../../venues/mapping/market-lines.js';
import type { TradeLine } from '../../venues/mapping/sink.js';
import type { Source } from '../../venues/venue.js';
import type { RowCursor } from '../rows/row-cursor.js';
import type { RowReader } from '../rows/row-file.js';

const TIME = 0;
const TYPE = 1;
const SIDE = 2;
const PRICE = 3;
const QUANTITY = 4;

/**
 * Rows of the venue's event time, `book` or `trade`, the side (`B` or `A`; of a trade the taker's), price and quantity. All
 * changes of one depth message share one time. There is no snapshot: the book starts empty.
 */
export class ChangeRows implements RowReader {
  readonly columns = 5;
  #at: EpochMicros = 0;
  #trade: TradeLine | undefined;
  #sides: readonly [LevelText[], LevelText[]] = [[], []];

  constructor(
    readonly symbol: string,
    readonly lines: MarketLines,
  ) {}

  /** Nobody wrote down when the messages arrived: they count as received when they happened. */
  at(row: RowCursor): EpochMicros {
    return fromNanos('ts_ns', row.column(TIME));
  }

  begin(row: RowCursor, at: EpochMicros): void {
    this.#at = at;
    this.#sides = [[], []];
    this.#trade = undefined;
    if (row.is(TYPE, 'trade'))
      this.#trade = {
        side: sideOf(row),
        price: row.decimal(PRICE, 'price'),
        size: row.decimal(QUANTITY, 'qty'),
        id: 0,
        flags: 0,
      };
    else if (row.is(TYPE, 'book')) this.#change(row);
    else throw new MessageFault('bad_message', `"type" is neither "book" nor "trade": ${shown(row.column(TYPE))}`);
  }

  add(row: RowCursor, at: EpochMicros): boolean {
    if (this.#trade !== undefined || at !== this.#at || !row.is(TYPE, 'book')) return false;
    this.#change(row);
    return true;
  }

  take(receivedAt: EpochMicros, source: Source): boolean {
    const head = { receivedAt, venueAt: receivedAt };
    if (this.#trade !== undefined) this.lines.line(this.symbol, receivedAt, source).trade(head, [this.#trade]);
    else void this.lines.bookLine(this.symbol, receivedAt, source).delta(head, this.#sides[0], this.#sides[1]);
    return true;
  }

  #change(row: RowCursor): void {
    this.#sides[sideOf(row)].push([row.decimal(PRICE, 'price'), row.decimal(QUANTITY, 'qty')]);
  }
}

function sideOf(row: RowCursor): Side {
  if (row.is(SIDE, 'B')) return Side.bid;
  if (row.is(SIDE, 'A')) return Side.ask;
  throw new MessageFault('bad_message', `"side" is neither "B" nor "A": ${shown(row.column(SIDE))}`);
}
