import { crc32 } from 'node:zlib';

type Side = readonly (readonly [price: string, quantity: string, ...rest: string[]])[];

const bare = (text: string): string => text.replace('.', '').replace(/^0+/, '');

/** Kraken's checksum, as its documentation tells it. Levels are best first. */
export const krakenChecksum = (bids: Side, asks: Side): number =>
  crc32([...asks.slice(0, 10), ...bids.slice(0, 10)].map(([price, quantity]) => bare(price) + bare(quantity)).join(''));

/** OKX's checksum, as its documentation tells it. Levels are best first. */
export function okxChecksum(bids: Side, asks: Side): number {
  const words: string[] = [];
  for (let level = 0; level < 25; level++)
    for (const side of [bids, asks]) words.push(...(side[level] ?? []).slice(0, 2));
  return crc32(words.join(':')) | 0;
}
