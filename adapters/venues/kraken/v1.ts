import { Side } from '../../../core/market/columns.js';
import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import { fromSeconds, list, record, takerSide, text, whole } from '../mapping/fields.js';
import type { TradeLine } from '../mapping/sink.js';
import { DEPTHS, type BookMessage, type TradesMessage } from './messages.js';

/**
 * Reads a message of the first version: `[channel id, content, (content,) channel, pair]`.
 *
 * @returns undefined for a channel that is not read; @throws {MessageFault}
 */
export function readV1(message: readonly unknown[]): BookMessage | readonly TradesMessage[] | undefined {
  if (message.length < 4) throw new MessageFault('bad_message', 'a list that is no message of a channel');
  const channel = text('channel', message.at(-2));
  if (channel === 'trade') return trades(list('trades', message[1]), message.at(-1));
  const depth = depthOf(channel);
  return depth === undefined ? undefined : book(message, depth);
}

/** The depth in the name of a book's channel: `book-1000`. @throws {MessageFault} for one that is not offered */
function depthOf(channel: string): number | undefined {
  if (!channel.startsWith('book')) return undefined;
  const depth = Number(channel.slice('book-'.length));
  if (channel[4] === '-' && DEPTHS.includes(depth)) return depth;
  throw new MessageFault('bad_message', `"${channel.slice(0, 20)}" is no channel of books`);
}

/** A snapshot has `as` and `bs`, a change `a` or `b`, or one part with each and one checksum for both. */
function book(message: readonly unknown[], depth: number): BookMessage {
  let bids = NO_LEVELS;
  let asks = NO_LEVELS;
  let isSnapshot: boolean | undefined;
  let checksum: number | undefined;
  for (let index = 1; index < message.length - 2; index++) {
    const { as, bs, a, b, c } = record('book', message[index]);
    const isWhole = as !== undefined || bs !== undefined; // a side without levels is an empty list
    if (isWhole && (as === undefined || bs === undefined))
      throw new MessageFault('bad_message', 'a snapshot of one side');
    const isChange = a !== undefined || b !== undefined;
    if (isWhole && isChange) throw new MessageFault('bad_message', 'a snapshot and changes in one message');
    if ((isWhole && isSnapshot === false) || (isChange && isSnapshot === true))
      throw new MessageFault('bad_message', 'changes and a snapshot in one message');
    if (isWhole || isChange) isSnapshot = isWhole;
    bids = joined(bids, isWhole ? bs : b);
    asks = joined(asks, isWhole ? as : a);
    if (c !== undefined) checksum = whole('c', text('c', c));
  }
  if (isSnapshot === undefined) throw new MessageFault('bad_message', 'a book message without levels');
  return { symbol: message.at(-1), isSnapshot, depth, venueAt: latest(bids, asks), checksum, bids, asks };
}

const NO_LEVELS: readonly LevelText[] = [];

function joined(before: readonly LevelText[], value: unknown): readonly LevelText[] {
  if (value === undefined) return before;
  const levels = list('levels', value) as readonly LevelText[];
  return before.length === 0 ? levels : [...before, ...levels];
}

/** The time of the level that changed last; levels that come back into the range keep their old one. */
function latest(bids: readonly unknown[], asks: readonly unknown[]): EpochMicros {
  const last = latestOf(asks, latestOf(bids, ''));
  return last === '' ? 0 : fromSeconds('timestamp', last);
}

function latestOf(levels: readonly unknown[], before: string): string {
  let last = before;
  for (const level of levels) {
    const time = text('timestamp', list('level', level)[2]);
    if (time > last) last = time; // seconds since 1970 have ten digits
  }
  return last;
}

function trades(entries: readonly unknown[], symbol: unknown): readonly TradesMessage[] {
  let venueAt: EpochMicros = 0;
  const lines = entries.map((entry): TradeLine => {
    const [price, size, time, side] = list('trade', entry);
    venueAt = Math.max(venueAt, fromSeconds('time', time));
    return { side: takerSide('side', side, 'b', 's') === 0 ? Side.buy : Side.sell, price, size, id: 0, flags: 0 };
  });
  return lines.length === 0 ? [] : [{ symbol, venueAt, trades: lines }];
}
