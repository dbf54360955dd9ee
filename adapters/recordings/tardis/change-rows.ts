import { Side } from '../../../core/market/columns.js';
import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../../venues/mapping/fault.js';
import { shown } from '../../venues/mapping/fields.js';
import type { Source } from '../../venues/venue.js';
import type { RowCursor } from '../rows/row-cursor.js';
import type { RowReader } from '../rows/row-file.js';
import type { VenueRows } from '../rows/venue-rows.js';
import { arrivedAt, COMMON_COLUMNS, happenedAt, Owner } from './owner.js';

/** The column that says `true` of a snapshot's rows. */
export const IS_SNAPSHOT = COMMON_COLUMNS;
const SIDE = IS_SNAPSHOT + 1;
const PRICE = SIDE + 1;
const AMOUNT = PRICE + 1;

/**
 * Rows of changed levels. Rows that arrived together are one message; those of a snapshot replace the book, after every
 * reconnection and at the beginning of a day. Amounts are what is there now, 0 where nothing is.
 */
export class ChangeRows implements RowReader {
  readonly columns = AMOUNT + 1;
  readonly #owner: Owner;
  #arrivedAt: EpochMicros = 0;
  #venueAt: EpochMicros = 0;
  #isSnapshot = false;
  #sides: readonly [LevelText[], LevelText[]] = [[], []];
  /** Instruments whose snapshot has come in this file. */
  readonly #begun = new Set<string>();

  /**
   * @param hasSnapshots  a snapshot comes: changes that the service received before it are of no book; else the book starts
   *                      empty
   */
  constructor(
    exchange: string,
    readonly rows: VenueRows,
    readonly hasSnapshots: boolean,
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
    this.#isSnapshot = isOfSnapshot(row);
    this.#sides = [[], []];
    this.#level(row);
  }

  add(row: RowCursor, at: EpochMicros): boolean {
    if (at !== this.#arrivedAt || !this.#owner.isOf(row) || isOfSnapshot(row) !== this.#isSnapshot) return false;
    const venueAt = happenedAt(row);
    if (venueAt > this.#venueAt) this.#venueAt = venueAt;
    this.#level(row);
    return true;
  }

  take(receivedAt: EpochMicros, source: Source): boolean {
    const { symbol } = this.#owner;
    const line = this.rows.lines.bookLine(symbol, receivedAt, source);
    const head = { receivedAt, venueAt: this.#venueAt };
    const [bids, asks] = this.#sides;
    if (this.#isSnapshot) {
      line.snapshot(head, bids, asks);
      this.#begun.add(symbol);
    } else if (this.hasSnapshots && !this.#begun.has(symbol)) line.leaveOut(head);
    else void line.delta(head, bids, asks);
    return true;
  }

  #level(row: RowCursor): void {
    const level: LevelText = [row.decimal(PRICE, 'price'), row.decimal(AMOUNT, 'amount')];
    const side = sideOf(row);
    // what a snapshot has no amount of is not there
    if (this.#isSnapshot && !/[1-9]/.test(level[1])) return;
    this.#sides[side].push(level);
  }
}

function isOfSnapshot(row: RowCursor): boolean {
  if (row.is(IS_SNAPSHOT, 'false')) return false;
  if (row.is(IS_SNAPSHOT, 'true')) return true;
  throw new MessageFault('bad_message', `"is_snapshot" is neither true nor false: ${shown(row.column(IS_SNAPSHOT))}`);
}

function sideOf(row: RowCursor): Side {
  if (row.is(SIDE, 'bid')) return Side.bid;
  if (row.is(SIDE, 'ask')) return Side.ask;
  throw new MessageFault('bad_message', `"side" is neither "bid" nor "ask": ${shown(row.column(SIDE))}`);
}
