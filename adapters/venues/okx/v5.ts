import { Side } from '../../../core/market/columns.js';
import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import { fromMillis, list, record, takerSide, whole, type JsonRecord } from '../mapping/fields.js';
import type { UpdateRange } from '../mapping/sequence.js';
import type { TradeLine } from '../mapping/sink.js';
import { checksumOf, symbolOf, type BookMessage, type TradesMessage } from './messages.js';

/** Channels of changes; `books5` and `bbo-tbt` are the best levels anew each time. */
const BOOKS: ReadonlySet<unknown> = new Set(['books', 'books-l2-tbt', 'books50-l2-tbt']);

/**
 * Reads a message of the fifth version: `{"arg":{"channel":…,"instId":…},"action":…,"data":[…]}`.
 *
 * @returns undefined for a channel that is not read, and for answers; @throws {MessageFault}
 */
export function readV5(message: JsonRecord): BookMessage | TradesMessage | undefined {
  if (message['event'] !== undefined) return undefined;
  const { channel, instId } = record('arg', message['arg']);
  const isBook = BOOKS.has(channel);
  if (!isBook && channel !== 'trades' && channel !== 'trades-all') return undefined;
  const symbol = symbolOf(instId);
  const data = list('data', message['data']);
  if (!isBook) return trades(symbol, channel as string, data);
  if (data.length !== 1) throw new MessageFault('bad_message', `a book message of ${data.length} books`);
  return book(symbol, message['action'], record('data', data[0]));
}

function book(symbol: string, action: unknown, data: JsonRecord): BookMessage {
  const { ts, bids, asks, checksum } = data;
  if (action !== 'snapshot' && action !== 'update')
    throw new MessageFault('bad_message', '"action" is neither "snapshot" nor "update"');
  const isSnapshot = action === 'snapshot';
  const range = rangeOf(data, isSnapshot);
  return {
    symbol,
    isSnapshot,
    venueAt: fromMillis('ts', ts),
    range,
    // where messages are numbered, 0 stands for none
    checksum: range !== undefined && (checksum === undefined || checksum === 0) ? undefined : checksumOf(checksum),
    bids: list('bids', bids) as readonly LevelText[],
    asks: list('asks', asks) as readonly LevelText[],
  };
}

/** A message without changes has the number of the one before; after a maintenance they begin anew, and may fall. */
function rangeOf({ seqId, prevSeqId }: JsonRecord, isSnapshot: boolean): UpdateRange | undefined {
  if (seqId === undefined && prevSeqId === undefined) return undefined;
  const last = whole('seqId', seqId);
  if (isSnapshot) return { first: last, last };
  return { first: last, last, previous: whole('prevSeqId', prevSeqId) };
}

function trades(symbol: string, channel: string, data: readonly unknown[]): TradesMessage {
  let venueAt: EpochMicros = 0;
  const lines = data.map((entry): TradeLine => {
    const { px, sz, side, ts, tradeId } = record('data', entry);
    venueAt = Math.max(venueAt, fromMillis('ts', ts));
    return {
      side: takerSide('side', side, 'buy', 'sell') === 0 ? Side.buy : Side.sell,
      price: px,
      size: sz,
      id: whole('tradeId', tradeId),
      flags: 0,
    };
  });
  return { symbol, channel, venueAt, trades: lines };
}
