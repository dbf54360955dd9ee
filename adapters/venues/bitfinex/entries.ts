import { Side } from '../../../core/market/columns.js';
import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import { decimalText, fromMillis, list, shown, whole } from '../mapping/fields.js';
import type { TradeLine } from '../mapping/sink.js';

/**
 * Bids and asks out of `[price, count, amount]`: the amount's sign is the side; with a count of 0, and an amount of 1 or -1,
 * the level is gone.
 *
 * @throws {MessageFault}
 */
export function levelsOf(entries: readonly unknown[], isSnapshot: boolean): readonly [LevelText[], LevelText[]] {
  const sides: readonly [LevelText[], LevelText[]] = [[], []];
  for (const entry of entries) {
    const level = list('book', entry);
    const orders = whole('count', level[1]);
    const amount = decimalText('amount', level[2]);
    const isAsk = amount.startsWith('-');
    const size = isAsk ? amount.slice(1) : amount;
    if (isZero(size) || (orders === 0 && (isSnapshot || size !== '1')))
      throw new MessageFault('bad_message', `a level that is none: ${shown(entry)}`);
    sides[isAsk ? Side.ask : Side.bid].push([decimalText('price', level[0]), orders === 0 ? '0' : size]);
  }
  return sides;
}

/** `[id, time, amount, price]`: the amount's sign is the taker's side. @throws {MessageFault} */
export function tradeOf(entry: unknown): { readonly venueAt: EpochMicros; readonly line: TradeLine } {
  const [id, time, signed, price] = list('te', entry);
  const amount = decimalText('amount', signed);
  const isSell = amount.startsWith('-');
  return {
    venueAt: fromMillis('time', time),
    line: {
      side: isSell ? Side.sell : Side.buy,
      price: decimalText('price', price),
      size: isSell ? amount.slice(1) : amount,
      id: whole('id', id),
      flags: 0,
    },
  };
}

const isZero = (size: string): boolean => size.startsWith('0') && !/[1-9]/.test(size);

/** A signed 32-bit number, without its sign. @throws {MessageFault} */
export function checksumOf(value: unknown): number {
  const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && (number | 0) === number) return number >>> 0;
  throw new MessageFault('bad_message', `a checksum that is no signed number of 32 bits: ${shown(value)}`);
}
