import { Flag, Side } from '../../../core/market/columns.js';
import type { EpochMicros } from '../../../core/time.js';
import { takerSide, tradeId } from '../../venues/mapping/fields.js';
import type { TradeLine } from '../../venues/mapping/sink.js';
import type { Source } from '../../venues/venue.js';
import type { RowCursor } from '../rows/row-cursor.js';
import type { RowReader } from '../rows/row-file.js';
import type { VenueRows } from '../rows/venue-rows.js';
import { arrivedAt, COMMON_COLUMNS, happenedAt, Owner } from './owner.js';

const ID = COMMON_COLUMNS;
const SIDE = ID + 1;
const PRICE = SIDE + 1;
const AMOUNT = PRICE + 1;

/** Rows of trades; those that arrived together are one message. */
export class TradeRows implements RowReader {
  readonly columns = AMOUNT + 1;
  readonly #owner: Owner;
  #arrivedAt: EpochMicros = 0;
  #venueAt: EpochMicros = 0;
  #trades: TradeLine[] = [];

  constructor(
    exchange: string,
    readonly rows: VenueRows,
  ) {
    this.#owner = new Owner(exchange);
  }

  at(row: RowCursor): EpochMicros {
    return arrivedAt(row);
  }

  begin(row: RowCursor, at: EpochMicros): void {
    this.#owner.read(row);
    this.#arrivedAt = at;
    this.#venueAt = happenedAt(row);
    this.#trades = [tradeOf(row)];
  }

  add(row: RowCursor, at: EpochMicros): boolean {
    if (at !== this.#arrivedAt || !this.#owner.isOf(row)) return false;
    this.#venueAt = Math.max(this.#venueAt, happenedAt(row));
    this.#trades.push(tradeOf(row));
    return true;
  }

  take(receivedAt: EpochMicros, source: Source): boolean {
    const line = this.rows.lines.line(this.#owner.symbol, receivedAt, source);
    line.trade({ receivedAt, venueAt: this.#venueAt }, this.#trades);
    return true;
  }
}

/** A print without a taker (an auction, a settlement) is no market trade. */
function tradeOf(row: RowCursor): TradeLine {
  const isMarket = !row.is(SIDE, 'unknown');
  return {
    side: isMarket ? takerSide('side', row.column(SIDE), 'buy', 'sell') : Side.buy,
    price: row.decimal(PRICE, 'price'),
    size: row.decimal(AMOUNT, 'amount'),
    id: tradeId(row.column(ID)),
    flags: isMarket ? 0 : Flag.notMarket,
  };
}
