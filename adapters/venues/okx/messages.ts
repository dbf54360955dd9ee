import type { LevelText } from '../../../core/market/events.js';
import type { EpochMicros } from '../../../core/time.js';
import { MessageFault } from '../mapping/fault.js';
import type { UpdateRange } from '../mapping/sequence.js';
import type { TradeLine } from '../mapping/sink.js';

/** What a book message says, in either version of the feed. Levels are `[price, quantity, …]`, not yet read. */
export interface BookMessage {
  readonly symbol: string;
  readonly isSnapshot: boolean;
  readonly venueAt: EpochMicros;
  /** Absent before messages were numbered (2023). */
  readonly range: UpdateRange | undefined;
  /** Absent since the venue sends 0 in its place. */
  readonly checksum: number | undefined;
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
}

/** The trades of one instrument in a message; the time is that of the latest one. */
export interface TradesMessage {
  readonly symbol: string;
  readonly channel: string;
  readonly venueAt: EpochMicros;
  readonly trades: readonly TradeLine[];
}

/** `BTC-USDT`, `BTC-USDT-SWAP`, `BTC-USD-240927`, `BTC-USD-240927-60000-C`. @throws {MessageFault} */
export function symbolOf(value: unknown): string {
  if (typeof value === 'string' && /^[^\s@-]+(?:-[^\s@-]+){1,4}$/.test(value)) return value;
  throw new MessageFault('bad_message', 'the instrument is no name of parts with a dash between them');
}

/** A signed whole number of 32 bits, without its sign. @throws {MessageFault} */
export function checksumOf(value: unknown): number {
  if (typeof value === 'number' && (value | 0) === value) return value >>> 0;
  throw new MessageFault('bad_message', '"checksum" is no signed number of 32 bits');
}
