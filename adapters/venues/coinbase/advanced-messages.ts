import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import { fromIso, list, record, shown, takerSide, text, tradeId, type JsonRecord } from '../mapping/fields.js';
import type { TradeLine } from '../mapping/sink.js';
import type { BookChange, Trades } from './exchange-messages.js';

/** How the venue writes that it does not know a time. */
export const UNKNOWN_TIME = '1970-01-01T00:00:00Z';
const UNKNOWN_TIMES: readonly unknown[] = [UNKNOWN_TIME, '0001-01-01T00:00:00Z'];

/** The books of a message of `l2_data`. @throws {MessageFault} */
export function readBooks(message: JsonRecord): BookChange[] {
  const sentAt = timeOf('timestamp', message['timestamp']);
  return list('events', message['events']).map((entry) => {
    const event = record('events', entry);
    const updates = list('updates', event['updates']);
    const { bids, asks, at } = sorted(updates);
    return {
      symbol: text('product_id', event['product_id']),
      isSnapshot: isSnapshot(event),
      venueAt: at === 0 ? sentAt : at,
      bids,
      asks,
    };
  });
}

/** Levels by side, with the latest time of them; 0 where none has one. */
function sorted(updates: readonly unknown[]): { bids: LevelText[]; asks: LevelText[]; at: EpochMicros } {
  const bids: LevelText[] = [];
  const asks: LevelText[] = [];
  let at = 0;
  let told: unknown = UNKNOWN_TIME; // most updates of a message share one time
  for (const entry of updates) {
    const { side, event_time, price_level, new_quantity } = record('updates', entry);
    if (typeof price_level !== 'string' || typeof new_quantity !== 'string')
      throw new MessageFault('bad_message', `an update without price and quantity: ${shown(entry)}`);
    if (side === 'bid') bids.push([price_level, new_quantity]);
    else if (side === 'offer' || side === 'ask') asks.push([price_level, new_quantity]);
    else throw new MessageFault('bad_message', `"side" is neither "bid" nor "offer": ${shown(side)}`);
    if (event_time === told || event_time === undefined) continue;
    told = event_time;
    at = Math.max(at, timeOf('event_time', event_time));
  }
  return { bids, asks, at };
}

/**
 * The trades of a message of `market_trades`, by instrument; those of its snapshots happened before we listened, and are
 * left out. Their side is the maker's.
 *
 * @throws {MessageFault}
 */
export function readTrades(message: JsonRecord): Trades[] {
  const found = new Map<string, { venueAt: EpochMicros; trades: TradeLine[] }>();
  for (const entry of list('events', message['events'])) {
    const event = record('events', entry);
    if (isSnapshot(event)) continue;
    for (const one of list('trades', event['trades'])) {
      const trade = record('trades', one);
      const symbol = text('product_id', trade['product_id']);
      const at = timeOf('time', trade['time']);
      const line = {
        side: takerSide('side', trade['side'], 'SELL', 'BUY'),
        price: trade['price'],
        size: trade['size'],
        id: tradeId(trade['trade_id']),
        flags: 0,
      };
      const { venueAt, trades } = found.get(symbol) ?? { venueAt: 0, trades: [] };
      trades.push(line);
      found.set(symbol, { venueAt: Math.max(venueAt, at), trades });
    }
  }
  return [...found].map(([symbol, { venueAt, trades }]) => ({ symbol, venueAt, trades: inOrder(trades) }));
}

/** A message may tell its newest trade first: ids rise with the trades. */
const inOrder = (trades: TradeLine[]): TradeLine[] =>
  trades.every(({ id }) => id > 0) ? trades.sort((a, b) => a.id - b.id) : trades;

function isSnapshot({ type }: JsonRecord): boolean {
  if (type === 'snapshot' || type === 'update') return type === 'snapshot';
  throw new MessageFault('bad_message', `"type" is neither "snapshot" nor "update": ${shown(type)}`);
}

const timeOf = (field: string, value: unknown): EpochMicros =>
  UNKNOWN_TIMES.includes(value) ? 0 : fromIso(field, value);
