import { KRAKEN } from '../../../../../adapters/venues/kraken/index.js';
import type { Frame } from '../../../../../adapters/venues/venue.js';
import { frame } from '../../../../support/frame.js';
import { v1, v2 } from '../../../../support/kraken-frames.js';
import { seedOf } from '../../../../support/seed.js';
import { seeded } from '../../../../support/seeded.js';
import { fuzzFeed } from '../../../../support/venue-fuzz.js';

type Level = [string, string];

/** Two books that change at random; `say` makes the message of a change and of the book after it. */
function framesOf(
  random: () => number,
  say: (
    kind: 'snapshot' | 'update',
    bids: Level[],
    asks: Level[],
    book: { bids: Level[]; asks: Level[] },
    pair: string,
  ) => object | string,
  trade: (pair: string) => object | string,
): Frame[] {
  const below = (count: number): number => Math.floor(random() * count);
  const frames: Frame[] = [];
  for (const pair of ['AAA/USD', 'BBB/EUR']) {
    const bids = Array.from({ length: 10 }, (_, index): Level => [`${200 - index}.50`, `${1 + below(9)}.00`]);
    const asks = Array.from({ length: 10 }, (_, index): Level => [`${201 + index}.50`, `${1 + below(9)}.25`]);
    frames.push(frame(frames.length, say('snapshot', bids, asks, { bids, asks }, pair)));
    for (let count = 0; count < 15; count++) {
      if (below(5) === 0) frames.push(frame(frames.length, trade(pair)));
      const side = below(2) === 0 ? bids : asks;
      const index = below(10);
      const changed: Level = [side[index]![0], `${1 + below(99)}.75`];
      side[index] = changed;
      frames.push(
        frame(
          frames.length,
          say('update', side === bids ? [changed] : [], side === asks ? [changed] : [], { bids, asks }, pair),
        ),
      );
    }
  }
  return frames;
}

describe('a spoiled feed of Kraken', () => {
  const newMapper = KRAKEN.newMapper.bind(KRAKEN);
  it('of the first version never leaves a trusted book that is wrong', () =>
    seedOf('Kraken v1', (seed) => {
      const random = seeded(seed);
      const frames = framesOf(
        random,
        (kind, bids, asks, book, pair) =>
          kind === 'snapshot' ? v1.snapshot(bids, asks, pair, 10) : v1.change({ a: asks, b: bids }, book, pair, 10),
        (pair) => v1.trades([['201.00', '1.00', '1704067200.100000', 's', 'm', '']], pair),
      );
      const bare = ({ text }: Frame): boolean => text.includes('"as"');
      return fuzzFeed({ newMapper, frames, integrity: { by: 'checksum', covered: 10, bare } }, random, 300);
    }));
  it('of the second version never leaves a trusted book that is wrong', () =>
    seedOf('Kraken v2', (seed) => {
      const random = seeded(seed);
      const frames = framesOf(random, v2.book, (pair) =>
        v2.trades('update', v2.trade(100, 'buy', '201.00', '2', pair)),
      );
      return fuzzFeed({ newMapper, frames, integrity: { by: 'checksum', covered: 10 } }, random, 300);
    }));
});
