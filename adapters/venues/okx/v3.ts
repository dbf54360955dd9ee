import { Side } from '../../../core/market/columns.js';
import type { LevelText } from '../../../core/market/events.js';
import { MessageFault } from '../mapping/fault.js';
import { fromIso, list, record, takerSide, text, tradeId, type JsonRecord } from '../mapping/fields.js';
import { checksumOf, symbolOf, type BookMessage, type TradesMessage } from './messages.js';

const BOOK = /^(?:spot|swap|futures|option)\/depth(?:_l2_tbt)?$/;
const TRADE = /^(?:spot|swap|futures|option)\/trade$/;

/**
 * Reads a message of the third version (until 2021): `{"table":"spot/depth_l2_tbt","action":…,"data":[…]}`. Each entry of
 * the data names its instrument.
 *
 * @returns undefined for a table that is not read; @throws {MessageFault}
 */
export function readV3(message: JsonRecord): BookMessage | readonly TradesMessage[] | undefined {
  const table = text('table', message['table']);
  const data = (): readonly unknown[] => list('data', message['data']);
  if (TRADE.test(table)) return data().map((entry) => trade(record('data', entry)));
  if (!BOOK.test(table)) return undefined;
  const books = data();
  if (books.length !== 1) throw new MessageFault('bad_message', `a book message of ${books.length} books`);
  return book(message['action'], record('data', books[0]));
}

function book(action: unknown, data: JsonRecord): BookMessage {
  const { instrument_id: symbol, timestamp, bids, asks, checksum } = data;
  if (action !== 'partial' && action !== 'update')
    throw new MessageFault('bad_message', '"action" is neither "partial" nor "update"');
  return {
    symbol: symbolOf(symbol),
    isSnapshot: action === 'partial',
    venueAt: fromIso('timestamp', timestamp),
    range: undefined,
    checksum: checksumOf(checksum),
    bids: list('bids', bids) as readonly LevelText[],
    asks: list('asks', asks) as readonly LevelText[],
  };
}

function trade(data: JsonRecord): TradesMessage {
  const { instrument_id: symbol, timestamp, price, size, qty, side, trade_id: id } = data;
  return {
    symbol: symbolOf(symbol),
    channel: 'trade',
    venueAt: fromIso('timestamp', timestamp),
    trades: [
      {
        side: takerSide('side', side, 'buy', 'sell') === 0 ? Side.buy : Side.sell,
        price,
        size: size ?? qty, // futures say `qty`
        id: tradeId(id), // those of spot are longer than numbers are
        flags: 0,
      },
    ],
  };
}
