import type { LevelText } from '../../../core/market/events.js';
import { Side } from '../../../core/market/columns.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import { decimalText, fromIso, list, parsed, record, takerSide, whole, type JsonRecord } from '../mapping/fields.js';
import type { TradeLine } from '../mapping/sink.js';
import { pairOf, type BookMessage, type TradesMessage } from './messages.js';

/** `{` */
const OBJECT = 123;
const AMOUNT = /"(price|qty)"\s*:\s*(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

/**
 * The JSON of a frame. Prices and quantities are numbers whose digits, trailing zeros too, enter the checksum: they are kept
 * as the texts that were sent. A number that this does not reach stays one, and is refused where a text is asked for.
 *
 * @throws {MessageFault}
 */
export const parsedExactly = (json: string): unknown =>
  parsed(json.charCodeAt(0) === OBJECT && json.includes('"price"') ? json.replace(AMOUNT, '"$1":"$2"') : json);

/**
 * Reads a message of the second version: `{"channel":…,"type":…,"data":[…]}`.
 *
 * @returns a book message, or the trades of each instrument; undefined for a channel that is not read, and for the trades
 *          of before the subscription; @throws {MessageFault}
 */
export function readV2(message: JsonRecord): BookMessage | readonly TradesMessage[] | undefined {
  const { channel, type } = message;
  if (channel !== 'book' && channel !== 'trade') return undefined;
  if (type !== 'snapshot' && type !== 'update')
    throw new MessageFault('bad_message', '"type" is neither "snapshot" nor "update"');
  const data = list('data', message['data']);
  if (channel === 'trade') return type === 'snapshot' ? undefined : trades(data);
  if (data.length !== 1) throw new MessageFault('bad_message', `a book message of ${data.length} books`);
  return book(record('data', data[0]), type === 'snapshot');
}

function book(data: JsonRecord, isSnapshot: boolean): BookMessage {
  const { symbol, timestamp, checksum, bids, asks } = data;
  return {
    symbol,
    isSnapshot,
    depth: undefined,
    venueAt: timestamp === undefined ? 0 : fromIso('timestamp', timestamp),
    checksum: whole('checksum', checksum),
    bids: levels('bids', bids),
    asks: levels('asks', asks),
  };
}

const levels = (field: string, value: unknown): LevelText[] =>
  list(field, value).map((entry) => {
    const { price, qty } = record(field, entry);
    return [amount('price', price), amount('qty', qty)];
  });

function amount(field: string, value: unknown): string {
  if (typeof value !== 'string') throw new MessageFault('bad_message', `"${field}" is missing or no number`);
  return decimalText(field, value);
}

/** Several instruments may share a message. */
function trades(data: readonly unknown[]): TradesMessage[] {
  const bySymbol = new Map<string, { symbol: string; venueAt: EpochMicros; trades: TradeLine[] }>();
  for (const entry of data) {
    const { symbol: pair, side, price, qty, trade_id: id, timestamp } = record('data', entry);
    const symbol = pairOf(pair);
    const at = fromIso('timestamp', timestamp);
    const line: TradeLine = {
      side: takerSide('side', side, 'buy', 'sell') === 0 ? Side.buy : Side.sell,
      price: amount('price', price),
      size: amount('qty', qty),
      id: id === undefined ? 0 : whole('trade_id', id),
      flags: 0,
    };
    const known = bySymbol.get(symbol);
    if (known === undefined) bySymbol.set(symbol, { symbol, venueAt: at, trades: [line] });
    else {
      known.venueAt = Math.max(known.venueAt, at);
      known.trades.push(line);
    }
  }
  return [...bySymbol.values()];
}

/** The book that an answer to a subscription is about, and its depth; undefined for any other answer. @throws {MessageFault} */
export function subscribedBook({ method, success, result }: JsonRecord): { symbol: string; depth: number } | undefined {
  if (method !== 'subscribe' || success !== true) return undefined;
  const { channel, symbol, depth } = record('result', result);
  return channel === 'book' ? { symbol: pairOf(symbol), depth: whole('depth', depth) } : undefined;
}
