import { createHash } from 'node:crypto';
import { Flag, int64At, Kind, Side } from '../../core/market/columns.js';
import { formatScaled } from '../../core/market/increments.js';
import type { Recording } from '../../core/ports.js';

/** What a recording says of one instrument, counted the plain way, apart from the engine and its books. */
export interface Figures {
  snapshots: number;
  bookUpdates: number;
  levelChanges: number;
  droppedAsOld: number;
  gaps: number;
  trades: number;
  notMarket: number;
  volume: string;
  book: { bid: readonly string[]; ask: readonly string[]; levels: readonly [number, number]; sha256: string };
}

interface Tally extends Omit<Figures, 'volume' | 'book'> {
  volumeLots: bigint;
  priceScale: number;
  sizeScale: number;
  readonly sides: readonly [Map<number, number>, Map<number, number>];
}

/** Reads a recording to its end and sums it up by instrument. */
export async function figuresOf(recording: Recording): Promise<Record<string, Figures>> {
  const tallies = new Map<string, Tally>();
  for await (const { market } of recording.inputs()) {
    for (let row = 0; row < market.rows; row++) {
      const { instrument, priceScale, sizeScale } = market.instruments[market.instrument[row]!]!;
      let tally = tallies.get(instrument);
      if (tally === undefined) tallies.set(instrument, (tally = empty(priceScale, sizeScale)));
      const flags = market.flags[row]!;
      const isFirst = row === 0 || (market.flags[row - 1]! & Flag.messageEnd) !== 0;
      const hasLevel = (flags & Flag.noLevel) === 0;
      switch (market.kind[row]) {
        case Kind.snapshot:
          if (isFirst) {
            tally.snapshots++;
            for (const side of tally.sides) side.clear();
          }
          break;
        case Kind.delta:
          if ((flags & Flag.dropped) !== 0) tally.droppedAsOld++;
          else if (isFirst) tally.bookUpdates++;
          if (hasLevel) tally.levelChanges++;
          break;
        case Kind.trade:
          tally.trades++;
          if ((flags & Flag.notMarket) !== 0) tally.notMarket++;
          else tally.volumeLots += BigInt(int64At(market.size, row));
          continue;
        case Kind.interrupted:
          if ((JSON.parse(market.text(row)!) as { reason: string }).reason === 'gap') tally.gaps++;
          continue;
        default:
          continue;
      }
      if (!hasLevel) continue;
      const side = tally.sides[market.side[row] === Side.bid ? 0 : 1];
      const price = int64At(market.price, row);
      const size = int64At(market.size, row);
      if (size === 0) side.delete(price);
      else side.set(price, size);
    }
  }
  return Object.fromEntries([...tallies].map(([instrument, tally]) => [instrument, summed(tally)]));
}

function empty(priceScale: number, sizeScale: number): Tally {
  return {
    snapshots: 0,
    bookUpdates: 0,
    levelChanges: 0,
    droppedAsOld: 0,
    gaps: 0,
    trades: 0,
    notMarket: 0,
    volumeLots: 0n,
    priceScale,
    sizeScale,
    sides: [new Map(), new Map()],
  };
}

function summed({ volumeLots, priceScale, sizeScale, sides, ...counts }: Tally): Figures {
  const sorted = (side: Map<number, number>, sign: number): string[][] =>
    [...side]
      .sort(([a], [b]) => sign * (a - b))
      .map(([price, size]) => [formatScaled(price, priceScale), formatScaled(size, sizeScale)]);
  const bids = sorted(sides[0], -1);
  const asks = sorted(sides[1], 1);
  const hash = createHash('sha256');
  for (const [price, size] of bids) hash.update(`b|${price}|${size}\n`);
  for (const [price, size] of asks) hash.update(`a|${price}|${size}\n`);
  return {
    ...counts,
    volume: formatScaled(volumeLots, sizeScale),
    book: { bid: bids[0] ?? [], ask: asks[0] ?? [], levels: [bids.length, asks.length], sha256: hash.digest('hex') },
  };
}
