import { OKX } from '../../../../../adapters/venues/okx/index.js';
import type { Frame } from '../../../../../adapters/venues/venue.js';
import { frame } from '../../../../support/frame.js';
import { v5 } from '../../../../support/okx-frames.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { fuzzFeed } from '../../../../support/venue-fuzz.js';

type Level = [string, string];
type Say = (
  action: 'snapshot' | 'update',
  bids: Level[],
  asks: Level[],
  book: { bids: Level[]; asks: Level[] },
  symbol: string,
) => object;

/** Two books that change at random, with trades between. */
function framesOf(random: () => number, say: Say): Frame[] {
  const below = (count: number): number => Math.floor(random() * count);
  const frames: Frame[] = [];
  for (const symbol of ['AAA-USDT', 'BBB-USD-SWAP']) {
    const bids = Array.from({ length: 8 }, (_, index): Level => [`${200 - index}.5`, `${1 + below(9)}`]);
    const asks = Array.from({ length: 5 }, (_, index): Level => [`${201 + index}.5`, `${1 + below(9)}.25`]);
    frames.push(frame(frames.length, say('snapshot', bids, asks, { bids, asks }, symbol)));
    for (let count = 0; count < 15; count++) {
      if (below(5) === 0) {
        const trade = v5.trade(String(100 + count), 'buy', '201', '2', symbol);
        frames.push(frame(frames.length, v5.trades([trade], 'trades', symbol)));
      }
      const side = below(2) === 0 ? bids : asks;
      const index = below(side.length);
      const changed: Level = [side[index]![0], `${1 + below(99)}.75`];
      side[index] = changed;
      const [changedBids, changedAsks] = side === bids ? [[changed], []] : [[], [changed]];
      frames.push(frame(frames.length, say('update', changedBids, changedAsks, { bids, asks }, symbol)));
    }
  }
  return frames;
}

describe('a spoiled feed of OKX', () => {
  const newMapper = OKX.newMapper.bind(OKX);
  it('with numbers never leaves a trusted book that is wrong', () =>
    seedOf('OKX by number', (seed) => {
      const random = seeded(seed);
      let last = 0;
      const frames = framesOf(random, (action, bids, asks, _, symbol) => {
        const previous = action === 'snapshot' ? -1 : last;
        last += 1 + Math.floor(random() * 9);
        return v5.numbered(action, previous, last, bids, asks, symbol);
      });
      return fuzzFeed({ newMapper, frames, integrity: { by: 'sequence' } }, random, 300);
    }));
  it('with checksums never leaves a trusted book that is wrong', () =>
    seedOf('OKX by checksum', (seed) => {
      const random = seeded(seed);
      const frames = framesOf(random, v5.checked);
      return fuzzFeed({ newMapper, frames, integrity: { by: 'checksum', covered: 25 } }, random, 300);
    }));
});
