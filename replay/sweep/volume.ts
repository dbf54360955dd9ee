import { Flag, int64At, Kind } from '../../core/market/columns.js';
import { countedText } from '../../core/exact-sum.js';
import { formatScaled } from '../../core/market/increments.js';
import type { InputBatch } from '../../core/ports.js';
import type { EpochMicros } from '../../core/time.js';

/** The volume of market trades that a session's tape holds before given instants, as plain decimal text. */
export type Volumes = ReadonlyMap<EpochMicros, string>;

/** Reads how much of an instrument had traded before each instant; stops reading after the last of them. */
export async function volumesBefore(
  inputs: AsyncIterable<InputBatch>,
  instrument: string,
  instants: Iterable<EpochMicros>,
): Promise<Volumes> {
  const waiting = [...new Set(instants)].sort((a, b) => a - b);
  const volumes = new Map<EpochMicros, string>();
  let next = 0;
  let clock = 0;
  let lots = 0n;
  let scale = 0;
  const passTo = (at: EpochMicros): void => {
    for (; next < waiting.length && waiting[next]! <= at; next++)
      volumes.set(waiting[next]!, formatScaled(lots, scale));
  };
  if (waiting.length === 0) return volumes;
  for await (const { market } of inputs) {
    const index = market.instruments.findIndex((each) => each.instrument === instrument);
    const { sizeScale = scale } = market.instruments[index] ?? {};
    if (sizeScale !== scale) {
      lots = sizeScale > scale ? lots * 10n ** BigInt(sizeScale - scale) : lots;
      scale = sizeScale;
    }
    for (let row = 0; row < market.rows; row++) {
      const at = int64At(market.receivedAt, row);
      if (at > clock) passTo((clock = at));
      if (market.kind[row] !== Kind.trade || market.instrument[row] !== index) continue;
      if ((market.flags[row]! & (Flag.notMarket | Flag.noLevel | Flag.dropped)) === 0)
        lots += BigInt(int64At(market.size, row));
    }
    if (next === waiting.length) return volumes;
  }
  passTo(Infinity);
  return volumes;
}

/**
 * A share of the volume between two instants, rounded down to whole lots.
 *
 * @param share  such as `5%`
 * @returns `0` where that is less than a lot
 */
export function shareOf(share: string, before: string, until: string, lotSize: string): string {
  const percent = countedText(share.slice(0, -1));
  const lot = countedText(lotSize);
  const traded = { to: countedText(until), from: countedText(before) };
  const scale = Math.max(traded.to.scale, traded.from.scale);
  const at = ({ mantissa, scale: own }: { mantissa: bigint; scale: number }): bigint =>
    mantissa * 10n ** BigInt(scale - own);
  const volume = at(traded.to) - at(traded.from);
  // volume 10^-scale x percent 10^-(percent.scale + 2) / lot 10^-lot.scale
  const numerator = volume * percent.mantissa * 10n ** BigInt(lot.scale);
  const denominator = lot.mantissa * 10n ** BigInt(scale + percent.scale + 2);
  return formatScaled((numerator / denominator) * lot.mantissa, lot.scale);
}
