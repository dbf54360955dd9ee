import { Flag } from '../../../core/market/columns.js';
import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import {
  decimalText,
  fromMicros,
  fromMillis,
  isRecord,
  list,
  record,
  shown,
  takerSide,
  tradeId,
  whole,
  type JsonRecord,
} from '../mapping/fields.js';
import type { UpdateRange } from '../mapping/sequence.js';
import type { TradeLine } from '../mapping/sink.js';
import type { Topic } from './venue.js';

/** A book message of either form, its levels as the line takes them. */
export interface BookMessage {
  readonly isSnapshot: boolean;
  readonly venueAt: EpochMicros;
  readonly range: UpdateRange;
  readonly bids: unknown;
  readonly asks: unknown;
}

/** The trades of one message, with the time of the last of them. */
export interface TradeMessage {
  readonly venueAt: EpochMicros;
  readonly trades: readonly TradeLine[];
}

/** @throws {MessageFault} */
export function readBook(topic: Topic, message: JsonRecord): BookMessage {
  const { type } = message;
  if (type !== 'snapshot' && type !== 'delta')
    throw new MessageFault('bad_message', `"type" is neither "snapshot" nor "delta": ${shown(type)}`);
  return topic.form === 'v5' ? bookOfV5(topic, message, type) : bookOfV2(message, type);
}

/** `cts` is the matching engine's time, which trades give as `T`; `ts` is when the message was made. */
function bookOfV5(topic: Topic, message: JsonRecord, type: 'snapshot' | 'delta'): BookMessage {
  const data = record('data', message['data']);
  ownSymbol('s', data['s'], topic);
  const update = whole('u', data['u']);
  if (data['seq'] !== undefined) whole('seq', data['seq']);
  const { cts, ts } = message;
  return {
    isSnapshot: type === 'snapshot',
    venueAt: cts === undefined ? fromMillis('ts', ts) : fromMillis('cts', cts),
    range: { first: update, last: update },
    bids: data['b'],
    asks: data['a'],
  };
}

/** Linear contracts wrap the snapshot in `order_book` and send numbers as text; inverse ones send bare lists and numbers. */
function bookOfV2(message: JsonRecord, type: 'snapshot' | 'delta'): BookMessage {
  const update = whole('cross_seq', message['cross_seq']);
  const venueAt = fromMicros('timestamp_e6', message['timestamp_e6']);
  const { data } = message;
  const sides: Sides = [[], []];
  if (type === 'snapshot') sortOut('data', isRecord(data) ? data['order_book'] : data, sides, sizeOf);
  else {
    const changes = record('data', data);
    sortOut('delete', changes['delete'], sides, () => '0');
    sortOut('update', changes['update'], sides, sizeOf);
    sortOut('insert', changes['insert'], sides, sizeOf);
  }
  const [bids, asks] = sides;
  return { isSnapshot: type === 'snapshot', venueAt, range: { first: update, last: update }, bids, asks };
}

type Sides = readonly [bids: LevelText[], asks: LevelText[]];

/**
 * Sizes of linear contracts are single-precision numbers printed as they are (`25.900002` for 25.9). They stay as they
 * were sent: what the venue meant is known only where its lots are.
 */
const sizeOf = (entry: JsonRecord): string => decimalText('size', entry['size']);

function sortOut(field: string, entries: unknown, sides: Sides, size: (entry: JsonRecord) => string): void {
  for (const entry of list(field, entries)) {
    const level = record(field, entry);
    sides[takerSide('side', level['side'], 'Buy', 'Sell')].push([decimalText('price', level['price']), size(level)]);
  }
}

/** `S` and `side` are the taker's. @throws {MessageFault} */
export function readTrades(topic: Topic, message: JsonRecord): TradeMessage {
  let venueAt = 0;
  const trades = list('data', message['data']).map((entry) => {
    const trade = record('data', entry);
    const isV5 = topic.form === 'v5';
    const at = isV5 ? fromMillis('T', trade['T']) : fromMillis('trade_time_ms', trade['trade_time_ms']);
    if (at > venueAt) venueAt = at;
    return isV5 ? tradeOfV5(topic, trade) : tradeOfV2(topic, trade);
  });
  return { venueAt, trades };
}

/** A block trade was agreed elsewhere and met nobody in the book. */
function tradeOfV5(topic: Topic, trade: JsonRecord): TradeLine {
  ownSymbol('s', trade['s'], topic);
  if (trade['BT'] !== undefined && typeof trade['BT'] !== 'boolean')
    throw new MessageFault('bad_message', `"BT" is no boolean: ${shown(trade['BT'])}`);
  return {
    side: takerSide('S', trade['S'], 'Buy', 'Sell'),
    price: trade['p'],
    size: trade['v'],
    id: tradeId(trade['i']),
    flags: trade['BT'] === true ? Flag.notMarket : 0,
  };
}

function tradeOfV2(topic: Topic, trade: JsonRecord): TradeLine {
  ownSymbol('symbol', trade['symbol'], topic);
  return {
    side: takerSide('side', trade['side'], 'Buy', 'Sell'),
    price: decimalText('price', trade['price']),
    size: decimalText('size', trade['size']),
    id: tradeId(trade['trade_id']),
    flags: 0,
  };
}

function ownSymbol(field: string, symbol: unknown, topic: Topic): void {
  if (symbol !== topic.symbol)
    throw new MessageFault('bad_message', `"${field}" is ${shown(symbol)} in a message of ${topic.symbol}`);
}
