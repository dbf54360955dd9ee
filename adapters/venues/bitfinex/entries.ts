import { Side } from '../../../core/market/columns.js';
import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import { decimalText, fromMillis, list, shown, whole } from '../mapping/fields.js';
import type { TradeLine } from '../mapping/sink.js';

/** Bids and asks out of `[price, count, amount]`: the amount's sign is the side, a count of 0 takes the level away. @throws {MessageFault} */
export function levelsOf(entries: readonly unknown[], isSnapshot: boolean): readonly [LevelText[], LevelText[]] {
  const sides: readonly [LevelText[], LevelText[]] = [[], []];
  for (const entry of entries) {
    const [price, count, signed] = list('book', entry);
    const orders = whole('count', count);
    const amount = signedOf('amount', signed);
    if (amount.size === '0' || (isSnapshot && orders === 0))
      throw new MessageFault('bad_message', `a level that is none: ${shown(entry)}`);
    sides[amount.isNegative ? Side.ask : Side.bid].push([
      decimalText('price', price),
      orders === 0 ? '0' : amount.size,
    ]);
  }
  return sides;
}

/** `[id, time, amount, price]`: the amount's sign is the taker's side. @throws {MessageFault} */
export function tradeOf(entry: unknown): { readonly venueAt: EpochMicros; readonly line: TradeLine } {
  const [id, time, signed, price] = list('te', entry);
  const amount = signedOf('amount', signed);
  return {
    venueAt: fromMillis('time', time),
    line: {
      side: amount.isNegative ? Side.sell : Side.buy,
      price: decimalText('price', price),
      size: amount.size,
      id: whole('id', id),
      flags: 0,
    },
  };
}

function signedOf(field: string, value: unknown): { readonly isNegative: boolean; readonly size: string } {
  const told = decimalText(field, value);
  return told.startsWith('-') ? { isNegative: true, size: told.slice(1) } : { isNegative: false, size: told };
}

/** A signed 32-bit number, without its sign. @throws {MessageFault} */
export function checksumOf(value: unknown): number {
  const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && (number | 0) === number) return number >>> 0;
  throw new MessageFault('bad_message', `a checksum that is no signed number of 32 bits: ${shown(value)}`);
}
