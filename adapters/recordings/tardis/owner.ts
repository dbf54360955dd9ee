import { MessageFault } from '../../venues/mapping/fault.js';
import { shown } from '../../venues/mapping/fields.js';
import type { EpochMicros } from '../../../core/time.js';
import type { RowCursor } from '../rows/row-cursor.js';

const EXCHANGE = 0;
const SYMBOL = 1;
const TIMESTAMP = 2;
const LOCAL_TIMESTAMP = 3;

/** Columns that every file begins with. */
export const COMMON_COLUMNS = 4;

/** Arrival of the message that a row was part of. @throws {MessageFault} */
export const arrivedAt = (row: RowCursor): EpochMicros => row.micros(LOCAL_TIMESTAMP, 'local_timestamp');

/** The exchange's time of a row, or its arrival where the exchange told none. @throws {MessageFault} */
export const happenedAt = (row: RowCursor): EpochMicros => row.micros(TIMESTAMP, 'timestamp');

/** Whose the rows of a file are: one exchange's, and mostly one instrument's. */
export class Owner {
  symbol = '';

  constructor(readonly exchange: string) {}

  /** Takes the row's instrument. @throws {MessageFault} for a row of another exchange */
  read(row: RowCursor): void {
    if (!row.is(EXCHANGE, this.exchange))
      throw new MessageFault('bad_message', `a row of ${shown(row.column(EXCHANGE))} in a file of ${this.exchange}`);
    if (!row.is(SYMBOL, this.symbol)) this.symbol = row.column(SYMBOL);
  }

  isOf(row: RowCursor): boolean {
    return row.is(SYMBOL, this.symbol) && row.is(EXCHANGE, this.exchange);
  }
}
