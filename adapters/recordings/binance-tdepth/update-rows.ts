import { Side } from '../../../core/market/columns.js';
import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../../venues/mapping/fault.js';
import { fromMillis, shown } from '../../venues/mapping/fields.js';
import type { MarketLines } from '../../venues/mapping/market-lines.js';
import type { UpdateRange } from '../../venues/mapping/sequence.js';
import type { Source } from '../../venues/venue.js';
import type { RowCursor } from '../rows/row-cursor.js';
import type { RowReader } from '../rows/row-file.js';

const SYMBOL = 0;
const TIME = 1;
const FIRST = 2;
const LAST = 3;
const SIDE = 4;
const TYPE = 5;
const PRICE = 6;
const QUANTITY = 7;
const PREVIOUS = 8;

/**
 * Rows of symbol, time in milliseconds, first and last update, side (`b`, `a`), `snap` or `set`, price, quantity and the
 * last update of the message before (-1 where there is none). Rows of one last update are one message.
 */
export class UpdateRows implements RowReader {
  readonly columns = PREVIOUS + 1;
  #symbol = '';
  #isSnapshot = false;
  #range: UpdateRange = { first: 0, last: 0 };
  #sides: readonly [LevelText[], LevelText[]] = [[], []];

  constructor(readonly lines: MarketLines) {}

  /** Nobody wrote down when the messages arrived: they count as received when they happened. */
  at(row: RowCursor): EpochMicros {
    return fromMillis('timestamp', row.whole(TIME, 'timestamp'));
  }

  begin(row: RowCursor): void {
    this.#symbol = row.column(SYMBOL);
    this.#isSnapshot = isSnapshot(row);
    this.#range = {
      first: row.whole(FIRST, 'first_update_id'),
      last: row.whole(LAST, 'last_update_id'),
      previous: row.is(PREVIOUS, '-1') ? undefined : row.whole(PREVIOUS, 'pu'),
    };
    this.#sides = [[], []];
    this.#level(row);
  }

  add(row: RowCursor): boolean {
    if (
      row.whole(LAST, 'last_update_id') !== this.#range.last ||
      !row.is(SYMBOL, this.#symbol) ||
      isSnapshot(row) !== this.#isSnapshot
    )
      return false;
    this.#level(row);
    return true;
  }

  take(receivedAt: EpochMicros, source: Source): boolean | Promise<boolean> {
    const line = this.lines.bookLine(this.#symbol, receivedAt, source);
    const head = { receivedAt, venueAt: receivedAt, range: this.#range };
    const [bids, asks] = this.#sides;
    if (this.#isSnapshot) {
      line.snapshot(head, bids, asks);
      return true;
    }
    const taken = line.delta(head, bids, asks);
    return taken === undefined ? true : taken.then(() => true);
  }

  #level(row: RowCursor): void {
    this.#sides[sideOf(row)].push([row.decimal(PRICE, 'price'), row.decimal(QUANTITY, 'qty')]);
  }
}

function isSnapshot(row: RowCursor): boolean {
  if (row.is(TYPE, 'set')) return false;
  if (row.is(TYPE, 'snap')) return true;
  throw new MessageFault('bad_message', `"update_type" is neither "snap" nor "set": ${shown(row.column(TYPE))}`);
}

function sideOf(row: RowCursor): Side {
  if (row.is(SIDE, 'b')) return Side.bid;
  if (row.is(SIDE, 'a')) return Side.ask;
  throw new MessageFault('bad_message', `"side" is neither "b" nor "a": ${shown(row.column(SIDE))}`);
}
