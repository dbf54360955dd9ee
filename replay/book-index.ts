import type { Engine } from '../core/engine/engine.js';
import { levelTexts } from '../core/market/book-text.js';
import { Side } from '../core/market/columns.js';
import type { LevelText } from '../core/market/events.js';
import type { LogEvent } from '../core/ports.js';
import type { EpochMicros } from '../core/time.js';

/** Most text of levels in one event, in characters. */
const PART = 512 * 1024 - 4096;

/**
 * `BookIndexed`: a book as it was right after input `seq`, at the head of a stream of market data, so that whoever reads that
 * stream needs no earlier one. It is for readers: it has no seq, and nobody folds it.
 */
export interface BookIndex {
  readonly instrument: string;
  /** The last input that was folded; 0 for none. */
  readonly seq: number;
  readonly trust: string;
  /** Why it is not trusted; '' where it is. */
  readonly reason: string;
  /** This one of `parts`, from 0: a big book takes several. Bids go on through the parts, then asks. */
  readonly part: number;
  readonly parts: number;
  /** The venue's last sequence number and greatest time, where its messages have them. */
  readonly venueSeq?: number;
  readonly venueAt?: EpochMicros;
  /** Receive time of the last message that was applied; absent before the first. */
  readonly bookAt?: EpochMicros;
  /** Best first, as it stands, trusted or not; none of an instrument that was not seen yet. */
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
}

/** The events that tell how an instrument's book stands now. */
export function bookIndexed(engine: Engine, instrument: string): LogEvent[] {
  const market = engine.markets.get(instrument);
  const pages: { bids: LevelText[]; asks: LevelText[] }[] = [{ bids: [], asks: [] }];
  let length = 0;
  for (const side of [Side.bid, Side.ask])
    for (const level of market === undefined ? [] : levelTexts(market, side)) {
      const more = level[0].length + level[1].length + 8;
      if (length + more > PART) {
        pages.push({ bids: [], asks: [] });
        length = 0;
      }
      length += more;
      pages.at(-1)![side === Side.bid ? 'bids' : 'asks'].push(level);
    }
  const head = {
    instrument,
    seq: engine.seq,
    trust: market?.effectiveTrust() ?? 'untrusted',
    reason: market?.effectiveReason() ?? 'no_snapshot',
    ...(market === undefined || market.venueSeq === 0 ? {} : { venueSeq: market.venueSeq }),
    ...(market?.venueTimed === true ? { venueAt: market.venueAt } : {}),
    ...(market === undefined || market.bookAt === 0 ? {} : { bookAt: market.bookAt }),
  };
  return pages.map((levels, part) => {
    const data: BookIndex = { ...head, part, parts: pages.length, ...levels };
    return { type: 'BookIndexed', version: 1, at: engine.clock, data: { ...data } };
  });
}
