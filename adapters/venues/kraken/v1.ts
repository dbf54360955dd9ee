import { Side } from '../../../core/market/columns.js';
import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import { fromSeconds, list, record, takerSide, text, whole, type JsonRecord } from '../mapping/fields.js';
import type { TradeLine } from '../mapping/sink.js';
import { DEPTHS, pairOf, type BookMessage, type TradesMessage } from './messages.js';

/**
 * Reads a message of the first version: `[channel id, content, (content,) channel, pair]`.
 *
 * @returns undefined for a channel that is not read; @throws {MessageFault}
 */
export function readV1(message: readonly unknown[]): BookMessage | readonly TradesMessage[] | undefined {
  if (message.length < 4) throw new MessageFault('bad_message', 'a list that is no message of a channel');
  const channel = text('channel', message.at(-2));
  if (channel === 'trade') return trades(list('trades', message[1]), pairOf(message.at(-1)));
  const depth = depthOf(channel);
  return depth === undefined ? undefined : book(message.slice(1, -2), depth, pairOf(message.at(-1)));
}

/** The depth in the name of a book's channel: `book-1000`. @throws {MessageFault} for one that is not offered */
function depthOf(channel: string): number | undefined {
  if (!channel.startsWith('book')) return undefined;
  const depth = Number(channel.slice('book-'.length));
  if (channel[4] === '-' && DEPTHS.includes(depth)) return depth;
  throw new MessageFault('bad_message', `"${channel.slice(0, 20)}" is no channel of books`);
}

/** A snapshot has `as` and `bs`, a change `a` or `b`, or one part with each and one checksum for both. */
function book(parts: readonly unknown[], depth: number, symbol: string): BookMessage {
  const asks: LevelText[] = [];
  const bids: LevelText[] = [];
  let isSnapshot: boolean | undefined;
  let checksum: number | undefined;
  const add = (content: JsonRecord, side: LevelText[], name: string, ofSnapshot: boolean): void => {
    if (content[name] === undefined) return;
    if (isSnapshot === !ofSnapshot) throw new MessageFault('bad_message', 'a snapshot and changes in one message');
    isSnapshot = ofSnapshot;
    for (const level of list(name, content[name])) side.push(level as LevelText);
  };
  for (const part of parts) {
    const content = record('book', part);
    add(content, asks, 'as', true);
    add(content, bids, 'bs', true);
    add(content, asks, 'a', false);
    add(content, bids, 'b', false);
    if (content['c'] !== undefined) checksum = whole('c', text('c', content['c']));
  }
  if (isSnapshot === undefined) throw new MessageFault('bad_message', 'a book message without levels');
  return { symbol, isSnapshot, depth, venueAt: latest(bids, asks), checksum, bids, asks };
}

/** The time of the level that changed last; levels that come back into the range keep their old one. */
function latest(...sides: readonly (readonly unknown[])[]): EpochMicros {
  let last = '';
  for (const side of sides)
    for (const level of side) {
      const time = text('timestamp', list('level', level)[2]);
      if (time > last) last = time;
    }
  return last === '' ? 0 : fromSeconds('timestamp', last);
}

function trades(entries: readonly unknown[], symbol: string): readonly TradesMessage[] {
  let venueAt: EpochMicros = 0;
  const lines = entries.map((entry): TradeLine => {
    const [price, size, time, side] = list('trade', entry);
    venueAt = Math.max(venueAt, fromSeconds('time', time));
    return { side: takerSide('side', side, 'b', 's') === 0 ? Side.buy : Side.sell, price, size, id: 0, flags: 0 };
  });
  return lines.length === 0 ? [] : [{ symbol, venueAt, trades: lines }];
}
