import { Flag, Side } from '../../../core/market/columns.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import { decimalText, fromIso, type JsonRecord, record, shown, text, whole } from '../mapping/fields.js';
import type { TradeLine } from '../mapping/sink.js';

/** A row of an `orderBookL2` message. */
export interface BookRow {
  readonly symbol: string;
  /** Names the level among those of its side. */
  readonly id: number;
  readonly side: Side;
  /** Contracts; a deletion has none. */
  readonly size: string | undefined;
  /** Updates and deletions of before 2023 have none. */
  readonly price: string | undefined;
  /** ISO 8601; rows of before 2022 have none. */
  readonly timestamp: string | undefined;
}

/** @throws {MessageFault} */
export function bookRow(entry: unknown): BookRow {
  const row = record('data', entry);
  const { size, price, timestamp } = row;
  return {
    symbol: text('symbol', row['symbol']),
    id: whole('id', row['id']),
    side: sideOf(row['side']),
    size: size === undefined ? undefined : String(whole('size', size)),
    price: price === undefined ? undefined : priceText(price),
    timestamp: timestamp === undefined ? undefined : text('timestamp', timestamp),
  };
}

/** A row of a `trade` message. */
export interface TradeRow {
  readonly symbol: string;
  readonly timestamp: string;
  readonly trade: TradeLine;
  /** As it came, for what it says about the contract. */
  readonly row: JsonRecord;
}

/** @throws {MessageFault} */
export function tradeRow(entry: unknown): TradeRow {
  const row = record('data', entry);
  const { side, trdType } = row;
  // prints that nobody took (settlements) have no side, and since trades have a type they have another than `Regular`
  const isMarket = side !== undefined && side !== '' && (trdType === undefined || trdType === 'Regular');
  return {
    symbol: text('symbol', row['symbol']),
    timestamp: text('timestamp', row['timestamp']),
    trade: {
      side: side === undefined || side === '' ? Side.buy : sideOf(side),
      price: priceText(row['price']),
      size: String(whole('size', row['size'])),
      id: 0, // a UUID
      flags: isMarket ? 0 : Flag.notMarket,
    },
    row,
  };
}

/** The rows of each instrument, in their order: most messages are of one, but a partial of all may come in one. */
export function bySymbol<Row extends { readonly symbol: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  const [first] = rows;
  if (first !== undefined && rows.every(({ symbol }) => symbol === first.symbol))
    return new Map([[first.symbol, rows]]);
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.symbol);
    if (group === undefined) groups.set(row.symbol, [row]);
    else group.push(row);
  }
  return groups;
}

/** The latest time of a message's rows; 0 where they have none. @throws {MessageFault} */
export function latest(rows: readonly { readonly timestamp: string | undefined }[]): EpochMicros {
  let told: string | undefined;
  for (const { timestamp } of rows)
    if (timestamp !== undefined && (told === undefined || timestamp > told)) told = timestamp; // all in one notation
  return told === undefined ? 0 : fromIso('timestamp', told);
}

/** Buy is a bid, or a taker who bought. */
function sideOf(side: unknown): Side {
  if (side === 'Buy') return Side.bid;
  if (side === 'Sell') return Side.ask;
  throw new MessageFault('bad_message', `"side" is neither "Buy" nor "Sell": ${shown(side)}`);
}

function priceText(price: unknown): string {
  const told = decimalText('price', price);
  // a number above zero is one; a text may be anything
  if (typeof price === 'number' ? price > 0 : /^\d+(\.\d+)?$/.test(told) && /[1-9]/.test(told)) return told;
  throw new MessageFault('bad_message', `"price" is no price: ${shown(price)}`);
}
