import { Side } from '../../../core/market/columns.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../../venues/mapping/fault.js';
import { shown, takerSide } from '../../venues/mapping/fields.js';
import type { TradeLine } from '../../venues/mapping/sink.js';
import type { Source } from '../../venues/venue.js';
import type { RowCursor } from '../rows/row-cursor.js';
import type { RowReader } from '../rows/row-file.js';
import type { VenueRows } from '../rows/venue-rows.js';
import { Seconds } from './seconds.js';

const SYMBOL = 0;
const SECOND = 1;
const PRICE = 3;
const CONTRACTS = 4;
const ACTION = 5;
const SIDE = 6;

/** Rows of symbol, second, millisecond, price, contracts, action, the taker's side. */
export class TradeRows implements RowReader {
  readonly columns = SIDE + 1;
  readonly #seconds = new Seconds();
  #symbol = '';
  /** `partial` is the last trade before the recording. */
  #isHistory = false;
  #trade: TradeLine = { side: Side.buy, price: '', size: '', id: 0, flags: 0 };

  constructor(readonly rows: VenueRows) {}

  at(row: RowCursor): EpochMicros {
    return this.#seconds.at(row, SECOND);
  }

  begin(row: RowCursor): void {
    const action = row.word(ACTION);
    if (action !== 'insert' && action !== 'partial')
      throw new MessageFault('bad_message', `"action" is neither "insert" nor "partial": ${shown(action)}`);
    this.#isHistory = action === 'partial';
    this.#symbol = row.word(SYMBOL);
    this.#trade = {
      side: takerSide('side', row.word(SIDE), 'Buy', 'Sell'),
      price: row.decimal(PRICE, 'price'),
      size: row.decimal(CONTRACTS, 'contracts'),
      id: 0,
      flags: 0,
    };
  }

  add(): boolean {
    return false;
  }

  take(receivedAt: EpochMicros, source: Source): boolean {
    if (this.#isHistory) return false;
    this.rows.lines.line(this.#symbol, receivedAt, source).trade({ receivedAt, venueAt: receivedAt }, [this.#trade]);
    return true;
  }
}
