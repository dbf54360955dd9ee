import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import { fromIso, list, shown, takerSide, text, tradeId, type JsonRecord } from '../mapping/fields.js';
import type { TradeLine } from '../mapping/sink.js';

/** Changes or a snapshot of one book, in either of the venue's forms. */
export interface BookChange {
  readonly symbol: string;
  readonly isSnapshot: boolean;
  /** 0 where the venue does not say. */
  readonly venueAt: EpochMicros;
  readonly bids: unknown;
  readonly asks: unknown;
}

/** The trades of one instrument in one message, with the time of the last of them. */
export interface Trades {
  readonly symbol: string;
  readonly venueAt: EpochMicros;
  readonly trades: readonly TradeLine[];
}

/** `snapshot` of the exchange's feed: a book without a time. @throws {MessageFault} */
export function readSnapshot({ product_id, time, bids, asks }: JsonRecord): BookChange {
  const venueAt = time === undefined ? 0 : fromIso('time', time);
  return { symbol: text('product_id', product_id), isSnapshot: true, venueAt, bids, asks };
}

/** `l2update`: each change names its side. @throws {MessageFault} */
export function readUpdate({ product_id, time, changes }: JsonRecord): BookChange {
  const sides: readonly [LevelText[], LevelText[]] = [[], []];
  for (const change of list('changes', changes)) {
    const [side, price, size] = list('changes', change);
    if (typeof price !== 'string' || typeof size !== 'string')
      throw new MessageFault('bad_message', `a change without price and size: ${shown(change)}`);
    sides[takerSide('changes', side, 'buy', 'sell')].push([price, size]);
  }
  const [bids, asks] = sides;
  return { symbol: text('product_id', product_id), isSnapshot: false, venueAt: fromIso('time', time), bids, asks };
}

/** `match`: its side is that of the maker's order. @throws {MessageFault} */
export function readMatch({ product_id, time, side, price, size, trade_id }: JsonRecord): Trades {
  const trade = { side: takerSide('side', side, 'sell', 'buy'), price, size, id: tradeId(trade_id), flags: 0 };
  return { symbol: text('product_id', product_id), venueAt: fromIso('time', time), trades: [trade] };
}
